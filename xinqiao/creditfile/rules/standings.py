"""状态: how a fact may be used, and which change of it is allowed."""

from enum import StrEnum
from typing import Final

from xinqiao.kernel.sayings import Saying


class Standing(StrEnum):
    """How a fact may be used."""

    GOOD = "good"
    DISPUTED = "disputed"  # 有异议: still counts, and is marked
    REPAIRED = "repaired"  # 已修复: neither shown nor counted
    EXPIRED = "expired"  # 已过期: its term is over, archived


TITLES: Final = {
    Standing.GOOD: Saying("正常"),
    Standing.DISPUTED: Saying("有异议"),
    Standing.REPAIRED: Saying("已修复"),
    Standing.EXPIRED: Saying("已到期"),
}

# A repaired or expired fact never comes back; a dispute ends either way.
NEXT: Final = {
    Standing.GOOD: frozenset({Standing.DISPUTED, Standing.REPAIRED, Standing.EXPIRED}),
    Standing.DISPUTED: frozenset({Standing.GOOD, Standing.REPAIRED, Standing.EXPIRED}),
    Standing.REPAIRED: frozenset({Standing.EXPIRED}),
    Standing.EXPIRED: frozenset[Standing](),
}
