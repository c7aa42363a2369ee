"""From a model to one expression over tables, and its SQL.

The tables are `subjects` (whom), `run` (one row: the day, and which items have been delivered at all) and one of facts
an item. One subject or the whole city is only the size of the tables. The SQL is frozen with the model's version; the
product runs that text, never a fresh compilation.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from typing import Any, Final

from xinqiao.catalogue.schema import AdverseNature
from xinqiao.evaluation import adding, grouping, marks, measuring
from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.language import Bound, Indicator
from xinqiao.evaluation.reading import fields_read
from xinqiao.evaluation.selecting import Expr, day_number, dtype_of

NONE: Final = -1  # the bin of an indicator on which the source has nothing
SILENT: Final = -2  # the bin of an indicator whose source has never delivered
RATED: Final = 0
THIN: Final = 1
ENDED: Final = 2
DIALECT: Final = "duckdb"
ENVELOPE: Final = {
    "fact_id": "int64",
    "subject_id": "int64",
    "standing": "string",
    "valid_from": "date",
    "valid_to": "date",
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """`sql` reads `tables` (name → column → type) and gives one row a subject; `digest` is its SHA-256."""

    expression: Any
    sql: str
    digest: str
    tables: dict[str, dict[str, str]]


def compile(bound: Bound) -> Compiled:  # noqa: A001 — the word of the trade; nobody here needs Python's own
    """Compile, and refuse with `NotPortable` whatever engines would not agree about."""
    from xinqiao.evaluation import portability  # in Ibis's own words: as late as Ibis itself

    tables = tables_of(bound)
    expression = _graded(bound, {name: ibis.table(columns, name=name) for name, columns in tables.items()})
    portability.check(expression)
    sql = str(ibis.to_sql(expression, dialect=DIALECT))
    return Compiled(expression, sql, hashlib.sha256(sql.encode()).hexdigest(), tables)


def once(bound: Bound) -> Compiled:
    """The same, worked out once in a process for the same words: it takes a second or two.

    In the order of the canonical words: what is recalled from them compiles to the very same text.
    """
    return _once(json.dumps(bound.model_dump(mode="json"), sort_keys=True))


@lru_cache(maxsize=64)
def _once(document: str) -> Compiled:
    return compile(Bound.model_validate_json(document))


def sql_in(compiled: Compiled, dialect: str) -> str:
    """The same expression in another engine's words."""
    return str(ibis.to_sql(compiled.expression, dialect=dialect))


def tables_of(bound: Bound) -> dict[str, dict[str, str]]:
    """What the SQL reads: the columns of each table and their types, in a fixed order."""
    items = sorted(bound.items)
    run = {"on_date": "date"} | {f"delivered_{item}": "boolean" for item in items}
    facts = {f"facts_{item}": ENVELOPE | _columns(bound, item) for item in items}
    return {"subjects": {"subject_id": "int64"}, "run": run} | facts


def _columns(bound: Bound, item: str) -> dict[str, str]:
    return {
        name: dtype_of(bound.field(item, name)) for name in sorted(fields_read(bound.model, bound.items[item], item))
    }


def _graded(bound: Bound, tables: dict[str, Expr]) -> Expr:
    """Facts → a row of measures per subject and item → bins and points → score, limits, grade."""
    subjects = tables["subjects"]
    wide = subjects.cross_join(tables["run"])
    for item in sorted(bound.items):
        measures = adding.per_subject(bound, item, tables[f"facts_{item}"], tables["run"].select("on_date"))
        wide = wide.left_join(measures, subjects.subject_id == measures[f"of_{item}"])
    counts = {f"n_{name}": wide[f"n_{name}"].fill_null(0) for name in _counted(bound)}
    bins = {f"b_{name}": _bin(bound, one, name, wide) for name, one in bound.model.indicators.items()}
    wide = wide.mutate(today=day_number(wide.on_date), **counts, **bins)
    wide = wide.mutate(**{f"p_{name}": _points(one, name, wide) for name, one in bound.model.indicators.items()})
    return _verdict(bound, wide)


def _counted(bound: Bound) -> list[str]:
    return [name for _, name in (at for at, _ in bound.model.selections())]


# ── measures → bins → points ─────────────────────────────────────────────────────────────────────────────────────────


def _bin(bound: Bound, indicator: Indicator, name: str, wide: Expr) -> Expr:
    """Which step the value falls on, or `NONE`, or `SILENT`. Silence counts only where nothing is known anyway."""
    value = wide[f"v_{name}"]
    delivered = wide[f"delivered_{indicator.reads}"]
    branches = [(wide[f"n_{name}"].fill_null(0) == 0, delivered.ifelse(NONE, SILENT).cast("int64"))]
    for place, step in enumerate(indicator.steps[:-1]):
        branches.append((_on_step(bound, indicator, step, value), ibis.literal(place, "int64")))
    return ibis.cases(*branches, else_=ibis.literal(len(indicator.steps) - 1, "int64"))


def _on_step(bound: Bound, indicator: Indicator, step: Any, value: Expr) -> Expr:
    if step.is_in is not None:
        text = measuring.is_text(bound, indicator)
        return value.isin(list(step.is_in) if text else [measuring.threshold(bound, indicator, v) for v in step.is_in])
    return value <= measuring.threshold(bound, indicator, step.up_to)


