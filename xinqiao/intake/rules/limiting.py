"""What a value may be beyond its type: length, form, list, range, not in the future."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from xinqiao.catalogue.schema import Rule
from xinqiao.intake.rules.columns import Column

MONTH_LENGTH: Final = 7
Step = Callable[[Column], None]


@dataclass(frozen=True, slots=True)
class Spellings:
    """Texts that arrive and the canonical value each means."""

    meaning: dict[str, str]

    @property
    def plain(self) -> tuple[str, ...]:
        """Those that are canonical as they stand."""
        return tuple(text for text, canonical in self.meaning.items() if text == canonical)

    def canonical(self, text: pl.Series) -> pl.Series:
        """Null for spellings that mean nothing here."""
        return text.replace_strict(self.meaning, default=None, return_dtype=pl.String)


def one_of(spellings: Spellings, rule: Rule, *, others: bool) -> Step:
    """The value is one the list knows, its other spellings become the canonical one; `others` may stay as they are."""
    plain = spellings.plain

    def judge(column: Column) -> None:
        if column.text.is_in(plain).all():
            return
        canonical = spellings.canonical(column.text)
        if others:
            canonical = canonical.fill_null(column.text)
        column.value = canonical
        column.fail(canonical.is_null() & column.text.is_not_null(), rule)

    return judge


def among(texts: tuple[str, ...], rule: Rule) -> Step:
    return lambda column: column.fail(~column.text.is_in(texts), rule)


def matching(expression: str, rule: Rule) -> Step:
    return lambda column: column.fail(~column.text.str.contains(expression), rule)


def at_least(least: Decimal) -> Step:
    return lambda column: column.fail(column.value < _like(least, column), Rule.RANGE)


def at_most(most: Decimal) -> Step:
    return lambda column: column.fail(column.value > _like(most, column), Rule.RANGE)


def _like(limit: Decimal, column: Column) -> Decimal | int:
    whole = column.value.dtype == pl.Int64 and limit == limit.to_integral_value()
    return int(limit) if whole else limit


def no_later_than(day: date) -> Step:
    return lambda column: column.fail(column.value > _in_units_of(column, day), Rule.FUTURE)


def no_earlier_than(day: date) -> Step:
    return lambda column: column.fail(column.value < _in_units_of(column, day), Rule.RANGE)


def _in_units_of(column: Column, day: date) -> date | int | str:
    """The day itself, its month or its year, as the column counts."""
    if column.value.dtype == pl.Date:
        return day
    return day.year if column.value.dtype == pl.Int64 else day.isoformat()[:MONTH_LENGTH]


def length(most: int) -> Step:
    return lambda column: column.fail(column.text.str.len_chars() > most, Rule.LENGTH)


def pattern(expression: str) -> Step:
    """`\\d`, `\\w`, `\\s` mean ASCII only, as in the SQL engine; otherwise full-width digits would pass."""
    ascii_only = expression.replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]").replace(r"\s", r"[ \t\r\n\f\v]")
    whole = f"^(?:{ascii_only})$"
    return lambda column: column.fail(~column.text.str.contains(whole), Rule.PATTERN)


def beginning_with(beginnings: tuple[str, ...]) -> Step:
    expression = f"^(?:{'|'.join(beginnings)})"
    return lambda column: column.fail(~column.text.str.contains(expression), Rule.KIND)
