"""From the conditions of a model, and of the law, to conditions on a table of facts.

A condition on an empty value is false, never unknown, so that `not` and `or` mean the same in every engine.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from xinqiao.catalogue.schema import AdverseNature, FieldType, SharingClass, When
from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.language import COUNTED_STANDINGS, Bound, ReadField, ReadItem, Selection, Where, Window

MONEY: Final = "decimal(18, 2)"
EPOCH: Final = (1970, 1, 1)
DTYPES: Final = {
    FieldType.INTEGER: "int64",
    FieldType.MONEY_YUAN: MONEY,
    FieldType.MONEY_WAN: MONEY,
    FieldType.DATE: "date",
    FieldType.BOOLEAN: "boolean",
}  # every other kind of field is text

ON: Final = "on_date"
Expr = Any  # ibis has no stubs; what passes between these modules are its columns and tables


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must meet beside being of a kind: as `language.Selection`, and `needed` fields filled."""

    reads: str
    nature: AdverseNature | None
    where: tuple[Where, ...]
    window: Window | None
    in_force: bool
    needed: tuple[str, ...]


def dtype_of(field: ReadField) -> str:
    return DTYPES.get(field.type, "string")


def day_number(column: Expr) -> Expr:
    """Days since 1970-01-01: the only arithmetic on dates that engines agree about."""
    return column.delta(ibis.date(*EPOCH), unit="day")


def with_days(rows: Expr) -> Expr:
    """The rows with the number of each of their dates beside it: reckoned once a row, however many selections ask."""
    dates = [name for name, kind in rows.schema().items() if kind.is_date()]
    return rows.mutate(**{_numbered(name): day_number(rows[name]) for name in dates})


def day_of(rows: Expr, field: str) -> Expr:
    """The day number of a date of rows that went through `with_days`."""
    return rows[_numbered(field)]


def _numbered(field: str) -> str:
    return f"day_of_{field}"


def months_begun(then: Expr, on: Expr) -> Expr:
    """Months from `then` to `on`, a begun one counted whole: n at most, up to the corresponding day of the n-th."""
    whole = (on.year() * 12 + on.month()) - (then.year() * 12 + then.month())
    return whole.cast("int64") + (on.day() > then.day()).ifelse(1, 0).cast("int64")


def literal(field: ReadField, written: str | Decimal) -> Expr:
    """A value as a file writes it, typed as the field is."""
    match dtype_of(field):
        case "int64":
            return ibis.literal(int(written), "int64")
        case "date":
            day = date.fromisoformat(str(written))
            return ibis.date(day.year, day.month, day.day)
        case "boolean":
            return ibis.literal(written == "true")
        case dtype if dtype == MONEY:
            return ibis.literal(Decimal(written), MONEY)
        case _:
            return ibis.literal(str(written), "string")


def every(conditions: Iterable[Expr]) -> Expr:
    """All of them; of none, true."""
    stated = list(conditions)
    return reduce(and_, stated) if stated else ibis.literal(True)


def meets_all(bound: Bound, condition: Condition, rows: Expr) -> Expr:
    """Does this row count? Standing, class, what the selection asks, and what is needed, in that order."""
    item = bound.items[condition.reads]
    return every(
        [
            rows.standing.isin(COUNTED_STANDINGS),
            *shared(item, rows),
            *asked_for(item, condition, rows),
            *(rows[name].notnull() for name in condition.needed),
        ]
    ).fill_null(False)


def asked_for(item: ReadItem, selection: Selection | Condition, rows: Expr) -> list[Expr]:
    """What the selection itself asks of a row: nature, conditions, window and validity, in that order."""
    return [
        *of_nature(item, selection.nature, rows),
        *(meets(item, where, rows) for where in selection.where),
        *within(selection.window, rows),
        *(valid(rows) if selection.in_force else ()),
    ]


def shared(item: ReadItem, rows: Expr) -> list[Expr]:
    """Whether this row's own class lets a public grade read it (minor penalties may not be public, Order 36)."""
    public = (SharingClass.OPEN, SharingClass.SHARED)
    if all(case.classed in public for case in item.classed):
        return []
    branches = [(all_hold(item, case.when, rows), ibis.literal(case.classed in public)) for case in item.classed]
    return [ibis.cases(*branches, else_=ibis.literal(True))]


def of_nature(item: ReadItem, nature: AdverseNature | None, rows: Expr) -> list[Expr]:
    """Whether the catalogue says this row is of that nature: the first of its cases that holds decides."""
    if nature is None:
        return []
    if not item.adverse.cases:
        return [ibis.literal(item.adverse.otherwise is nature)]
    branches = [(all_hold(item, case.when, rows), ibis.literal(case.nature is nature)) for case in item.adverse.cases]
    return [ibis.cases(*branches, else_=ibis.literal(item.adverse.otherwise is nature))]


def all_hold(item: ReadItem, conditions: Iterable[When], rows: Expr) -> Expr:
    return every(holds(item, condition, rows) for condition in conditions)


def among(field: ReadField, column: Expr, values: Iterable[str]) -> Expr:
    """Whether the value is one of these; of several codes, whether any is."""
    if not field.several:
        return column.isin([literal(field, v) for v in values])
    return reduce(or_, (column.contains(f'"{code}"') for code in values), ibis.literal(False))


def holds(item: ReadItem, when: When, rows: Expr) -> Expr:
    """A condition of the catalogue."""
    column, field = rows[when.field], item.fields[when.field]
    parts = []
    if when.is_in is not None:
        parts.append(among(field, column, when.is_in))
    if when.only_in is not None:
        others = [code for code in field.titles if code not in when.only_in]  # in their order: the text is hashed
        parts.append(column.notnull() & ~among(field, column, others))
    if when.filled is not None:
        parts.append(column.notnull() if when.filled else column.isnull())
    if when.starts_with is not None:
        begins = [column.startswith(start) for start in when.starts_with]
        parts.append(reduce(or_, begins, ibis.literal(False)))
    return every(parts).fill_null(False)


def meets(item: ReadItem, where: Where, rows: Expr) -> Expr:
    """A condition of the model."""
    column, field = rows[where.field], item.fields[where.field]
    parts = []
    if where.is_in is not None:
        parts.append(among(field, column, where.is_in))
    if where.not_in is not None:
        parts.append(column.notnull() & ~among(field, column, where.not_in))
    if where.filled is not None:
        parts.append(column.notnull() if where.filled else column.isnull())
    if where.at_least is not None:
        parts.append(column >= literal(field, where.at_least))
    if where.at_most is not None:
        parts.append(column <= literal(field, where.at_most))
    if where.open is not None:
        parts.append(column.isnull() | (column > rows.on_date))
    if where.passed is not None:
        parts.append(column <= rows.on_date)
    if where.lasts is not None:
        parts.append(column.isnull() | (column >= rows.on_date))
    return every(parts).fill_null(False)


def within(window: Window | None, rows: Expr) -> list[Expr]:
    if window is None:
        return []
    then = rows[window.field]
    come = then <= rows.on_date
    if window.days is not None:
        return [come, day_of(rows, ON) - day_of(rows, window.field) <= window.days]
    return [come, months_begun(then, rows.on_date) <= window.months]


def valid(rows: Expr) -> list[Expr]:
    since = rows.valid_from.isnull() | (rows.valid_from <= rows.on_date)
    until = rows.valid_to.isnull() | (rows.valid_to >= rows.on_date)
    return [since, until]
