"""What is taken from the selected facts of a subject, of a part of them, and of the parts together."""

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, Final, assert_never

from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.language import (
    Bound,
    Count,
    DaysLeft,
    DaysSinceFirst,
    DaysSinceLast,
    Distinct,
    Exists,
    Indicator,
    Largest,
    Latest,
    Measure,
    Percent,
    ReadField,
    ReadItem,
    Selection,
    Smallest,
    Sum,
    Window,
)
from xinqiao.evaluation.selecting import MONEY, ON, Expr, day_of, dtype_of, every, literal, meets

AFTER_DAY: Final = 10**12  # a fact's number is below this, so day × this + number orders by day, then by number
HUNDREDTHS: Final = 100  # fading counts are kept in hundredths: 1.5 facts are 150


def fields_needed(measure: Measure) -> tuple[str, ...]:
    """The fields without which a fact says nothing to this measure."""
    match measure:
        case Exists() | Count() | Percent():
            return ()
        case Latest():
            return (measure.field, measure.by)
        case Distinct() | Sum() | Largest() | Smallest() | DaysSinceFirst() | DaysSinceLast() | DaysLeft():
            return (measure.field,)
        case _:
            assert_never(measure)


def dated_by(selection: Selection) -> str | None:
    """The field that tells of which day the newest of the facts is."""
    if selection.dated is not None:
        return selection.dated
    match getattr(selection, "measure", None):
        case Latest(by=field) | DaysSinceFirst(field=field) | DaysSinceLast(field=field) | DaysLeft(field=field):
            return field
        case _:
            return selection.window.field if selection.window else None


def newest_day(selection: Selection, rows: Expr, flag: Expr) -> Expr | None:
    """Day number of the newest row that counts; None where the selection has no date."""
    dated = dated_by(selection)
    return day_of(rows, dated).max(where=flag) if dated else None


def adds_up(selection: Selection) -> bool:
    """Whether what it takes of a subject's facts follows from what it takes of each part of them."""
    return not (isinstance(selection, Indicator) and isinstance(selection.measure, Distinct | Latest))


def counted(selection: Selection) -> bool:
    """Whether how many there are says its value, or it has none."""
    if not isinstance(selection, Indicator):
        return True
    return isinstance(selection.measure, Exists) or selection.measure == Count(take="count")


def value(  # noqa: C901, PLR0911 — one arm a word
    item: ReadItem, taken: Measure, window: Window | None, rows: Expr, flag: Expr
) -> Expr:
    """What the measure gives of the rows that count; `window` is the selection's, by whose date a count fades."""
    today = day_of(rows, ON)
    match taken:
        case Exists():
            return (rows.count(where=flag) > 0).ifelse(1, 0).cast("int64")
        case Count():
            return _faded(window, taken, rows, flag) if taken.fading else rows.count(where=flag)
        case Distinct():
            return rows[taken.field].nunique(where=flag)
        case Sum():  # back to the width of what was summed: an overflow is an error everywhere, never another type
            return rows[taken.field].sum(where=flag).cast(dtype_of(item.fields[taken.field]))
        case Largest():
            return rows[taken.field].max(where=flag)
        case Smallest():
            return rows[taken.field].min(where=flag)
        case Latest():
            return rows[taken.field].argmax(_order(taken, rows), where=flag)
        case DaysSinceFirst():
            return (today - day_of(rows, taken.field)).max(where=flag)
        case DaysSinceLast():
            return (today - day_of(rows, taken.field)).min(where=flag)
        case DaysLeft():
            return (day_of(rows, taken.field) - today).max(where=flag)
        case Percent():
            part = rows.count(where=flag & every(meets(item, where, rows) for where in taken.of))
            return (part * 100) // rows.count(where=flag).nullif(0)
        case _:
            assert_never(taken)


