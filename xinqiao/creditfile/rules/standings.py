"""状态: how a fact may be used, and which change of it is allowed."""

from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How a fact may be used."""

    GOOD = "good"
    DISPUTED = "disputed"  # 有异议: still counts, and is marked
    REPAIRED = "repaired"  # 已修复: neither shown nor counted
    EXPIRED = "expired"  # 已过期: its term is over, archived


# A repaired or expired fact never comes back; a dispute ends either way.
NEXT: Final = {
    Standing.GOOD: frozenset({Standing.DISPUTED, Standing.REPAIRED, Standing.EXPIRED}),
    Standing.DISPUTED: frozenset({Standing.GOOD, Standing.REPAIRED, Standing.EXPIRED}),
    Standing.REPAIRED: frozenset({Standing.EXPIRED}),
    Standing.EXPIRED: frozenset[Standing](),
}
