"""Rules across the fields of one row: each waits until every field it looks at stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.catalogue.schema import (
    Check,
    FieldType,
    Item,
    MustBe,
    NotBefore,
    OneOfRequired,
    RefuseWhen,
    RequiredWhen,
    Rule,
    SumOf,
    When,
)
from xinqiao.intake.rules import sayings
from xinqiao.intake.rules.columns import Column
from xinqiao.intake.rules.judging import WAN
from xinqiao.kernel.sayings import Saying

Bools = npt.NDArray[np.bool_]
Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Across:
    """One compiled check: where its finding is laid, what it looks at, and which rows break it."""

    rule: Rule
    field: str
    fields: frozenset[str]
    saying: Saying
    breaks: Callable[[Columns], pl.Series]

    def broken(self, columns: Columns) -> Bools:
        """The rows that break it among those in which all its fields stand."""
        found = self.breaks(columns).fill_null(False).to_numpy()
        if not found.any():
            return found
        for name in self.fields:
            stands = columns[name].stands()
            found = found if stands is None else found & stands
        return found


def compiled(check: Check, item: Item) -> Across:
    fields: tuple[str, ...]
    match check:
        case NotBefore():
            fields, breaks = (check.field, check.other), _earlier(check)
        case RequiredWhen():
            fields, breaks = (check.field, check.when.field), _lacking(check, item)
        case OneOfRequired():
            fields, breaks = check.fields, _none_of(check.fields)
        case SumOf():
            fields, breaks = (check.field, *check.parts), _other_sum(check, item)
        case MustBe():
            fields, breaks = (check.field, *(w.field for w in check.when)), _other_value(check, item)
        case RefuseWhen():
            fields, breaks = tuple(w.field for w in check.all), _all_of(check.all, item)
        case _:
            assert_never(check)
    return Across(Rule(check.rule), fields[0], frozenset(fields), sayings.of_check(check), breaks)


def condition(when: When, item: Item) -> Callable[[Columns], pl.Series]:
    """Rows in which every stated part of the condition holds; null counts as not."""
    parts: list[Callable[[pl.Series], pl.Series]] = []
    field = item.fields[when.field]
    if when.is_in is not None:
        parts.append(_any_of(when.is_in) if field.several else _one_of(when.is_in, field.type))
    if when.only_in is not None:
        parts.append(_only(when.only_in))
    if when.filled is not None:
        parts.append(pl.Series.is_not_null if when.filled else pl.Series.is_null)
    if when.starts_with is not None:
        parts.append(_beginning(when.starts_with))

    def holds(columns: Columns) -> pl.Series:
        value = columns[when.field].value
        return _both([part(value).fill_null(False) for part in parts], len(value))

    return holds


def typed(text: str, kind: FieldType) -> Any:
    """A canonical value of the catalogue as the column's type has it."""
    match kind:
        case FieldType.BOOLEAN:
            return text == "true"
        case FieldType.DATE:
            return date.fromisoformat(text)
        case FieldType.INTEGER | FieldType.YEAR:
            return int(text)
        case FieldType.DECIMAL | FieldType.MONEY_YUAN:
            return Decimal(text)
        case FieldType.MONEY_WAN:
            return Decimal(text) * WAN
        case _:
            return text


def _one_of(texts: tuple[str, ...], kind: FieldType) -> Callable[[pl.Series], pl.Series]:
    values = [typed(text, kind) for text in texts]
    return lambda value: value.is_in(pl.Series(values, dtype=value.dtype, strict=False).implode())


def _any_of(codes: tuple[str, ...]) -> Callable[[pl.Series], pl.Series]:
    return lambda value: value.list.eval(pl.element().is_in(codes)).list.any()


def _only(codes: tuple[str, ...]) -> Callable[[pl.Series], pl.Series]:
    return lambda value: value.list.eval(pl.element().is_in(codes)).list.all()


def _beginning(beginnings: tuple[str, ...]) -> Callable[[pl.Series], pl.Series]:
    def begins(value: pl.Series) -> pl.Series:
        found = [value.str.starts_with(beginning) for beginning in beginnings]
        return _either(found, len(value))

    return begins


def _both(found: Sequence[pl.Series], size: int) -> pl.Series:
    result = pl.repeat(True, size, eager=True, dtype=pl.Boolean)
    for one in found:
        result = result & one
    return result


def _either(found: Sequence[pl.Series], size: int) -> pl.Series:
    result = pl.repeat(False, size, eager=True, dtype=pl.Boolean)
    for one in found:
        result = result | one.fill_null(False)
    return result


def _all_of(conditions: tuple[When, ...], item: Item) -> Callable[[Columns], pl.Series]:
    parts = [condition(when, item) for when in conditions]
    return lambda columns: _both([part(columns) for part in parts], len(next(iter(columns.values())).text))


def _earlier(check: NotBefore) -> Callable[[Columns], pl.Series]:
    return lambda columns: columns[check.field].value < columns[check.other].value


def _lacking(check: RequiredWhen, item: Item) -> Callable[[Columns], pl.Series]:
    needed = condition(check.when, item)
    return lambda columns: columns[check.field].value.is_null() & needed(columns)


def _none_of(fields: tuple[str, ...]) -> Callable[[Columns], pl.Series]:
    return lambda columns: _both([columns[f].value.is_null() for f in fields], len(columns[fields[0]].text))


def _other_value(check: MustBe, item: Item) -> Callable[[Columns], pl.Series]:
    """An empty field is not one of the values."""
    several = item.fields[check.field].several
    one = When(field=check.field, only_in=check.is_in) if several else When(field=check.field, is_in=check.is_in)
    allowed = condition(one, item)
    needed = _all_of(check.when, item)
    return lambda columns: ~allowed(columns) & needed(columns)


def _other_sum(check: SumOf, item: Item) -> Callable[[Columns], pl.Series]:
    """Compared only where the field and all its parts are filled."""
    wan = item.fields[check.field].type is FieldType.MONEY_WAN
    tolerance = check.tolerance * WAN if wan else check.tolerance

    def differs(columns: Columns) -> pl.Series:
        difference = columns[check.field].value
        for part in check.parts:
            difference = difference - columns[part].value
        return (difference > tolerance) | (difference < -tolerance)

    return differs
