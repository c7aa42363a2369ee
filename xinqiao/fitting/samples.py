"""The rows a fit learns from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.fitting.errors import FitFaults, TooFewOutcomes
from xinqiao.fitting.specification import Specification
from xinqiao.validation.arrays import Flags, Floats

FEWEST: Final = 20  # of either outcome; a fit on fewer is chance written down
KINDS: Final = {"number": (pl.Int64, pl.Decimal(18, 2)), "code": (pl.String,)}
HUNDREDTHS: Final = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """A column an input: whole numbers (Int64), amounts to two places (Decimal(18, 2)) or codes (String); `bad` a row.

    Exactly the types the language of models has, so that what was fitted is what will be run.
    """

    table: pl.DataFrame
    bad: Flags

    def rows(self, places: npt.NDArray[Any]) -> "Sample":
        return Sample(self.table[places], self.bad[places])

    def __len__(self) -> int:
        return len(self.bad)


def checked(sample: Sample, spec: Specification) -> Sample:
    """The sample, if it has what the specification asks for. Raises `FitFaults`, `TooFewOutcomes`."""
    faults = []
    for name, one in spec.inputs.items():
        if name not in sample.table.columns:
            faults.append(f"没有 {name} 这一列")
        elif sample.table.schema[name] not in KINDS[one.kind]:
            faults.append(f"{name} 的类型是 {sample.table.schema[name]}，这里要 {'或'.join(map(str, KINDS[one.kind]))}")
    if faults:
        raise FitFaults(faults)
    bad, good = int(sample.bad.sum()), int((~sample.bad).sum())
    if min(bad, good) < FEWEST:
        raise TooFewOutcomes(bad, good, FEWEST)
    return sample


def is_amount(column: pl.Series) -> bool:
    return column.dtype == pl.Decimal(18, 2)


def units(column: pl.Series) -> pl.Series:
    """A number column in whole units: hundredths of an amount, else itself."""
    return (column * HUNDREDTHS).cast(pl.Int64) if is_amount(column) else column


def unit_of(column: pl.Series, value: Decimal) -> int:
    """A bound in the column's units, rounded down: no value lies between."""
    return int((value * (HUNDREDTHS if is_amount(column) else 1)).to_integral_value("ROUND_FLOOR"))


def as_floats(column: pl.Series) -> Floats:
    """For libraries that know nothing else; empty values are NaN."""
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
