"""A row that would earn the most an indicator can give: what a business could still show, for the engine to verify."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from xinqiao.evaluation.engine import POLARS
from xinqiao.evaluation.language import (
    Bound,
    Count,
    Distinct,
    Exists,
    Indicator,
    Largest,
    Latest,
    Percent,
    ReadField,
    Smallest,
    Step,
    Sum,
    Where,
)
from xinqiao.evaluation.reading import fields_read
from xinqiao.evaluation.selecting import MONEY, dtype_of

FIRST_NUMBER: Final = 10**11  # beyond every fact there is, and below `measuring.AFTER_DAY`
MOST_ROWS: Final = 200
Row = dict[str, Any]


def rows(bound: Bound, name: str, on: date) -> pl.DataFrame | None:
    """Facts of one item, dated that day, meant to reach the best step of an indicator; None where only time can.

    What is meant is not yet true: other conditions of the model may stand against it, so whoever asks runs it.
    """
    indicator = bound.model.indicators[name]
    wanted = _wanted(indicator, bound.model.weight_on(indicator, on).points)
    made = None if wanted is None else _rows(bound, indicator, wanted, on)
    if not made or len(made) > MOST_ROWS:
        return None
    item = bound.items[indicator.reads]
    fields = {one: dtype_of(item.fields[one]) for one in fields_read(bound.model, item, indicator.reads)}
    schema: dict[str, Any] = {"fact_id": pl.Int64, "standing": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    schema |= {one: POLARS[dtype] for one, dtype in fields.items() if one not in schema}
    numbered = [{"fact_id": FIRST_NUMBER + n, "standing": "good"} | row for n, row in enumerate(made)]
    return pl.DataFrame([{k: v for k, v in row.items() if k in schema} for row in numbered], schema=schema)


def _wanted(indicator: Indicator, full: int) -> Decimal | str | None:
    """A value on the best step: its upper edge, the first beyond the step before it, or one of its codes."""
    place, best = max(enumerate(indicator.steps), key=lambda one: one[1].worth(full))
    if best.worth(full) <= indicator.none.worth(full):
        return None
    if best.is_in is not None:
        return best.is_in[0]
    if best.up_to is not None:
        return Decimal(best.up_to)
    return _beyond(indicator.steps[:place])


def _beyond(before: Sequence[Step]) -> Decimal | None:
    """Past every edge before; after steps of codes nothing can be said."""
    edges = [Decimal(step.up_to) for step in before if step.up_to is not None]
    if len(edges) < len(before):
        return None
    return Decimal(int(max(edges, default=Decimal(0))) + 1)


def _rows(bound: Bound, indicator: Indicator, wanted: Decimal | str, on: date) -> list[Row] | None:
    fields = bound.items[indicator.reads].fields
    base = _meeting(fields, indicator.where, on)
    if indicator.window is not None:
        base[indicator.window.field] = on
    measure = indicator.measure
    match measure:
        case Exists():
            return [base]
        case Count():
            return [base] * int(wanted)
        case Distinct() if dtype_of(fields[measure.field]) == "string":
            return [base | {measure.field: f"{n}"} for n in range(int(wanted))]
        case Sum() | Largest() | Smallest() | Latest():
            dated = {measure.by: on} if isinstance(measure, Latest) else {}
            return [base | dated | {measure.field: _number(fields[measure.field], wanted)}]
        case Percent():
            return [base | _meeting(fields, measure.of, on)]
        case _:  # an age, a term: only time brings it
            return None


def _number(field: ReadField, wanted: Decimal | str) -> Any:
    match dtype_of(field):
        case "int64":
            return int(wanted)
        case dtype if dtype == MONEY:
            return Decimal(wanted).quantize(Decimal("0.01"))
        case _:
            return str(wanted)


def _meeting(fields: Mapping[str, ReadField], conditions: Sequence[Where], on: date) -> Row:
    """A row that meets each condition by itself."""
    return {one.field: _value(fields[one.field], one, on) for one in conditions}


def _value(field: ReadField, where: Where, on: date) -> Any:
    if where.open or where.lasts or where.filled is False:
        return None
    if where.passed:
        return on
    if where.is_in:
        return _code(field, where.is_in[0])
    if where.not_in is not None:
        return _code(field, next((code for code in field.titles if code not in where.not_in), "其他"))
    bound = where.at_least if where.at_least is not None else where.at_most
    if bound is not None:
        return _number(field, Decimal(bound))
    return {"date": on, "boolean": True, "int64": 1, MONEY: Decimal(1)}.get(dtype_of(field), "有")


def _code(field: ReadField, code: str) -> Any:
    match dtype_of(field):
        case "boolean":
            return code == "true"
        case "int64":
            return int(code)
        case "date":
            return date.fromisoformat(code)
        case _:
            return json.dumps([code]) if field.several else code
