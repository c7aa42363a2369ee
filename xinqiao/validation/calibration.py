"""Whether as many fail as were said to: Brier score, reliability table, and the alarm when they do not."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xinqiao.validation.arrays import Flags, Floats, paired

Z95: Final = 1.959963984540054  # two-sided 95 %
TOLERATED: Final = 1.25  # observed ÷ expected, or its inverse: a quarter off is what a bank would reprice for
ROWS: Final = 10  # of a reliability table, by custom


@dataclass(frozen=True, slots=True)
class Reliability:
    """Rows of like probability: how many, what was said of them, what became of them, and the 95 % interval of that."""

    count: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Level:
    """All rows together. `alarm`: off by a quarter or more, and by more than chance explains."""

    count: int
    predicted: float
    observed: float
    low: float
    high: float
    alarm: bool


def brier(probability: npt.ArrayLike, bad: npt.ArrayLike) -> float | None:
    """Mean square of (probability − outcome): 0 is best; the base rate for everybody gives rate × (1 − rate)."""
    said, outcome = _probabilities(probability, bad)
    return float(np.square(said - outcome).mean()) if len(said) else None


def reliability(probability: npt.ArrayLike, bad: npt.ArrayLike, *, rows: int = ROWS) -> list[Reliability]:
    """At most `rows` groups of about equal size, from the lowest probability; equal probabilities stay together."""
    said, outcome = _probabilities(probability, bad)
    return [_row(said[of], outcome[of]) for of in _groups(said, rows)]


def calibration_error(probability: npt.ArrayLike, bad: npt.ArrayLike, *, rows: int = ROWS) -> float | None:
    """Expected calibration error: mean |observed − predicted| over the reliability table, by the size of its rows."""
    table = reliability(probability, bad, rows=rows)
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.observed - row.predicted) for row in table) / total if total else None


def level(probability: npt.ArrayLike, bad: npt.ArrayLike) -> Level | None:
    """Calibration in the large: the mean probability against the bad rate."""
    said, outcome = _probabilities(probability, bad)
    if not len(said):
        return None
    one = _row(said, outcome)
    far = not one.predicted / TOLERATED < one.observed < one.predicted * TOLERATED
    return Level(one.count, one.predicted, one.observed, one.low, one.high, far and not _inside(one))


def _probabilities(probability: npt.ArrayLike, bad: npt.ArrayLike) -> tuple[Floats, Flags]:
    said, outcome = paired(probability, bad)
    if ((said < 0) | (said > 1)).any():
        raise ValueError("a probability lies between 0 and 1")
    return said, outcome


def _groups(said: Floats, rows: int) -> Iterator[npt.NDArray[np.intp]]:
    if not len(said):
        return
    order = np.argsort(said, kind="stable")
    ends = np.linspace(0, len(said), rows + 1).round().astype(int)[1:]
    after_ties = np.searchsorted(said[order], said[order][ends[ends > 0] - 1], side="right")
    edges = np.unique(after_ties)
    yield from (order[a:b] for a, b in zip([0, *edges[:-1]], edges, strict=True))


def _row(said: Floats, outcome: Flags) -> Reliability:
    low, high = interval(int(outcome.sum()), len(outcome))
    return Reliability(len(said), float(said.mean()), float(outcome.mean()), low, high)


def _inside(one: Reliability) -> bool:
    return one.low <= one.predicted <= one.high


def interval(bad: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate; unlike the normal one it stays inside 0 and 1 and bears few rows."""
    rate, square = bad / count, Z95**2 / count
    middle = (rate + square / 2) / (1 + square)
    half = Z95 / (1 + square) * math.sqrt(rate * (1 - rate) / count + square / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)
