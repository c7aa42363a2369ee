"""What a fact is worth in the log: a hash of its envelope and of salted hashes of its content.

    opened = SHA-256(salt ‖ fields)         sealed = SHA-256(salt′ ‖ secret fields), of nothing where there are none
    leaf   = SHA-256(0x00 ‖ envelope ‖ opened ‖ sealed)

Whoever was told the open fields gets `salt` and the second hash, and can check the leaf without the secret ones
(docs/evidence-format.md). Salts are random, 16 bytes. `salt` stands in the row; `salt′` is sealed with the secret
fields, for amounts are easily guessed and a thief of the table must have nothing to try them against. Erased with the
row, both leave a leaf that is mute.
"""

import os
from hashlib import sha256
from typing import Final, NamedTuple

SALT: Final = 16  # bytes
HASH: Final = 32
NOTHING: Final = sha256().digest()
_LEAF: Final = b"\x00"
FACT: Final = "xinqiao fact 1"
_CLOSING: Final = "xinqiao closing 1"


class Envelope(NamedTuple):
    """Everything of a fact but its content, as text; days in ISO form, empty where there is none."""

    city: str
    item: str
    source: str
    delivery: str
    received_on: str
    id: str
    subject: str
    key: str
    valid_from: str
    valid_to: str
    shown_until: str
    line: str

    def encode(self) -> bytes:
        """One line each: none of them holds a line break (the key is JSON)."""
        return "\n".join((FACT, *self)).encode()


def salts(count: int) -> list[bytes]:
    """Fresh salts for so many rows."""
    pool = os.urandom(SALT * count)
    return [pool[at : at + SALT] for at in range(0, len(pool), SALT)]


def content(salt: bytes, opened: bytes, salted: bytes | None) -> bytes:
    """The hashes of a row's content: one, or both where it has sealed fields (`salted`: salt′, then their JSON)."""
    told = sha256(salt + opened).digest()
    return told if salted is None else told + sha256(salted).digest()


def leaf(envelope: bytes, hashes: bytes) -> bytes:
    """The fact's digest in its chunk, from its envelope and what `content` gave."""
    return sha256(_LEAF + envelope + hashes + (NOTHING if len(hashes) == HASH else b"")).digest()


def parted(hashes: bytes) -> tuple[bytes, bytes]:
    """The hash of the open fields and that of the sealed ones."""
    return hashes[:HASH], hashes[HASH:] or NOTHING


def closing(fact: int, event: int) -> bytes:
    """The digest of a fact's closing: which fact ceased to be current with which event."""
    return sha256(f"{_CLOSING}\n{fact}\n{event}\n".encode()).digest()
