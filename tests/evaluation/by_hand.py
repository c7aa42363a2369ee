"""A second engine: the same model files worked out fact by fact in plain Python, as a patient clerk would.

It shares the language with the product and nothing else: no Ibis, no SQL, no frames.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from xinqiao.catalogue.schema import FieldType, When
from xinqiao.evaluation.language import Bound, Indicator, ReadItem, Selection, Where, Worth

EPOCH = date(1970, 1, 1)
NONE, SILENT = -1, -2


@dataclass(frozen=True)
class Row:
    """A fact as the clerk has it before them."""

    fact_id: int
    subject_id: int
    standing: str
    valid_from: date | None
    valid_to: date | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """What the clerk writes down about one selection."""

    count: int
    value: Any
    day: int | None
    bin: int
    points: int
    facts: tuple[int, ...]


@dataclass(frozen=True)
class Result:
    state: int
    rank: int
    score: int
    points: int
    sheets: Mapping[str, Sheet]


def grade(bound: Bound, files: Mapping[str, Sequence[Row]], on: date, delivered: Iterable[str]) -> Result:
    """One subject's result from their facts by item."""
    model = bound.model
    there = set(delivered)
    sheets = {}
    for (place, name), selection in model.selections():
        rows = [row for row in files.get(selection.reads, ()) if counts(bound, selection, row, on)]
        if place == "indicators":
            assert isinstance(selection, Indicator)
            sheets[name] = indicator_sheet(bound, selection, rows, on, selection.reads in there)
        else:
            sheets[name] = Sheet(len(rows), None, newest(selection, rows), 0, 0, ids(rows))
    points = model.base + sum(sheets[name].points for name in model.indicators)
    worst = [place for name, _, place in model.limits() if sheets[name].count]
    rank = max(
        [next(i for i, band in enumerate(model.grades) if points >= band.since or i == len(model.grades) - 1), *worst]
    )
    top = model.scale if rank == 0 else model.grades[rank - 1].since - 1
    return Result(state(bound, sheets, there), rank, min(points, top), points, sheets)


def state(bound: Bound, sheets: Mapping[str, Sheet], there: set[str]) -> int:
    model = bound.model
    if any(sheets[name].count for name in model.ended):
        return 2
    told = {one.reads for name, one in model.indicators.items() if sheets[name].count}
    if len(told) >= model.thin_file.items_at_least:
        return 0
    of_breach = [(at[1], one.reads) for at, one in model.selections() if one.nature == "breach"]
    if any(sheets[name].count for name, _ in of_breach):
        return 0
    if not all(item in there for _, item in of_breach):
        return 1
    known = model.thin_file.known_for
    if known is not None and sheets[known.indicator].count and sheets[known.indicator].value >= known.at_least:
        return 0
    return 1


# ── which facts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def counts(bound: Bound, selection: Selection, row: Row, on: date) -> bool:
    if row.standing in ("repaired", "expired"):
        return False
    item = bound.items[selection.reads]
    types = {name: field.type for name, field in item.fields.items()}
    if not public(item, types, row) or (selection.nature and nature(item, types, row) != selection.nature):
        return False
    if not all(model_says(types, where, row, on) for where in selection.where) or not in_window(selection, row, on):
        return False
    if selection.in_force and ((row.valid_from and row.valid_from > on) or (row.valid_to and row.valid_to < on)):
        return False
    return all(row.values.get(field) is not None for field in needed(selection))


def public(item: ReadItem, types: Mapping[str, FieldType], row: Row) -> bool:
    for case in item.classed:
        if all(catalogue_says(types, when, row) for when in case.when):
            return case.classed not in ("authorised", "secret")
    return True


def nature(item: ReadItem, types: Mapping[str, FieldType], row: Row) -> str:
    for told in item.adverse.cases:
        if all(catalogue_says(types, when, row) for when in told.when):
            return told.nature
    return item.adverse.otherwise


def needed(selection: Selection) -> list[str]:
    measure = getattr(selection, "measure", None)
    if measure is None or measure.take in ("exists", "count", "percent"):
        return []
    return [measure.field, measure.by] if measure.take == "latest" else [measure.field]


def written(kind: FieldType, text: str) -> Any:
    match kind:
        case FieldType.INTEGER:
            return int(text)
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
            return Decimal(text)
        case FieldType.DATE:
            return date.fromisoformat(text)
        case FieldType.BOOLEAN:
            return text == "true"
        case _:
            return text


def catalogue_says(types: Mapping[str, FieldType], when: When, row: Row) -> bool:
    value = row.values.get(when.field)
    if when.filled is not None and (value is not None) != when.filled:
        return False
    said = value if isinstance(value, list) else [value]  # a decision may impose several penalties at once
    if when.is_in is not None and not any(one in [written(types[when.field], v) for v in when.is_in] for one in said):
        return False
    if when.only_in is not None and not all(one in when.only_in for one in said):
        return False
    if when.starts_with is not None and not (value is not None and value.startswith(tuple(when.starts_with))):
        return False
    return value is not None or when.filled is False


