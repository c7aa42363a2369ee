"""A stolen table of passwords is slow to guess from."""

import pytest
from django.contrib.auth.hashers import check_password, make_password

from tests.conftest import ITERATIONS
from xinqiao.parties.passwords import PasswordHasher

OWASP = 600_000  # of PBKDF2-HMAC-SHA256, as its password storage sheet asks


def test_a_password_is_kept_as_a_slow_hash(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    iterations = pytestconfig.stash[ITERATIONS]
    assert iterations >= OWASP
    monkeypatch.setattr(PasswordHasher, "iterations", iterations)
    kept = make_password("a-long-enough-word-81")
    assert kept.startswith(f"pbkdf2_sha256${iterations}$")
    assert check_password("a-long-enough-word-81", kept)
