"""查看面: how many items one look opened, against what is usual for the institution and the purpose. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usual:
    """How many looks there were, and how many items the one in the middle opened (the lower of two)."""

    looks: int
    items: int


@dataclass(frozen=True, slots=True)
class BroadRule:
    """From when on a look is unusually broad, as the city's `safeguards.yml` says."""

    looks: int
    times: int
    at_least: int
    few: int


def usual(looks_by_items: Mapping[int, int]) -> Usual:
    """The median of looks, which are given by how many opened so many items."""
    total = sum(looks_by_items.values())
    before = 0
    for items in sorted(looks_by_items):
        before += looks_by_items[items]
        if 2 * before >= total:
            return Usual(total, items)
    return Usual(0, 0)


def unusually_broad(items: int, everything: int, to: Usual, rule: BroadRule) -> bool:
    """Whether a look that opened so many items stands out: many times the usual, or everything the agreement has where
    little is usual. Too few looks to compare with say nothing."""
    if to.looks < rule.looks:
        return False
    many = items >= rule.at_least and items > rule.times * to.items
    return many or (items >= everything and to.items <= rule.few < items)
