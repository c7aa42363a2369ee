"""Inputs nobody can have known when he had to decide: caught by what was declared, by their dates, by their power.

An input that is written by the outcome (a term cut short by the default, the day of the write-off, a rating given
afterwards) makes a card look splendid and is worth nothing. What is flagged here is for a person to judge; what a
specification forbids cannot be used at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import polars as pl
from lightgbm import LGBMClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from xinqiao.fitting import binning
from xinqiao.fitting.challenger import SETTINGS
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import Input, Specification
from xinqiao.validation.arrays import Flags, Floats
from xinqiao.validation.discrimination import auc

SHARE_AFTER: Final = 0.01  # of the dates: fewer are slips of the pen
TOO_GOOD: Final = 0.93  # AUC of one input alone: nothing a lender knows beforehand comes near
TOO_CRISP: Final = 0.1  # of AUC gained when the risk may jump from one value to the next
WORTH_ASKING: Final = 0.8  # AUC below which a jumpy input is noise
PURE_ROWS: Final = 20  # of one value, all of which failed
FOLDS: Final = 3


class Why(StrEnum):
    DECLARED = "declared"  # forbidden, or known only afterwards, as somebody wrote down
    DATED = "dated"  # its dates lie after the day of the decision
    POWER = "power"  # alone it parts nearly everybody
    SHAPE = "shape"  # its risk jumps where the world has no step
    PURE = "pure"  # one of its values means failure, always


@dataclass(frozen=True, slots=True)
class Flag:
    """`figure`: an AUC, a gain of AUC, a share of rows, or a number of rows, as `why` says."""

    column: str
    why: Why
    figure: float | None
    said: str


def check(sample: Sample, spec: Specification, *, decided: pl.Series | None = None) -> list[Flag]:
    """Every column of the table but those of the outcome, whether an input or not; dates against `decided`.

    Columns of dates must be `Date`; other types are tried by their power over the outcome.
    """
    found: list[Flag] = []
    for name in sample.table.columns:
        found += [*_declared(name, spec), *_by_data(name, sample, decided, spec)]
    return found


def by_column(flags: list[Flag]) -> Mapping[str, list[Flag]]:
    named: dict[str, list[Flag]] = {}
    for flag in flags:
        named.setdefault(flag.column, []).append(flag)
    return named


def _declared(name: str, spec: Specification) -> Iterator[Flag]:
    if name in spec.forbidden:
        yield Flag(name, Why.DECLARED, None, spec.forbidden[name])


def _by_data(name: str, sample: Sample, decided: pl.Series | None, spec: Specification) -> Iterator[Flag]:
    column = sample.table[name]
    if column.dtype == pl.Date and decided is not None:
        yield from _dated(name, column, decided)
    values, codes = _numbered(column)
    free = _alone(values, sample.bad, spec, codes=codes)
    if free >= TOO_GOOD:
        yield Flag(name, Why.POWER, free, f"单独一项的 AUC 就有 {free:.3f}")
    if not codes and free >= WORTH_ASKING and (gain := free - _monotone(column, sample.bad, spec)) >= TOO_CRISP:
        yield Flag(name, Why.SHAPE, gain, f"相邻的值风险忽高忽低，不分高低地看 AUC 高出 {gain:.3f}")
    if codes:
        yield from _pure(name, column, sample.bad)


def _dated(name: str, column: pl.Series, decided: pl.Series) -> Iterator[Flag]:
    known = column.drop_nulls().len()
    after = int((column > decided).sum())
    if known and after / known > SHARE_AFTER:
        yield Flag(name, Why.DATED, after / known, f"{known} 个日期里有 {after} 个在决定之日以后")


def _numbered(column: pl.Series) -> tuple[Floats, bool]:
    """As numbers, and whether they are names without an order."""
    if column.dtype == pl.String:
        return column.cast(pl.Categorical).to_physical().cast(pl.Float64).fill_null(np.nan).to_numpy(), True
    plain = column.to_physical() if column.dtype == pl.Date else column
    return plain.cast(pl.Float64).fill_null(np.nan).to_numpy(), False


def _alone(values: Floats, bad: Flags, spec: Specification, *, codes: bool) -> float:
    """AUC of this input alone, out of fold, its risk free to take any shape."""
    rows = values.reshape(-1, 1)
    settings: dict[str, Any] = SETTINGS | {"n_estimators": 60, "colsample_bytree": 1.0}
    trees = LGBMClassifier(random_state=spec.seed, **settings)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=spec.seed)
    how = {"categorical_feature": [0]} if codes else {}
    said = cross_val_predict(trees, rows, bad, cv=folds, method="predict_proba", params=how)
    return auc(said[:, 1], bad) or 0.0


def _monotone(column: pl.Series, bad: Flags, spec: Specification) -> float:
    """AUC of this input alone where its risk runs one way, as a scorecard reads it."""
    number = column.to_physical().cast(pl.Int64) if column.dtype == pl.Date else column
    found = binning.bin_input(number, bad, Input(title="-"), spec)
    rows, bads = binning.counted(places := found.place(number), bad, found.places)
    return auc(np.array(binning.evidence(rows, bads))[places], bad) or 0.0


def _pure(name: str, column: pl.Series, bad: Flags) -> Iterator[Flag]:
    """A value all of whose rows failed, while others did not: the label in other words."""
    counts = pl.DataFrame({"value": column, "bad": bad}).group_by("value").agg(pl.len(), pl.col("bad").sum().alias("b"))
    for value, rows, bads in counts.drop_nulls().sort("value").iter_rows():
        if rows >= PURE_ROWS and rows == bads:
            yield Flag(name, Why.PURE, float(rows), f"值为“{value}”的 {rows} 行全部违约")
