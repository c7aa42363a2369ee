"""How a cell is read before any rule looks at it: trimmed, width folded, letters raised, words for "none" emptied."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl

from xinqiao.catalogue.schema import FieldType, ItemField, Reading
from xinqiao.intake.reading import limits
from xinqiao.intake.rules.columns import Places

WIDE: Final = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: 0x20}
WIDE_LETTERS: Final = "[\u3000\uff01-\uff5e]"
PROSE: Final = (FieldType.TEXT, FieldType.LONG_TEXT)


def folded(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return text.translate(WIDE)


@dataclass(frozen=True, slots=True)
class Normaliser:
    """What is done to every cell of one field; the same to the spellings it is compared with."""

    fold: bool
    upper: bool
    empty: tuple[str, ...]

    @classmethod
    def of(cls, field: ItemField, reading: Reading) -> Self:
        fold = reading.fold_width and field.type not in PROSE
        upper = field.type in reading.upper_case
        plain = cls(fold, upper, ())
        return cls(fold, upper, ("", *sorted({plain.one(word) for word in (*reading.empty, *field.empty)} - {""})))

    def one(self, text: str) -> str:
        """One text as `column` would read it, but for emptiness."""
        text = text.strip(limits.WHITE)
        text = folded(text) if self.fold else text
        return text.upper() if self.upper else text

    def column(self, cells: pl.Series, *, padded: bool) -> pl.Series:
        """A column's cells, null where there is nothing. Each step is taken only where some cell needs it."""
        if padded:
            cells = cells.str.strip_chars(limits.WHITE)
        if self.fold and _has_wide(cells):
            cells = _fold(cells)
        if self.upper:
            cells = cells.str.to_uppercase()
        nothing = cells.is_in(self.empty)
        return cells.set(nothing, None) if nothing.any() else cells

    def all_but_plain(self, cells: pl.Series, plain: pl.Series) -> tuple[pl.Series, Places]:
        """`column` for the cells that are not plain, and their places; the plain ones stay as they are."""
        odd = np.flatnonzero(~plain.to_numpy())
        if not len(odd):
            return cells, odd
        return cells.clone().scatter(odd, self.column(cells.gather(odd), padded=True)), odd


def _has_wide(cells: pl.Series) -> bool:
    if (cells.str.len_bytes() == cells.str.len_chars()).all():
        return False
    return bool(cells.str.contains(WIDE_LETTERS).any())


def _fold(cells: pl.Series) -> pl.Series:
    wide = cells.filter(cells.str.contains(WIDE_LETTERS)).unique().to_list()
    return cells.replace({text: folded(text) for text in wide})
