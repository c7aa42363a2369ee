"""保存与披露期限, a whole chunk at a time: until when each row may be shown, as `catalogue.meaning` says of one."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from xinqiao.catalogue.schema import AdverseNature, FieldType, Item, When
from xinqiao.creditfile.rules.texts import plain

_MONTHS_IN_YEAR: Final = 12


def shown_until(rows: pl.DataFrame, item: Item) -> pl.Series:
    """The last day each row is told to others; None where no end is in sight (`meaning.shown_until`)."""
    return rows.with_columns(_shown_until(rows, item).alias("shown until"))["shown until"]


def first_day(values: pl.Series, kind: FieldType) -> pl.Series:
    """The day a date, month or year begins on."""
    return values.to_frame().select(_first_day(values.name, kind).alias(values.name))[values.name]


def last_day(values: pl.Series, kind: FieldType) -> pl.Series:
    """The day a date, month or year ends on."""
    end = _first_day(values.name, kind)
    if kind is FieldType.MONTH:
        end = end.dt.month_end()
    elif kind is FieldType.YEAR:
        end = end.dt.offset_by("11mo").dt.month_end()
    return values.to_frame().select(end.alias(values.name))[values.name]


def _shown_until(rows: pl.DataFrame, item: Item) -> pl.Expr:
    retention = item.retention
    none = pl.lit(None, dtype=pl.Date)
    if retention.counted_from is None:
        return none
    begun = _first_day(retention.counted_from, item.fields[retention.counted_from].type)
    if retention.while_empty is not None:
        begun = pl.when(pl.col(retention.while_empty).is_not_null()).then(begun)
    if retention.adverse_only:
        begun = pl.when(_adverse(rows, item)).then(begun)
    last = none if retention.years is None else _months_after(begun, retention.years * _MONTHS_IN_YEAR)
    answer = last
    for shown in reversed(retention.shown):
        answer = (
            pl.when(_all_hold(shown.when, rows))
            .then(pl.min_horizontal(_months_after(begun, shown.at_most_months), last))
            .otherwise(answer)
        )
    return answer


def _adverse(rows: pl.DataFrame, item: Item) -> pl.Expr:
    """Whether a row is breach or attention: what is neither may be shown long (条例 §19)."""
    answer = pl.lit(item.adverse.otherwise is not AdverseNature.NONE)
    for case in reversed(item.adverse.cases):
        said = pl.lit(case.nature is not AdverseNature.NONE)
        answer = pl.when(_all_hold(case.when, rows)).then(said).otherwise(answer)
    return answer


def _months_after(day: pl.Expr, months: int) -> pl.Expr:
    """The corresponding day so many months later, or that month's last (民法典 §202); at most the last there is."""
    later, last = day.dt.offset_by(f"{months}mo"), pl.lit(date.max)
    return pl.when(later > last).then(last).otherwise(later)


def _all_hold(conditions: Sequence[When], rows: pl.DataFrame) -> pl.Expr:
    return pl.all_horizontal(pl.lit(True), *(_holds(when, rows) for when in conditions))


def _holds(when: When, rows: pl.DataFrame) -> pl.Expr:
    if isinstance(rows[when.field].dtype, pl.List):
        return _holds_of_several(when)
    said = pl.lit(plain(rows[when.field]).fill_null(""))
    parts: list[pl.Expr] = []
    if when.filled is not None:
        parts.append((said != "") == pl.lit(when.filled))
    if when.is_in is not None:
        parts.append(said.is_in(list(when.is_in)))
    if when.only_in is not None:
        parts.append(said.is_in(list(when.only_in)))
    if when.starts_with is not None:
        parts.append(pl.any_horizontal(pl.lit(False), *(said.str.starts_with(one) for one in when.starts_with)))
    return pl.all_horizontal(pl.lit(True), *parts)


def _holds_of_several(when: When) -> pl.Expr:
    codes = pl.col(when.field)
    parts: list[pl.Expr] = []
    if when.filled is not None:
        parts.append(codes.is_not_null() == pl.lit(when.filled))
    if when.is_in is not None:
        parts.append(codes.list.eval(pl.element().is_in(when.is_in)).list.any().fill_null(False))
    if when.only_in is not None:
        parts.append(codes.list.eval(pl.element().is_in(when.only_in)).list.all().fill_null(False))
    return pl.all_horizontal(pl.lit(True), *parts)


def _first_day(name: str, kind: FieldType) -> pl.Expr:
    match kind:
        case FieldType.MONTH:
            return pl.col(name).str.to_date("%Y-%m")
        case FieldType.YEAR:
            return pl.date(pl.col(name), 1, 1)
        case _:
            return pl.col(name)