def model_says(types: Mapping[str, FieldType], where: Where, row: Row, on: date) -> bool:
    value = row.values.get(where.field)
    kind = types[where.field]
    if value is None:
        others = (where.is_in, where.not_in, where.at_least, where.at_most, where.passed)
        return where.filled is not True and all(o is None for o in others)
    several = value if isinstance(value, list) else [value]
    said = [
        where.filled is not False,
        where.is_in is None or any(one in [written(kind, v) for v in where.is_in] for one in several),
        where.not_in is None or not any(one in [written(kind, v) for v in where.not_in] for one in several),
        where.at_least is None or value >= where.at_least,
        where.at_most is None or value <= where.at_most,
        where.open is None or value > on,
        where.passed is None or value <= on,
        where.lasts is None or value >= on,
    ]
    return all(said)


def in_window(selection: Selection, row: Row, on: date) -> bool:
    window = selection.window
    if window is None:
        return True
    then = row.values.get(window.field)
    if then is None or then > on:
        return False
    last = then + timedelta(days=window.days) if window.days is not None else months_after(then, window.months or 0)
    return bool(on <= last)


def months_after(then: date, months: int) -> date:
    """The corresponding day, or the month's last where it has none (民法典 §202)."""
    year, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    return date(year, month + 1, min(then.day, calendar.monthrange(year, month + 1)[1]))


# ── what is taken ────────────────────────────────────────────────────────────────────────────────────────────────────


def indicator_sheet(bound: Bound, indicator: Indicator, rows: Sequence[Row], on: date, delivered: bool) -> Sheet:
    full = max((w for w in indicator.weight if w.since <= on), key=lambda w: w.since).points
    if not rows:
        worth, bin_ = (indicator.none, NONE) if delivered else (indicator.silent, SILENT)
        return Sheet(0, None, None, bin_, points_of(worth, full), ())
    value, facts = taken(bound, indicator, rows, on)
    bin_ = step_of(indicator, value)
    points = points_of(indicator.steps[bin_], full)
    return Sheet(len(rows), value, newest(indicator, rows), bin_, points, facts)


def points_of(worth: Worth, full: int) -> int:
    return full * worth.share // 100 if worth.share is not None else int(str(worth.points))


def step_of(indicator: Indicator, value: Any) -> int:
    scale = 100 if getattr(indicator.measure, "fading", ()) else 1
    for place, step in enumerate(indicator.steps[:-1]):
        codes = [code if isinstance(value, str) else Decimal(code) * scale for code in step.is_in or ()]
        if value in codes:
            return place
        if step.up_to is not None and value <= step.up_to * scale:
            return place
    return len(indicator.steps) - 1


def taken(bound: Bound, indicator: Indicator, rows: Sequence[Row], on: date) -> tuple[Any, tuple[int, ...]]:
    measure: Any = indicator.measure
    if measure.take == "latest":
        last = max(rows, key=lambda row: (row.values[measure.by], row.fact_id))
        return last.values[measure.field], (last.fact_id,)
    if measure.take == "percent":
        types = {name: field.type for name, field in bound.items[indicator.reads].fields.items()}
        also = [row for row in rows if all(model_says(types, where, row, on) for where in measure.of)]
        return 100 * len(also) // len(rows), ids(rows)
    if measure.take == "count" and measure.fading:
        return faded(indicator, rows, on), ids(rows)
    mine: list[Any] = [row.values.get(getattr(measure, "field", "")) for row in rows]
    said: dict[str, Callable[[], Any]] = {
        "exists": lambda: 1,
        "count": lambda: len(rows),
        "distinct": lambda: len(set(mine)),
        "sum": lambda: sum(mine),
        "largest": lambda: max(mine),
        "smallest": lambda: min(mine),
        "days_since_first": lambda: max((on - day).days for day in mine),
        "days_since_last": lambda: min((on - day).days for day in mine),
        "days_left": lambda: max((day - on).days for day in mine),
    }
    return said[measure.take](), ids(rows)


def faded(indicator: Indicator, rows: Sequence[Row], on: date) -> int:
    assert indicator.window is not None
    total = 0
    for row in rows:
        age = (on - row.values[indicator.window.field]).days
        total += next((s.percent for s in indicator.measure.fading if age <= s.up_to_days), 0)  # type: ignore[union-attr]
    return total


def newest(selection: Selection, rows: Sequence[Row]) -> int | None:
    measure = getattr(selection, "measure", None)
    field = selection.dated
    if field is None and measure is not None:
        dated_by_measure = {
            "latest": "by",
            "days_since_first": "field",
            "days_since_last": "field",
            "days_left": "field",
        }
        field = getattr(measure, dated_by_measure.get(measure.take, ""), None)
    if field is None and selection.window is not None:
        field = selection.window.field
    days = [(row.values[field] - EPOCH).days for row in rows if field and row.values.get(field) is not None]
    return max(days, default=None)


def ids(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(sorted(row.fact_id for row in rows))