def part(item: ReadItem, indicator: Indicator, rows: Expr, flag: Expr) -> Expr | None:
    """What `together` needs of each part of the facts, beside how many there are; None where that says it all."""
    taken = indicator.measure
    if counted(indicator):
        return None
    if isinstance(taken, Percent):
        return rows.count(where=flag & every(meets(item, where, rows) for where in taken.of))
    return value(item, taken, indicator.window, rows, flag)


def together(bound: Bound, indicator: Indicator, count: Expr, values: Sequence[Expr]) -> Expr:  # noqa: PLR0911 — one arm a word
    """The value of all facts, `count` of them, from `value` of each part of them; nothing where nothing counts."""
    taken: Any = indicator.measure
    match taken:
        case Exists():
            return (count > 0).ifelse(1, 0).cast("int64")
        case Count() if not taken.fading:
            return count
        case Count():
            return _added(count, values, "int64")
        case Sum():
            return _added(count, values, dtype_of(bound.field(indicator.reads, taken.field)))
        case Percent():
            return (_added(count, values, "int64") * 100) // count.nullif(0)
        case Largest() | DaysSinceFirst() | DaysLeft():
            return largest(values)
        case Smallest() | DaysSinceLast():
            return smallest(values)
        case _:
            raise TypeError(f"a measure that does not add up: {taken}")


def largest(values: Sequence[Expr]) -> Expr:
    """Of those that are there."""
    return values[0] if len(values) == 1 else ibis.greatest(*values)


def smallest(values: Sequence[Expr]) -> Expr:
    return values[0] if len(values) == 1 else ibis.least(*values)


def _added(count: Expr, values: Sequence[Expr], kind: str) -> Expr:
    """Back to the width of what was added, as each sum is."""
    if len(values) == 1:
        return values[0]
    nought = ibis.literal(Decimal(0) if kind == MONEY else 0, kind)
    total = reduce(lambda a, b: a + b, (one.fill_null(nought) for one in values))
    return (count > 0).ifelse(total.cast(kind), ibis.literal(None, kind))


def deciding(indicator: Indicator, rows: Expr, flag: Expr) -> Expr | None:
    """The number of the fact that alone decides, where one does; of the others `marks` tells."""
    if isinstance(indicator.measure, Latest):
        return rows.fact_id.argmax(_order(indicator.measure, rows), where=flag)
    return None


def _order(latest: Latest, rows: Expr) -> Expr:
    return day_of(rows, latest.by) * AFTER_DAY + rows.fact_id


def _faded(window: Window | None, count: Count, rows: Expr, flag: Expr) -> Expr:
    """In hundredths of a fact."""
    if window is None:
        raise ValueError("a fading count needs the window's date")
    age = day_of(rows, ON) - day_of(rows, window.field)
    steps = [(age <= step.up_to_days, ibis.literal(step.percent, "int64")) for step in count.fading]
    return ibis.cases(*steps, else_=ibis.literal(0, "int64")).sum(where=flag).cast("int64")


def scale_of(indicator: Indicator) -> int:
    """By what a step's `up_to` is multiplied before it is compared with the value."""
    taken = indicator.measure
    return HUNDREDTHS if isinstance(taken, Count) and taken.fading else 1


def value_field(bound: Bound, indicator: Indicator) -> ReadField | None:
    """The field whose type the value has; None where the value is a whole number of its own."""
    match indicator.measure:
        case Sum(field=name) | Largest(field=name) | Smallest(field=name) | Latest(field=name):
            return bound.field(indicator.reads, name)
        case _:
            return None


def is_money(bound: Bound, indicator: Indicator) -> bool:
    field = value_field(bound, indicator)
    return field is not None and dtype_of(field) == MONEY


def is_text(bound: Bound, indicator: Indicator) -> bool:
    field = value_field(bound, indicator)
    return field is not None and dtype_of(field) == "string"


def threshold(bound: Bound, indicator: Indicator, up_to: Any) -> Expr:
    """A step's bound as a literal of the value's type."""
    field = value_field(bound, indicator)
    return literal(field, up_to) if field else ibis.literal(int(Decimal(up_to) * scale_of(indicator)), "int64")
