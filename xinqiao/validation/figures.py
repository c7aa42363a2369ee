"""A model's figures together, for all rows and for each segment of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xinqiao.validation.arrays import flags
from xinqiao.validation.discrimination import auc, gini, ks, lift


@dataclass(frozen=True, slots=True)
class Figures:
    """`count` rows, of which `unscored` had no risk (a thin file) and count in no figure but these and `bad_rate`.

    `lift_10` is the bad rate of the riskiest tenth ÷ that of all scored rows.
    """

    count: int
    unscored: int
    bad: int
    auc: float | None
    gini: float | None
    ks: float | None
    lift_10: float | None

    @property
    def bad_rate(self) -> float | None:
        return self.bad / self.count if self.count else None

    @property
    def coverage(self) -> float | None:
        """The share of rows that have a risk at all."""
        return 1 - self.unscored / self.count if self.count else None


def figures(risk: npt.ArrayLike, bad: npt.ArrayLike) -> Figures:
    """`risk` may be NaN where the model gave none."""
    values, outcome = np.asarray(risk, dtype=np.float64), flags(bad)
    if values.shape != outcome.shape:
        raise ValueError(f"{values.shape} risks for {outcome.shape} outcomes")
    scored = ~np.isnan(values)
    rows = values[scored], outcome[scored]
    unscored = int(len(values) - scored.sum())
    return Figures(
        len(values), unscored, int(outcome.sum()), auc(*rows), gini(*rows), ks(*rows), lift(*rows, share=0.1)
    )


def by_segment(segment: Sequence[str | None], risk: npt.ArrayLike, bad: npt.ArrayLike) -> dict[str | None, Figures]:
    """The figures of each segment (size, county, sector…), by its name; None gathers rows whose segment is unknown.

    A segment of one outcome only has its counts, and None for what cannot be told.
    """
    values, outcome = np.asarray(risk, dtype=np.float64), flags(bad)
    rows: dict[str | None, list[int]] = {}
    for place, name in enumerate(segment):
        rows.setdefault(name, []).append(place)
    if not len(values) == len(outcome) == sum(map(len, rows.values())):
        raise ValueError("one segment, one risk and one outcome a row")
    ordered = sorted(rows, key=lambda name: (name is None, name or ""))
    return {name: figures(values[rows[name]], outcome[rows[name]]) for name in ordered}
