"""Checks what a Xinqiao platform has handed out, without asking it and without knowing any of its code.

A judge, an auditor or a bank installs this package alone. It needs the standard library and `cryptography`.
"""
