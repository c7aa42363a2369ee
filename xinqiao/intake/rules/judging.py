"""From text to a typed value: what each type of field accepts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import polars as pl

from xinqiao.catalogue.schema import FieldType, Rule
from xinqiao.intake.rules import check_digits, days
from xinqiao.intake.rules.columns import Column
from xinqiao.kernel.id_number import EARLIEST_BIRTH, FOREIGN, PROVINCES
from xinqiao.kernel.uscc import ALPHABET, CATEGORIES

MONEY: Final = pl.Decimal(18, 2)
DECIMAL: Final = pl.Decimal(24, 6)
WAN: Final = Decimal(10_000)

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

# A long number as spreadsheets show it once they took it for one: fifteen digits are left of it at most.
MANGLED: Final = r"^[0-9](?:\.[0-9]+)?E\+[0-9]{2}$"
# The form most cells of a type arrive in: nothing to trim, fold, raise or rewrite.
PLAIN: Final[dict[FieldType, str]] = {
    FieldType.USCC: USCC,
    FieldType.ID_NUMBER: ID_NUMBER,
    FieldType.REGISTRATION_NUMBER: REGISTRATION_NUMBER,
    FieldType.ORGANISATION_CODE: ORGANISATION_CODE,
    FieldType.PHONE: PHONE,
    FieldType.INTEGER: "^-?[0-9]+$",
    FieldType.DECIMAL: r"^-?[0-9]+(?:\.[0-9]{1,6})?$",
    FieldType.MONEY_YUAN: r"^-?[0-9]+(?:\.[0-9]{1,2})?$",
    FieldType.MONEY_WAN: r"^-?[0-9]+(?:\.[0-9]{1,6})?$",
    FieldType.YEAR: YEAR,
    FieldType.DATE: days.ISO_DAY,
    FieldType.MONTH: days.ISO_MONTH,
}


def as_text(column: Column) -> None:
    """Any text is text, but for what a spreadsheet made of a long number: 9.14E+17 has lost what it stood for."""
    if column.text.str.contains("E+", literal=True).any():
        column.fail(column.text.str.contains(MANGLED), Rule.TYPE)


def as_prose(_column: Column) -> None:
    """Whatever somebody wrote."""


def as_uscc(column: Column) -> None:
    column.shape(USCC)
    column.check(check_digits.wrong_usccs)


def as_organisation_code(column: Column) -> None:
    """The hyphen that is often written before the check character is left out."""
    column.text = column.value = column.change_odd(lambda odd: odd.str.replace(r"^(.{8})-(.)$", "$1$2"))
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
    column.value = column.change_odd(lambda odd: odd.str.replace_all(r"^\+|,", "")).cast(to, strict=False)
    column.fail(column.value.is_null() & column.text.is_not_null(), Rule.TYPE)  # beyond what the type holds


def as_day(forms: tuple[str, ...]) -> Callable[[Column], None]:
    def judge(column: Column) -> None:
        iso = column.change_odd(lambda odd: days.iso(odd, forms))
        column.value = iso.str.to_date("%Y-%m-%d", strict=False)
        column.fail(column.value.is_null() & column.text.is_not_null(), Rule.TYPE)

    return judge


def as_month(forms: tuple[str, ...]) -> Callable[[Column], None]:
    def judge(column: Column) -> None:
        column.value = column.change_odd(lambda odd: days.iso_month(odd, forms))
        column.fail(column.value.is_null() & column.text.is_not_null(), Rule.TYPE)

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


SIMPLE: Final[dict[FieldType, Callable[[Column], None]]] = {
    FieldType.TEXT: as_text,
    FieldType.LONG_TEXT: as_prose,
    FieldType.PERSON_NAME: as_prose,
    FieldType.CODE: as_prose,
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
