"""How passwords are kept: as the framework does it, but written again only by an act that says so in the log."""

from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PasswordHasher(PBKDF2PasswordHasher):
    """The framework would quietly renew a password's hash at sign-in when guessing has become cheaper; the log answers
    for every sign-in, so a renewal is an act of its own."""

    iterations = 1_000_000  # OWASP asks for 600,000 of PBKDF2-HMAC-SHA256

    def must_update(self, encoded: Any) -> bool:
        del encoded
        return False
