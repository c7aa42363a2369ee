"""The frame of a chart: where it is drawn, and the round numbers at its side."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 340
HEIGHT: Final = 190
LEFT: Final = 46  # room for "1,000" in the size a phone needs
RIGHT: Final = WIDTH - 8
TOP: Final = 10
BOTTOM: Final = HEIGHT - 26
STEPS: Final = 4  # between round numbers, about
ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Tick:
    """A round number and how high it stands."""

    y: int
    word: str

    @property
    def base(self) -> int:
        """Where its word is written: half a letter lower."""
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to heights; whatever lies between `low` and `high` is drawn inside the frame."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def y(self, value: float) -> float:
        return _height(value, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Axis:
    """How figures are written and how far they may go. An axis is never narrower than `least`: a hair is not shown as a
    leap."""

    word: Callable[[float], str]
    least: float = 0
    floor: float = -math.inf
    ceiling: float = math.inf


def scale(values: Iterable[float], axis: Axis) -> Scale:
    """Round numbers around these values. Raises `ValueError` on one that is no number or beyond what the axis is of,
    and where there is none."""
    every = list(values)
    if not every or not all(math.isfinite(one) and axis.floor <= one <= axis.ceiling for one in every):
        raise ValueError("a chart is of numbers within its axis, and of one at least")
    low, high = _span(min(every), max(every), axis)
    step = _step(high - low)
    first, last = math.floor(low / step + SLACK), math.ceil(high / step - SLACK)
    bottom, top = first * step, last * step
    ticks = (Tick(round(_height(n * step, bottom, top)), axis.word(n * step)) for n in range(first, last + 1))
    return Scale(bottom, top, tuple(ticks))


def _span(low: float, high: float, axis: Axis) -> tuple[float, float]:
    """Widened to what an axis has at least, about the middle, and moved back between its ends."""
    width = max(high - low, axis.least) or abs(high) or 1.0
    low -= (width - (high - low)) / 2
    low = max(axis.floor, min(low, axis.ceiling - width))
    return low, max(high, low + width)


def _step(width: float) -> float:
    """The smallest round step that takes at most so many of them."""
    rough = width / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(one * power for one in ROUND if one * power >= rough * (1 - SLACK))


def _height(value: float, low: float, high: float) -> float:
    """SVG counts downwards. What lies a rounding error outside stands upon the edge."""
    share = (value - low) / (high - low)
    return BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, share))


def place(x: float, y: float) -> str:
    """A point as a path writes it."""
    return f"{x:.1f} {y:.1f}"
