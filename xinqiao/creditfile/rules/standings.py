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
    WITHDRAWN = "withdrawn"  # 已撤下: found wrong, or its ground is gone; neither shown nor counted


TITLES: Final = {
    Standing.GOOD: Saying("正常"),
    Standing.DISPUTED: Saying("有异议"),
    Standing.REPAIRED: Saying("已修复"),
    Standing.EXPIRED: Saying("已到期"),
    Standing.WITHDRAWN: Saying("已撤下"),
}

# What was repaired, taken out or has run out never comes back, however often its source sends the same row again: only
# a row that says something else is a new fact. A dispute ends either way.
_ENDS: Final = frozenset({Standing.REPAIRED, Standing.EXPIRED, Standing.WITHDRAWN})
NEXT: Final = {
    Standing.GOOD: _ENDS | {Standing.DISPUTED},
    Standing.DISPUTED: _ENDS | {Standing.GOOD},
    Standing.REPAIRED: frozenset({Standing.EXPIRED}),
    Standing.WITHDRAWN: frozenset({Standing.EXPIRED}),
    Standing.EXPIRED: frozenset[Standing](),
}
