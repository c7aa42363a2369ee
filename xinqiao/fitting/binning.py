"""From an input's values to few bins: monotone ones found by optbinning, or those an expert set."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl

from xinqiao.fitting.samples import as_floats, is_amount, unit_of, units
from xinqiao.fitting.specification import Input, Specification
from xinqiao.validation.arrays import Counts, Flags

TRENDS: Final = {"falls": "descending", "rises": "ascending", "either": "auto_asc_desc"}
MISSING: Final = 0  # the place of empty values
HALF_A_ROW: Final = 0.5
POINTS: Final = pl.Int32  # of one input, and of all together


@dataclass(frozen=True, slots=True)
class Binning:
    """Where a value falls. Place 0: empty; then the special codes, one each; then the steps in their order.

    A number's steps end at `cuts` (included), the last is open; a code's are `groups`, of which the last takes every
    code that is in no other, those never seen included.
    """

    special: tuple[str, ...] = ()
    cuts: tuple[Decimal, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def steps(self) -> int:
        return len(self.groups) or len(self.cuts) + 1

    @property
    def places(self) -> int:
        return 1 + len(self.special) + self.steps

    def place(self, column: pl.Series) -> Counts:
        """The place of each value."""
        return self._codes(column) if column.dtype == pl.String else self._numbers(column)

    def _numbers(self, column: pl.Series) -> Counts:
        values = units(column)
        ends = [unit_of(column, cut) for cut in self.cuts]
        filled = values.fill_null(0).to_numpy()
        found = np.searchsorted(np.array(ends, dtype=np.int64), filled, side="left") + 1 + len(self.special)
        for place, code in enumerate(self.special, start=1):
            found[filled == unit_of(column, Decimal(code))] = place
        found[values.is_null().to_numpy()] = MISSING
        return found.astype(np.int64)

    def _codes(self, column: pl.Series) -> Counts:
        of = {code: place for place, code in enumerate(self.special, start=1)}
        last = self.places - 1
        for step, group in enumerate(self.groups):
            of |= {code: 1 + len(self.special) + step for code in group}
        return np.array([MISSING if code is None else of.get(code, last) for code in column], dtype=np.int64)

    def worth(self, column: pl.Series, points: Sequence[int]) -> pl.Expr:
        """What each value of a column like this one is worth, as `place` places it."""
        value = pl.col(column.name)
        codes = column.dtype == pl.String
        ends: Sequence[Any] = self.groups[:-1] if codes else [_like(column, cut) for cut in self.cuts]
        special = [code if codes else _like(column, Decimal(code)) for code in self.special]
        met = [value.is_null(), *(value == code for code in special)]
        met += [value.is_in(list(end)) if codes else value <= end for end in ends]
        *told, rest = (pl.lit(one, dtype=POINTS) for one in points)
        found: Any = pl.when(met[0]).then(told[0])
        for condition, one in zip(met[1:], told[1:], strict=True):
            found = found.when(condition).then(one)
        return pl.Expr.cast(found.otherwise(rest), POINTS)


def _like(column: pl.Series, value: Decimal) -> pl.Expr:
    """A bound as a value of the column: no value lies between it and the bound."""
    return pl.lit(unit_of(column, value)) if not is_amount(column) else pl.lit(value, dtype=column.dtype)


def bin_input(column: pl.Series, bad: Flags, one: Input, spec: Specification) -> Binning:
    """The bins of one input over these rows: no more than the specification allows, none smaller, risk one way."""
    plain = _plain(column, one)
    if one.kind == "code":
        groups = one.override.groups if one.override else _groups(column.filter(plain), bad[plain.to_numpy()], spec)
        return Binning(one.special, groups=groups)
    if one.override:
        return Binning(one.special, one.override.cuts)
    values, outcome = column.filter(plain), bad[plain.to_numpy()]
    return _one_way(Binning(one.special, _cuts(values, outcome, one, spec)), column, bad, one)


def _plain(column: pl.Series, one: Input) -> pl.Series:
    """The rows that are neither empty nor a special code."""
    codes = one.special if column.dtype == pl.String else [unit_of(column, Decimal(code)) for code in one.special]
    values = column if column.dtype == pl.String else units(column)
    return values.is_not_null() & ~values.is_in(list(codes)).fill_null(False)


def _found(values: Any, bad: Flags, spec: Specification, **how: Any) -> Any:
    """optbinning's answer; of one outcome or one value there is none."""
    if len(set(values.tolist())) < 2 or bad.all() or not bad.any():  # noqa: PLR2004 — one value parts nothing
        return []
    from optbinning import OptimalBinning  # it brings a plotting library along: two seconds

    share = float(spec.smallest_share)
    search = OptimalBinning(min_prebin_size=share, min_bin_size=share, max_n_bins=spec.most_bins, **how)
    return search.fit(values, bad.astype(np.int64)).splits


