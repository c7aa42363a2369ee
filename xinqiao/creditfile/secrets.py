"""The secret fields of facts: sealed as one text per fact, under keys that can be renewed without touching a fact."""

from hashlib import sha256
from typing import Any, Final

from xinqiao import keys
from xinqiao.creditfile.rules.leaves import SALT

TABLE: Final = "creditfile_secret"
PURPOSE: Final = "creditfile-secret"


def unsealed(fact: int, sealed: Any) -> bytes:
    """A salt and, after it, the JSON of the secret fields. Raises `keys.Tampered`."""
    return keys.unseal(PURPOSE, str(fact), bytes(sealed))


def values(fact: int, sealed: Any) -> bytes:
    """The JSON alone."""
    return unsealed(fact, sealed)[SALT:]


def leaf(fact: int, sealed: bytes) -> bytes:
    """The leaf of a sealed row: of the cipher text, which tells nothing."""
    return sha256(f"xinqiao secret 1\n{fact}\n".encode() + sealed).digest()
