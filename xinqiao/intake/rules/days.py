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


def iso(texts: pl.Series, forms: tuple[str, ...], already: str) -> pl.Series:
    """Texts in any of the forms as ISO texts, null for all others; `already` matches what is ISO as it stands."""
    fine = texts.str.contains(already)
    if fine.all():
        return texts
    odd = texts.filter(~fine).unique()
    rewritten = odd
    found = pl.Series([None] * len(odd), dtype=pl.String)
    for written in forms:
        found = pl.select(pl.coalesce(found, _rewritten(odd, form(written))))[:, 0]
    return texts.replace_strict(rewritten, found, default=texts)


def _rewritten(texts: pl.Series, wanted: Form) -> pl.Series:
    groups = texts.str.extract_groups(wanted.pattern).struct
    year, *rest = (groups.field(str(i + 1)) for i in range(wanted.groups))
    return pl.select(pl.concat_str(year, *(part.str.zfill(2) for part in rest), separator="-"))[:, 0]
