"""Widths of bars. The page draws them as SVG attributes, so the strict content policy needs no exception."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000
LEAST: Final = 8  # what is there must be seen, however small


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar. `tone` is good, bad, care or brand; x and width are thousandths."""

    tone: str
    label: str
    number: int
    x: int
    width: int


def stacked(parts: Sequence[tuple[str, str, int]]) -> list[Segment]:
    """(tone, label, number) laid side by side; nothing is drawn for zero, and no other part vanishes."""
    total = sum(number for _, _, number in parts)
    widths = [max(LEAST, WIDTH * number // total) if number else 0 for _, _, number in parts]
    if total:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] += WIDTH - sum(widths)
    return [Segment(tone, label, number, sum(widths[:i]), widths[i]) for i, (tone, label, number) in enumerate(parts)]


def filled(value: int, whole: int) -> int:
    """How much of a track is filled, in thousandths."""
    return 0 if whole <= 0 else max(0, min(WIDTH, round(WIDTH * value / whole)))
