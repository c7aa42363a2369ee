"""抽查: which paper grants are asked about by phone. Pure: from the event's own text, which nobody knows before it is
written and everybody who holds it can reckon again."""

from hashlib import sha256
from typing import Final

SEED: Final = "xinqiao-call-back/1\n"
_PARTS: Final = 2**64


def drawn(entry: str, percent: int) -> bool:
    """Whether the act with this entry in the log is in the sample of so many in a hundred."""
    number = int.from_bytes(sha256((SEED + entry).encode()).digest()[:8])
    return number * 100 < percent * _PARTS