def _points(indicator: Indicator, name: str, wide: Expr) -> Expr:
    """Points are worked out here, once: the engine only looks them up by day and bin."""
    later = sorted(indicator.weight, key=lambda w: w.since, reverse=True)
    by_weight = [_points_of(indicator, weight.points, wide[f"b_{name}"]) for weight in later]
    if len(later) == 1:
        return by_weight[0]
    starts = [wide["today"] >= _day(weight.since) for weight in later[:-1]]
    return ibis.cases(*zip(starts, by_weight[:-1], strict=True), else_=by_weight[-1])


def _points_of(indicator: Indicator, full: int, place: Expr) -> Expr:
    worths = {NONE: indicator.none, SILENT: indicator.silent} | dict(enumerate(indicator.steps))
    points = {bin_: ibis.literal(worth.worth(full), "int64") for bin_, worth in worths.items()}
    last = points.pop(len(indicator.steps) - 1)
    return ibis.cases(*((place == bin_, one) for bin_, one in points.items()), else_=last)


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


# ── points → grade ───────────────────────────────────────────────────────────────────────────────────────────────────


def _verdict(bound: Bound, wide: Expr) -> Expr:
    model = bound.model
    points = reduce(
        lambda a, b: a + b, (wide[f"p_{name}"] for name in model.indicators), ibis.literal(model.base, "int64")
    )
    wide = wide.mutate(points=points, limit=_limit(bound, wide))
    wide = wide.mutate(rank=ibis.greatest(_rank(bound, wide["points"]), wide["limit"]))
    wide = wide.mutate(score=ibis.least(wide["points"], _top(bound, wide["rank"])), state=_state(bound, wide))
    return wide.select("subject_id", "state", "rank", "score", "points", *_told(bound))


def _told(bound: Bound) -> list[str]:
    packed = [word.column for item in sorted(bound.items) for word in marks.words(item, grouping.plan(bound, item))]
    alone = [f"f_{name}" for name, one in bound.model.indicators.items() if marks.alone(one)]
    indicators = [f"{letter}_{name}" for name in bound.model.indicators for letter in "nvdbp"]
    others = [
        f"{letter}_{name}" for (place, name), _ in bound.model.selections() if place != "indicators" for letter in "nd"
    ]
    return indicators + others + alone + packed


def _rank(bound: Bound, points: Expr) -> Expr:
    """The place of the grade the points earn, counted from the best (0)."""
    bands = bound.model.grades
    earned = [(points >= band.since, ibis.literal(place, "int64")) for place, band in enumerate(bands[:-1])]
    return ibis.cases(*earned, else_=ibis.literal(len(bands) - 1, "int64"))


def _limit(bound: Bound, wide: Expr) -> Expr:
    """The best grade the vetoes and caps that hold leave open."""
    held = [
        (wide[f"n_{name}"] > 0).ifelse(place, 0).cast("int64")
        for name, _, place in sorted(bound.model.limits(), key=lambda one: one[0])
    ]
    return ibis.greatest(ibis.literal(0, "int64"), *held) if held else ibis.literal(0, "int64")


def _top(bound: Bound, rank: Expr) -> Expr:
    """The highest score of a grade, so that a limited grade and its score do not contradict each other."""
    bands, scale = bound.model.grades, bound.model.scale
    tops = [scale, *(band.since - 1 for band in bands[:-1])]
    cases = [(rank == place, ibis.literal(top, "int64")) for place, top in enumerate(tops[:-1])]
    return ibis.cases(*cases, else_=ibis.literal(tops[-1], "int64"))


def _state(bound: Bound, wide: Expr) -> Expr:
    ended = [wide[f"n_{name}"] > 0 for name in bound.model.ended]
    branches = [(condition, ibis.literal(ENDED, "int64")) for condition in ended]
    branches.append((_thin(bound, wide), ibis.literal(THIN, "int64")))
    return ibis.cases(*branches, else_=ibis.literal(RATED, "int64"))


def _thin(bound: Bound, wide: Expr) -> Expr:
    """Few items tell of the subject, nothing adverse is among it, and it has not been known for long."""
    model = bound.model
    adverse = [name for (_, name), one in model.selections() if one.nature is AdverseNature.BREACH]
    clean = [wide[f"n_{name}"] == 0 for name in adverse]
    thin = reduce(lambda a, b: a & b, clean, _items_seen(bound, wide) < model.thin_file.items_at_least)
    if (known := model.thin_file.known_for) is None:
        return thin
    listed = [wide[f"delivered_{item}"] for item in model.breach_items()]
    long_known = (wide[f"v_{known.indicator}"] >= known.at_least).fill_null(False)
    return thin & ~reduce(lambda a, b: a & b, listed, long_known)


def _items_seen(bound: Bound, wide: Expr) -> Expr:
    seen = []
    for item in sorted(bound.items):
        counts = [wide[f"n_{name}"] > 0 for name, one in bound.model.indicators.items() if one.reads == item]
        if counts:
            seen.append(reduce(lambda a, b: a | b, counts).ifelse(1, 0).cast("int64"))
    return reduce(lambda a, b: a + b, seen, ibis.literal(0, "int64"))
