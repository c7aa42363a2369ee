"""Keyed seals on the log's own rows: what only the program can have written.

The purposes keep a seal of one table from passing in another.
"""

import hmac
from collections.abc import Callable
from typing import Final

from xinqiao import keys

EVENT: Final = "ledger-event"
POSITION: Final = "ledger-position"
CHECKPOINT: Final = "ledger-checkpoint"
COSIGNATURE: Final = "ledger-cosignature"
SEQUENCER: Final = "ledger-sequencer"
CURSOR: Final = "ledger-cursor"

Sealer = Callable[..., bytes]

HALF: Final = 16  # bytes; HMAC-SHA256 cut to 128 bits (RFC 2104 §5)


def of_position(position: int, event: int, ordinal: int, xact: str) -> bytes:
    """The two halves of a place's seal: over the row itself, and over the event's working columns as well."""
    return of_positions()(position, event, ordinal, xact)


def of_positions() -> Sealer:
    """`of_position` for many places in a row."""
    place = sealer(POSITION)
    return lambda *parts: place(*parts[:2])[:HALF] + place(*parts)[:HALF]


def sealer(purpose: str) -> Sealer:
    """`seal` for one purpose and many rows: the key is looked up once."""
    mark = keys.marker(purpose)
    return lambda *parts: mark(joined(*parts))


def seal(purpose: str, *parts: object) -> bytes:
    """32 bytes over the parts' texts, none of which may hold a NUL but the last."""
    return keys.mark(purpose, joined(*parts))


def joined(*parts: object) -> bytes:
    """What a seal is over."""
    return "\x00".join(map(str, parts)).encode()


def holds(given: bytes, purpose: str, *parts: object) -> bool:
    """Whether the seal is ours over just these parts."""
    return hmac.compare_digest(bytes(given), seal(purpose, *parts))
