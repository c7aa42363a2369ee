"""Days and months as people write them, brought to ISO form."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

ISO_DAY: Final = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
ISO_MONTH: Final = r"^[1-9][0-9]{3}-(?:0[1-9]|1[0-2])$"
# Databases export a day as the instant it began.
MIDNIGHT: Final = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"


@dataclass(frozen=True, slots=True)
class Form:
    """One accepted way to write a day or a month: `pattern` has the groups year, month and, for days, day."""

    pattern: str
    groups: int


@lru_cache
def form(written: str) -> Form:
    """`YYYY-MM-DD`, `YYYY/M/D`, `YYYYMMDD`, `YYYY年M月D日`, `YYYY-MM`… Between separators zeros may lack."""
    parts = re.split(r"(YYYY|MM?|DD?)", written)
    apart = all(parts[i] for i in range(2, len(parts) - 1, 2))
    number = "([0-9]{1,2})" if apart else "([0-9]{2})"
    units = {"YYYY": "([1-9][0-9]{3})", "MM": number, "M": number, "DD": number, "D": number}
    pattern = "".join(units.get(part, re.escape(part)) for part in parts)
    groups = len(parts) // 2
    return Form(f"^{pattern}{MIDNIGHT if groups == 3 else ''}$", groups)  # noqa: PLR2004 — year, month, day


def iso(texts: pl.Series, forms: tuple[str, ...]) -> pl.Series:
    """Texts in any of the forms in ISO form, null for all others. Whether such a day exists is not asked."""
    unlike = texts.unique()
    found = pl.Series([None] * len(unlike), dtype=pl.String)
    for written in forms:
        found = pl.select(pl.coalesce(found, _rewritten(unlike, form(written))))[:, 0]
    return texts.replace_strict(unlike, found, return_dtype=pl.String)


def iso_month(texts: pl.Series, forms: tuple[str, ...]) -> pl.Series:
    """The same for months, null also where there is no such month."""
    found = iso(texts, forms)
    return found.set(~found.str.contains(ISO_MONTH).fill_null(True), None)


def _rewritten(texts: pl.Series, wanted: Form) -> pl.Series:
    groups = texts.str.extract_groups(wanted.pattern).struct
    year, *rest = (groups.field(str(i + 1)) for i in range(wanted.groups))
    return pl.select(pl.concat_str(year, *(part.str.zfill(2) for part in rest), separator="-"))[:, 0]
