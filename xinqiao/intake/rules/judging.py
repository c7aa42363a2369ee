"""One column under judgement: from normalised text to a typed value, stopping each cell at its first fault."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.catalogue.schema import FieldType, Rule
from xinqiao.intake.rules import check_digits, days
from xinqiao.kernel.id_number import EARLIEST_BIRTH, FOREIGN, PROVINCES
from xinqiao.kernel.uscc import ALPHABET, CATEGORIES

Bools = npt.NDArray[np.bool_]

RULES: Final = tuple(Rule)
NUMBER: Final = {rule: number for number, rule in enumerate(RULES, start=1)}

MONEY: Final = pl.Decimal(18, 2)
DECIMAL: Final = pl.Decimal(24, 6)
WAN: Final = Decimal(10_000)
MONTH_LENGTH: Final = 7

_LETTER: Final = f"[{ALPHABET}]"
_BEGINNINGS: Final = "|".join(f"{department}[{categories}]" for department, categories in CATEGORIES.items())
USCC: Final = f"^(?:{_BEGINNINGS})[0-9]{{6}}{_LETTER}{{10}}$"
ORGANISATION_CODE: Final = "^[0-9A-Z]{8}[0-9X]$"
REGISTRATION_NUMBER: Final = "^[0-9]{15}$"
_PROVINCES: Final = "|".join(sorted(PROVINCES))
ID_NUMBER: Final = f"^(?:(?:{_PROVINCES}|{FOREIGN}[0-9])[0-9]{{15}}[0-9X]|(?:{_PROVINCES})[0-9]{{13}})$"
OLD_ID_LENGTH: Final = 15
# Written as people write amounts: a sign, groups of three, a point. No exponents, no units.
_WHOLE: Final = "[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
INTEGER: Final = f"^{_WHOLE}$"
YUAN: Final = rf"^{_WHOLE}(?:\.[0-9]{{1,2}}0*)?$"
SIX_PLACES: Final = rf"^{_WHOLE}(?:\.[0-9]{{1,6}}0*)?$"
YEAR: Final = "^[1-9][0-9]{3}$"
PHONE: Final = r"^\+?[0-9][0-9-]{4,18}[0-9]$"


@dataclass(slots=True)
class Column:
    """A column's normalised `text`, the `value` made of it, and the number of each cell's first fault (0: none)."""

    text: pl.Series
    value: pl.Series = field(init=False)
    fault: npt.NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        self.value = self.text

    def fail(self, bad: pl.Series | Bools, rule: Rule) -> None:
        """Lay `rule` at the door of every bad cell that has no fault yet; null is not bad."""
        found = bad.fill_null(False).to_numpy() if isinstance(bad, pl.Series) else bad
        if not found.any():
            return
        if self.fault is None:
            self.fault = np.zeros(len(self.text), np.uint8)
        self.fault[found & (self.fault == 0)] = NUMBER[rule]

    def stands(self) -> Bools | None:
        """Which cells have no fault; None: all."""
        return None if self.fault is None else self.fault == 0

    def shape(self, pattern: str) -> None:
        self.fail(~self.text.str.contains(pattern), Rule.TYPE)

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


@dataclass(frozen=True, slots=True)
class Spellings:
    """Texts that arrive and the canonical value each means."""

    meaning: dict[str, str]

    def canonical(self, text: pl.Series) -> pl.Series:
        """Null for spellings that mean nothing here."""
        return text.replace_strict(self.meaning, default=None, return_dtype=pl.String)


def as_text(_column: Column) -> None:
    """Any text is text."""


def as_uscc(column: Column) -> None:
    column.shape(USCC)
    column.check(check_digits.wrong_usccs)


def as_organisation_code(column: Column) -> None:
    """The hyphen that is often written before the check character is left out."""
    if column.text.str.contains("-", literal=True).any():
        column.text = column.value = column.text.str.replace(r"^(.{8})-(.)$", "$1$2")
    column.shape(ORGANISATION_CODE)
    column.check(check_digits.wrong_organisation_codes)


def as_registration_number(column: Column) -> None:
    column.shape(REGISTRATION_NUMBER)
    column.check(check_digits.wrong_registration_numbers)


def as_id_number(column: Column) -> None:
    column.shape(ID_NUMBER)
    old = column.text.str.len_bytes() == OLD_ID_LENGTH
    eight = column.text.str.slice(6, 8)
    if old.any():
        short = pl.select(pl.concat_str(pl.lit("19"), column.text.str.slice(6, 6)))[:, 0]
        eight = short.zip_with(old.fill_null(False), eight)
    born = eight.str.to_date("%Y%m%d", strict=False)
    column.fail((born.is_null() & column.text.is_not_null()) | (born < EARLIEST_BIRTH), Rule.TYPE)
    column.check(check_digits.wrong_id_numbers, among=~old.fill_null(False).to_numpy())


def as_phone(column: Column) -> None:
    column.shape(PHONE)


def as_integer(column: Column) -> None:
    column.shape(INTEGER)
    _numbers(column, pl.Int64)


def as_decimal(column: Column) -> None:
    column.shape(SIX_PLACES)
    _numbers(column, DECIMAL)


def as_yuan(column: Column) -> None:
    column.shape(YUAN)
    _numbers(column, MONEY)


def as_wan(column: Column) -> None:
    """The sixth decimal of 万元 is the fen, so nothing is rounded."""
    column.shape(SIX_PLACES)
    _numbers(column, DECIMAL)
    column.value = (column.value * WAN).cast(MONEY, strict=False)
    column.fail(column.value.is_null() & column.text.is_not_null(), Rule.TYPE)


def _numbers(column: Column, to: pl.DataType | type[pl.DataType]) -> None:
    text = column.text
    if text.str.contains(r"^\+|,").any():
        text = text.str.replace_all(r"^\+|,", "")
    column.value = text.cast(to, strict=False)
    column.fail(column.value.is_null() & text.is_not_null(), Rule.TYPE)  # beyond what the type holds


def as_day(forms: tuple[str, ...]) -> Callable[[Column], None]:
    def judge(column: Column) -> None:
        column.value = days.iso(column.text, forms, days.ISO_DAY).str.to_date("%Y-%m-%d", strict=False)
        column.fail(column.value.is_null() & column.text.is_not_null(), Rule.TYPE)

    return judge


def as_month(forms: tuple[str, ...]) -> Callable[[Column], None]:
    def judge(column: Column) -> None:
        column.value = days.iso(column.text, forms, days.ISO_MONTH)
        right = column.value.str.contains(days.ISO_MONTH).fill_null(False)
        column.fail(~right & column.text.is_not_null(), Rule.TYPE)

    return judge


def as_year(column: Column) -> None:
    column.shape(YEAR)
    column.value = column.text.cast(pl.Int64, strict=False)


def as_boolean(true: tuple[str, ...], false: tuple[str, ...]) -> Callable[[Column], None]:
    meaning = {**dict.fromkeys(true, True), **dict.fromkeys(false, False)}

    def judge(column: Column) -> None:
        column.value = column.text.replace_strict(meaning, default=None, return_dtype=pl.Boolean)
        column.fail(column.value.is_null() & column.text.is_not_null(), Rule.TYPE)

    return judge


def one_of(spellings: Spellings, rule: Rule, *, others: bool) -> Callable[[Column], None]:
    """The value is one the list knows, its other spellings become the canonical one; `others` may stay as they are."""
    known = sorted({canonical for text, canonical in spellings.meaning.items() if text == canonical})

    def judge(column: Column) -> None:
        if column.text.is_in(known).all():
            return
        canonical = spellings.canonical(column.text)
        if others:
            canonical = canonical.fill_null(column.text)
        column.value = canonical
        column.fail(canonical.is_null() & column.text.is_not_null(), rule)

    return judge


def matching(expression: str, rule: Rule) -> Callable[[Column], None]:
    return lambda column: column.fail(~column.text.str.contains(expression), rule)


def at_least(least: Decimal) -> Callable[[Column], None]:
    return lambda column: column.fail(column.value < _like(least, column), Rule.RANGE)


def at_most(most: Decimal) -> Callable[[Column], None]:
    return lambda column: column.fail(column.value > _like(most, column), Rule.RANGE)


def _like(limit: Decimal, column: Column) -> Decimal | int:
    whole = column.value.dtype == pl.Int64 and limit == limit.to_integral_value()
    return int(limit) if whole else limit


def no_later_than(day: date) -> Callable[[Column], None]:
    return lambda column: column.fail(column.value > _in_units_of(column, day), Rule.FUTURE)


def no_earlier_than(day: date) -> Callable[[Column], None]:
    return lambda column: column.fail(column.value < _in_units_of(column, day), Rule.RANGE)


def _in_units_of(column: Column, day: date) -> date | int | str:
    """The day itself, its month or its year, as the column counts."""
    if column.value.dtype == pl.Date:
        return day
    return day.year if column.value.dtype == pl.Int64 else day.isoformat()[:MONTH_LENGTH]


def length(most: int) -> Callable[[Column], None]:
    return lambda column: column.fail(column.text.str.len_chars() > most, Rule.LENGTH)


def pattern(expression: str) -> Callable[[Column], None]:
    """`\\d`, `\\w`, `\\s` mean ASCII only, as in the SQL engine; otherwise full-width digits would pass."""
    ascii_only = expression.replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]").replace(r"\s", r"[ \t\r\n\f\v]")
    whole = f"^(?:{ascii_only})$"
    return lambda column: column.fail(~column.text.str.contains(whole), Rule.PATTERN)


def beginning_with(beginnings: tuple[str, ...]) -> Callable[[Column], None]:
    return lambda column: column.fail(~column.text.str.contains(f"^(?:{'|'.join(beginnings)})"), Rule.KIND)


SIMPLE: Final[dict[FieldType, Callable[[Column], None]]] = {
    FieldType.TEXT: as_text,
    FieldType.LONG_TEXT: as_text,
    FieldType.PERSON_NAME: as_text,
    FieldType.CODE: as_text,
    FieldType.USCC: as_uscc,
    FieldType.ID_NUMBER: as_id_number,
    FieldType.REGISTRATION_NUMBER: as_registration_number,
    FieldType.ORGANISATION_CODE: as_organisation_code,
    FieldType.PHONE: as_phone,
    FieldType.INTEGER: as_integer,
    FieldType.DECIMAL: as_decimal,
    FieldType.MONEY_YUAN: as_yuan,
    FieldType.MONEY_WAN: as_wan,
    FieldType.YEAR: as_year,
}