def _cuts(column: pl.Series, bad: Flags, one: Input, spec: Specification) -> tuple[Decimal, ...]:
    splits = _found(as_floats(column), bad, spec, monotonic_trend=TRENDS[one.risk])
    values = np.unique(units(column).to_numpy())
    places = 2 if is_amount(column) else 0
    ends = {_round_end(values, unit_of(column, Decimal(repr(float(at)))), places) for at in splits}
    return tuple(sorted(ends))


def _round_end(values: Counts, at: int, places: int) -> Decimal:
    """The roundest bound that parts the rows as `at` does: a person will read it."""
    above = np.searchsorted(values, at, side="right")
    low, high = int(values[above - 1]), int(values[above])
    step = 10 ** len(str(max(abs(low), abs(high))))
    while (rounded := -(-low // step) * step) >= high:
        step //= 10
    return Decimal(rounded).scaleb(-places)


def _groups(column: pl.Series, bad: Flags, spec: Specification) -> tuple[tuple[str, ...], ...]:
    """Codes of like risk together; the largest group stands last and takes codes nobody has seen yet."""
    codes = column.to_numpy().astype(object)
    found = [tuple(sorted(map(str, group))) for group in _found(codes, bad, spec, dtype="categorical")]
    if not found:
        return (tuple(sorted(column.unique())),)
    sizes = [int(column.is_in(list(group)).sum()) for group in found]
    largest = sizes.index(max(sizes))
    return (*found[:largest], *found[largest + 1 :], found[largest])


# ── risk of a bin ────────────────────────────────────────────────────────────────────────────────────────────────────


def counted(places: Counts, bad: Flags, size: int) -> tuple[Counts, Counts]:
    """Rows and bad rows at each place."""
    return np.bincount(places, minlength=size), np.bincount(places[bad], minlength=size)


def evidence(rows: Counts, bad: Counts) -> list[float]:
    """Weight of evidence for failure: ln(bad share ÷ good share), half a row added to each; 0 where there are none."""
    good = rows - bad
    odds = (bad + HALF_A_ROW) / (good + HALF_A_ROW)
    return [
        float(np.log(one * good.sum() / bad.sum())) if count else 0.0 for one, count in zip(odds, rows, strict=True)
    ]


def information(rows: Counts, bad: Counts) -> float:
    """Information value: Σ (bad share − good share) × evidence."""
    good = rows - bad
    parts = bad / bad.sum() - good / good.sum()
    return float((parts * np.array(evidence(rows, bad))).sum())


def runs_one_way(found: Sequence[float], risk: str) -> bool:
    rising = all(a <= b for a, b in pairwise(found))
    falling = all(a >= b for a, b in pairwise(found))
    return {"rises": rising, "falls": falling, "either": rising or falling}[risk]


def steps_evidence(binning: Binning, column: pl.Series, bad: Flags) -> list[float]:
    """The evidence of the ordinary steps alone, in their order."""
    rows, bads = counted(binning.place(column), bad, binning.places)
    return evidence(rows, bads)[1 + len(binning.special) :]


def _one_way(binning: Binning, column: pl.Series, bad: Flags, one: Input) -> Binning:
    """Half a row may turn two near bins round: the pair that differs least is joined until the risk runs one way."""
    while not runs_one_way(found := steps_evidence(binning, column, bad), one.risk):
        gaps = [abs(a - b) for a, b in pairwise(found)]
        nearest = gaps.index(min(gaps))
        binning = Binning(binning.special, binning.cuts[:nearest] + binning.cuts[nearest + 1 :])
    return binning
