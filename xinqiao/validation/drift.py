"""Whether those judged now are like those the model was made from: PSI of the score, CSI of each input.

PSI = Σ (now − then) × ln(now ÷ then) over bins, both as shares of their rows. A bin that is empty on one side counts as
half a row there (a share of 0 has no logarithm); one that is empty on both says nothing and is left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from xinqiao.validation.arrays import Counts, Floats

WATCH_FROM: Final = 0.1  # the trade's custom (Siddiqi 2006, ch. 9): below, nothing to speak of
ACT_FROM: Final = 0.25
BINS: Final = 10
HALF_A_ROW: Final = 0.5


class Alarm(StrEnum):
    CALM = "calm"
    WATCH = "watch"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Shift:
    """One bin then and now: shares of the rows, and what it adds to the PSI."""

    bin: str
    then: float
    now: float
    adds: float


@dataclass(frozen=True, slots=True)
class Drift:
    """`psi` of a score, or of one input (then called CSI), with the bins it is made of."""

    psi: float
    alarm: Alarm
    shifts: tuple[Shift, ...]


def alarm(psi: float) -> Alarm:
    """Below 0.1 calm, from 0.1 watch, from 0.25 act."""
    if psi < WATCH_FROM:
        return Alarm.CALM
    return Alarm.WATCH if psi < ACT_FROM else Alarm.ACT


def psi(then: Sequence[int], now: Sequence[int], *, names: Sequence[str] | None = None) -> Drift | None:
    """From the rows in each bin, the same bins on both sides. None where one side has no rows at all."""
    before, after = np.asarray(then, dtype=np.int64), np.asarray(now, dtype=np.int64)
    if before.shape != after.shape or (before < 0).any() or (after < 0).any():
        raise ValueError("the same bins on both sides, and no bin with fewer than no rows")
    if not before.sum() or not after.sum():
        return None
    titles = names or [str(place) for place in range(len(before))]
    seen = before + after > 0
    shares = zip(titles, _shares(before), _shares(after), seen, strict=True)
    shifts = tuple(Shift(title, a, b, (b - a) * math.log(b / a)) for title, a, b, any_ in shares if any_)
    total = sum(shift.adds for shift in shifts)
    return Drift(total, alarm(total), shifts)


def _shares(counts: Counts) -> list[float]:
    return [float(share) for share in np.where(counts > 0, counts, HALF_A_ROW) / counts.sum()]


def score_drift(then: npt.ArrayLike, now: npt.ArrayLike, *, bins: int = BINS) -> Drift | None:
    """PSI of a score. Bins are quantiles of `then`, ends open; rows without a score (NaN) are a bin of their own."""
    before, after = (np.asarray(values, dtype=np.float64) for values in (then, now))
    edges = quantile_edges(before[~np.isnan(before)], bins)
    return psi(_counted(before, edges), _counted(after, edges), names=_names(edges))


def input_drift(then: Sequence[str | None], now: Sequence[str | None]) -> Drift | None:
    """CSI of an input: PSI over its values or the bins it falls into. None (nothing known) is a bin of its own."""
    before, after = list(then), list(now)
    seen = sorted({*before, *after}, key=lambda value: (value is None, value or ""))
    places = {value: place for place, value in enumerate(seen)}
    counts = [np.bincount([places[value] for value in side], minlength=len(seen)).tolist() for side in (before, after)]
    return psi(*counts, names=["–" if value is None else value for value in seen])


def quantile_edges(values: Floats, bins: int) -> Floats:
    """The inner edges of at most `bins` bins of about equal size; a value upon an edge belongs below it.

    Where nearly all rows have one value, that is the highest: the bins are then below it, it, and above it.
    """
    if not len(values):
        return np.empty(0)
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    edges = np.unique(np.quantile(values, inner, method="inverted_cdf"))
    top = values.max()
    return edges[edges < top] if edges[0] < top else np.array([np.nextafter(top, -np.inf), top])


def _counted(values: Floats, edges: Floats) -> list[int]:
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    return [*counts.tolist(), len(values) - len(known)]


def _names(edges: Floats) -> list[str]:
    return [*(f"≤ {edge:g}" for edge in edges), f"> {edges[-1]:g}" if len(edges) else "·", "–"]
