"""What if: the engine that grades, over a file as it would be. Many suppositions are one run; nothing is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from xinqiao.catalogue.schema import AdverseNature
from xinqiao.evaluation.compiling import ENVELOPE
from xinqiao.evaluation.engine import POLARS
from xinqiao.evaluation.explaining import Counted, Outcome, day_of
from xinqiao.evaluation.language import Bound, DaysSinceFirst, DaysSinceLast, Indicator, Selection, Window
from xinqiao.evaluation.scoring import Known, Runnable, score
from xinqiao.kernel.ids import SubjectId

FURTHEST: Final = timedelta(days=3 * 366)  # the longest any 失信 is shown is five years; nobody plans beyond three

REPAIRED: Final = "repaired"
NO_FACTS: Final = pl.DataFrame(schema={name: POLARS[kind] for name, kind in ENVELOPE.items()})


@dataclass(frozen=True, slots=True)
class Supposed:
    """Of one subject's file: facts repaired (修复), and an item's rows it does not have yet (补充)."""

    repaired: frozenset[int] = frozenset()
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def outcomes(model: Runnable, known: Known, suppositions: Sequence[Supposed]) -> list[Outcome]:
    """One outcome a supposition, in their order. `known` holds the facts of one subject and of nobody else."""
    if not suppositions:
        return []
    items = known.facts.keys() | {item for supposed in suppositions for item in supposed.rows}
    facts = {item: _frames(known, item, suppositions) for item in sorted(items)}
    places = [SubjectId(place) for place in range(1, len(suppositions) + 1)]
    return [one.outcome for one in score(model, places, replace(known, facts=facts))]


def _frames(known: Known, item: str, suppositions: Sequence[Supposed]) -> pl.DataFrame:
    """The item's facts once for each supposition, as if each were a subject of its own."""
    return pl.concat(
        [
            pl.concat(list(_frame(known, item, supposed)), how="diagonal_relaxed").with_columns(
                subject_id=pl.lit(place, dtype=pl.Int64)
            )
            for place, supposed in enumerate(suppositions, 1)
        ],
        how="diagonal_relaxed",
    )


def _frame(known: Known, item: str, supposed: Supposed) -> Iterator[pl.DataFrame]:
    frame = known.facts.get(item, NO_FACTS)
    repaired = pl.col("fact_id").is_in(sorted(supposed.repaired))
    yield frame.with_columns(standing=pl.when(repaired).then(pl.lit(REPAIRED)).otherwise("standing"))
    if item in supposed.rows:
        yield supposed.rows[item]


def adverse_facts(bound: Bound, outcome: Outcome) -> dict[int, list[str]]:
    """The facts of 失信 that counted, each with the indicators and limits it counted in."""
    found: dict[int, list[str]] = {}
    for (_, name), selection in bound.model.selections():
        if selection.nature is AdverseNature.BREACH:
            for fact in outcome.counted[name].facts:
                found.setdefault(fact, []).append(name)
    return found


def days_to_come(bound: Bound, outcome: Outcome, on: date) -> list[date]:
    """The days on which something counted will count no more or otherwise, by the passing of time alone."""
    days = {
        day
        for (_, name), selection in bound.model.selections()
        for day in _days(bound, selection, outcome.counted[name], on)
        if on < day <= on + FURTHEST
    }
    return sorted(days)


def _days(bound: Bound, selection: Selection, counted: Counted, on: date) -> Iterator[date]:
    newest = day_of(counted.day)
    if counted.count and newest and selection.nature is AdverseNature.BREACH and selection.window:
        yield day_after(selection.window, newest)
    measure = selection.measure if isinstance(selection, Indicator) else None
    if isinstance(selection, Indicator) and isinstance(measure, DaysSinceFirst | DaysSinceLast):
        value = int(counted.value or 0)
        limits = [int(step.up_to) for step in selection.steps if step.up_to is not None]
        yield from (on + timedelta(days=limit + 1 - value) for limit in limits if counted.count and limit >= value)


def day_after(window: Window, newest: date) -> date:
    """The first day on which a fact of that day lies in the window no more."""
    if window.days is not None:
        return newest + timedelta(days=window.days + 1)
    months = newest.year * 12 + newest.month - 1 + (window.months or 0)
    year, month = divmod(months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004 — December
    last = following - timedelta(days=1)
    return last.replace(day=min(newest.day, last.day)) + timedelta(days=1)
