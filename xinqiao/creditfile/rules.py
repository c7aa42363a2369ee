"""What a fact is made of, and how it is hashed. Pure."""

import json
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from xinqiao.catalogue.schema import Item

LEAF: Final = b"\x00"  # RFC 6962: a fact's digest is a leaf of the tree over its chunk
KEY_SEPARATOR: Final = "\x1f"  # between the parts of a business key: no field may hold a control character

Values = Mapping[str, Any]

# Made once: a new encoder for each of a million facts would cost more than the encoding.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Standing(StrEnum):
    """How a fact may be used."""

    GOOD = "good"
    DISPUTED = "disputed"  # 有异议: still counts, and is marked
    REPAIRED = "repaired"  # 已修复: neither shown nor counted
    EXPIRED = "expired"  # 已过期: archived


# A repaired or expired fact never comes back; a dispute ends either way.
NEXT: Final = {
    Standing.GOOD: frozenset({Standing.DISPUTED, Standing.REPAIRED, Standing.EXPIRED}),
    Standing.DISPUTED: frozenset({Standing.GOOD, Standing.REPAIRED, Standing.EXPIRED}),
    Standing.REPAIRED: frozenset({Standing.EXPIRED}),
    Standing.EXPIRED: frozenset(),
}


def canonical(values: Values) -> str:
    """One text for one set of values: sorted names, no spaces. Values are text, whole numbers or booleans."""
    return _encode_sorted(values)


def business_key(item: Item, values: Values) -> str:
    """The key under which a second row is the next version of the first, within one subject."""
    return KEY_SEPARATOR.join(str(values.get(name, "")) for name in item.delivery.key)


def leaf(envelope: str, salt: bytes, payload: str, secret: str) -> bytes:
    """A fact's leaf: SHA-256(0x00 ‖ envelope ‖ SHA-256(salt ‖ payload) ‖ SHA-256(salt ‖ secret)).

    Without the salt, which erasure destroys, nobody can try contents until one fits; the leaf itself stays.
    """
    inner = sha256(salt + payload.encode()).digest() + sha256(salt + secret.encode()).digest()
    return sha256(LEAF + envelope.encode() + inner).digest()


def envelope(
    fact_id: int,
    city: str,
    item: str,
    source: str,
    subject_id: int,
    key: str,
    delivery: int,
    line: int,
    received_on: str,
    valid_from: str | None,
    valid_to: str | None,
) -> str:
    """What is known of a fact besides its content, as one text. Dates are ISO."""
    parts = (fact_id, city, item, source, subject_id, key, delivery, line, received_on, valid_from, valid_to)
    return _encode(parts)


def closing_leaf(fact_id: int) -> bytes:
    """The leaf of a fact's closing."""
    return sha256(LEAF + f"closed {fact_id}".encode()).digest()


def secret_leaf(fact_id: int, sealed: bytes) -> bytes:
    """The leaf of a sealed row: of the cipher text, which tells nothing."""
    return sha256(LEAF + f"secret {fact_id} ".encode() + sealed).digest()
