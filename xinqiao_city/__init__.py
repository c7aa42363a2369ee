"""A city to try the platform on: the files its departments would really send, known faults, and the truth.

It plays the part of the outside world, so it stands outside the house and knows only the kernel's identifiers and the
catalogue. Names are invented; codes are valid and belong to nobody we know of.
"""
