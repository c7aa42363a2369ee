"""One column under judgement: its normalised cells, the values made of them, and the first fault of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.catalogue.schema import Rule

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

RULES: Final = tuple(Rule)
NUMBER: Final = {rule: number for number, rule in enumerate(RULES, start=1)}


@dataclass(slots=True)
class Column:
    """`text`: normalised cells. `value`: what was made of them. `fault`: the number of each first fault (0: none).

    `odd` are the places of cells that did not arrive in their type's plain form; None: nobody looked, so any may be.
    Most files write most cells plainly, and what is plain needs no second look.
    """

    text: pl.Series
    odd: Places | None = None
    value: pl.Series = field(init=False)
    fault: npt.NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        self.value = self.text

    def fail(self, bad: pl.Series | Bools, rule: Rule) -> None:
        """Lay `rule` at the door of every bad cell that has no fault yet; null is not bad."""
        if isinstance(bad, pl.Series):
            if not bad.any():
                return
            bad = bad.fill_null(False).to_numpy()
        elif not bad.any():
            return
        if self.fault is None:
            self.fault = np.zeros(len(self.text), np.uint8)
        self.fault[bad & (self.fault == 0)] = NUMBER[rule]

    def stands(self) -> Bools | None:
        """Which cells have no fault; None: all."""
        return None if self.fault is None else self.fault == 0

    def shape(self, pattern: str) -> None:
        """Cells that do not match are not of the type. Plain cells do."""
        if self.odd is None:
            self.fail(~self.text.str.contains(pattern), Rule.TYPE)
        elif len(self.odd):
            bad = np.zeros(len(self.text), bool)
            bad[self.odd] = (~self.text.gather(self.odd).str.contains(pattern)).fill_null(False).to_numpy()
            self.fail(bad, Rule.TYPE)

    def check(self, wrong: Callable[[pl.Series], Bools], *, among: Bools | None = None) -> None:
        """Run a check-digit rule over the cells whose shape is right."""
        right = self.text.is_not_null().to_numpy()
        for more in (self.stands(), among):
            right = right if more is None else right & more
        if not right.any():
            return
        found = np.zeros(len(self.text), bool)
        found[right] = wrong(self.text if right.all() else self.text.filter(right))
        self.fail(found, Rule.CHECK_DIGIT)

    def change_odd(self, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """The text with its odd cells rewritten, beside it: `scatter` writes into the series it is called on."""
        if self.odd is None:
            return change(self.text)
        return self.text.clone().scatter(self.odd, change(self.text.gather(self.odd))) if len(self.odd) else self.text
