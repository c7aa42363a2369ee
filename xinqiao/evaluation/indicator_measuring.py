"""What an indicator takes from the selected facts of a subject, where models take nothing of the kind.

Shares and averages are reckoned in whole numbers, amounts in fen: a division is one of whole numbers by what is not
nought, rounded down, and every engine comes to the same.
"""

from typing import Any, Final

from xinqiao.evaluation import measuring
from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.indicator_language import (
    CataloguedIndicator,
    Growth,
    Mean,
    Months,
    MonthsSeen,
    Newest,
    Ratio,
)
from xinqiao.evaluation.language import ReadField, ReadItem
from xinqiao.evaluation.selecting import MONEY, Expr, day_of, dtype_of

ANCHOR: Final = "anchor"  # the newest month delivered, as a number: years × 12 + month
BEGINS: Final = "valid_from"
FEN: Final = 100
_BACK: Final = "months_back"


def fields_needed(indicator: CataloguedIndicator) -> tuple[str, ...]:
    """The fields without which a fact says nothing to this measure."""
    match indicator.measure:
        case Newest(field=field, by=by):
            return (field,) if by is None else (field, by)
        case Mean(field=field) | Growth(field=field):
            return (field,)
        case Ratio(field=field, to=to):
            return (field, to)
        case MonthsSeen():
            return ()
        case taken:
            return measuring.fields_needed(taken)


def dated_by(indicator: CataloguedIndicator) -> str:
    """The date that tells of which day the newest of the facts is."""
    match indicator.measure:
        case Newest(by=str(by)):
            return indicator.dated or by
        case _:
            return measuring.dated_by(indicator) or BEGINS


def within(months: Months | None, rows: Expr) -> list[Expr]:
    """Whether a fact begins in the newest months; one that says no month lies in none."""
    return [] if months is None else [_between(rows, months.last, 0)]


def with_months(rows: Expr) -> Expr:
    """The rows with how many months before the newest one each begins: reckoned once a row."""
    begins = rows[BEGINS]
    number = (begins.year() * 12 + begins.month()).cast("int64")
    return rows.mutate(**{_BACK: rows[ANCHOR] - number})


def _between(rows: Expr, many: int, before: int) -> Expr:
    """In the `many` months that end `before` the newest one; of rows that went through `with_months`."""
    back = rows[_BACK]
    return (back >= before) & (back < many + before)


def value(item: ReadItem, indicator: CataloguedIndicator, rows: Expr, flag: Expr) -> Expr:
    """`flag` is the boolean column that says which rows count: selected, and the needed fields filled."""
    taken: Any = indicator.measure
    match taken:
        case Newest():
            order = day_of(rows, taken.by or BEGINS).fill_null(0) * measuring.AFTER_DAY + rows.fact_id
            return rows[taken.field].argmax(order, where=flag)
        case Mean():
            whole = _whole(item.fields[taken.field], rows[taken.field])
            return whole.sum(where=flag).cast("int64") // rows.count(where=flag).nullif(0)
        case Ratio():
            part, all_ = (_whole(item.fields[name], rows[name]) for name in (taken.field, taken.to))
            return part.sum(where=flag).cast("int64") * 100 // all_.sum(where=flag).cast("int64").nullif(0)
        case MonthsSeen():
            return rows[_BACK].nunique(where=flag)
        case Growth():
            return _growth(item, taken, rows, flag)
        case _:
            return measuring.value(item, taken, indicator.window, rows, flag)


def _growth(item: ReadItem, taken: Growth, rows: Expr, flag: Expr) -> Expr:
    """Of items with one fact a month (`indicator_lint`): so many facts are so many months."""
    amount = _whole(item.fields[taken.field], rows[taken.field])
    now, then = flag & _between(rows, taken.months, 0), flag & _between(rows, taken.months, taken.against)
    known = (rows.count(where=now) == taken.months) & (rows.count(where=then) == taken.months)
    before = amount.sum(where=then).cast("int64")
    grown = (amount.sum(where=now).cast("int64") - before) * 100 // before.nullif(0)
    return (known & (before > 0)).fill_null(False).ifelse(grown, ibis.literal(None, "int64"))


def _whole(field: ReadField, column: Expr) -> Expr:
    """A number as a whole one: of money the fen."""
    return (column * FEN).cast("int64") if dtype_of(field) == MONEY else column


def in_fen(item: ReadItem, indicator: CataloguedIndicator) -> bool:
    """Whether the engine gives the value in fen."""
    taken = indicator.measure
    return isinstance(taken, Mean) and dtype_of(item.fields[taken.field]) == MONEY
