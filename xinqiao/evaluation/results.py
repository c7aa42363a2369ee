"""Reading grades as they were given. Only evaluation, disclosure, the safe house and rights may: one door.

A grade is explained from its own row and its frozen model alone, so it reads the same in ten years.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from xinqiao.database import statements
from xinqiao.evaluation import adopting, explaining, outcomes
from xinqiao.evaluation.models import Grade
from xinqiao.evaluation.narrowing import Narrowed, narrowed
from xinqiao.evaluation.views import GradeView, WithoutDisputed
from xinqiao.kernel.ids import EventId, FactId, Position, SubjectId

LONGEST_HISTORY: Final = 100  # a subject graded daily for a quarter of a year; nobody reads further back on a page
# Whoever knew more is the newer, whenever it was written: a run over the whole city takes minutes, and somebody it has
# not come to yet may be graded again meanwhile.
NEWEST: Final = ("-position", "-id")


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A grade without its explanation, for lists."""

    subject_id: SubjectId
    grade: str
    title: str
    score: int | None
    on: date


def latest(subject_id: SubjectId) -> GradeView | None:
    """The newest grade of a subject, explained, or None where it has never been graded."""
    row = Grade.objects.filter(subject_id=subject_id).order_by(*NEWEST).first()
    return None if row is None else view(row)


def history(subject_id: SubjectId, *, limit: int = LONGEST_HISTORY, until: EventId | None = None) -> list[GradeView]:
    """A subject's grades, newest first; from the one that `until` gave, where it is named."""
    found = statements.rows(_HISTORY, subject_id, until, min(limit, LONGEST_HISTORY))
    return [view(Grade.from_db(None, _ATTRIBUTES, values)) for values in found]


_ATTRIBUTES: Final = [field.attname for field in Grade._meta.concrete_fields]  # noqa: SLF001 — the framework's public word for it
_COLUMNS: Final = ", ".join(f'g."{field.column}"' for field in Grade._meta.concrete_fields)  # noqa: SLF001
_HISTORY: Final = f"""
SELECT {_COLUMNS} FROM evaluation_grade g
 WHERE g.subject_id = $1 AND ($2::bigint IS NULL OR (g.position, g.id) <= (
       SELECT l.position, l.id FROM evaluation_grade l WHERE l.subject_id = $1 AND l.event = $2 ORDER BY l.id LIMIT 1))
 ORDER BY g.position DESC, g.id DESC LIMIT $3
"""
# One step down the index for each, however long its history is.
_NEWEST_OF_EACH: Final = f"""
SELECT {_COLUMNS} FROM unnest($1::bigint[]) AS wanted (subject_id) CROSS JOIN LATERAL (
    SELECT * FROM evaluation_grade n WHERE n.subject_id = wanted.subject_id ORDER BY n.position DESC, n.id DESC LIMIT 1
) g
"""


def lines(subject_ids: Collection[SubjectId]) -> dict[SubjectId, GradeLine]:
    """The newest grade of each of these subjects; those never graded are left out."""
    return {one: _line(row) for one, row in in_force(subject_ids).items()}


def in_force(subject_ids: Collection[SubjectId]) -> dict[SubjectId, Grade]:
    """The newest row of each of these subjects; those never graded are left out."""
    found = statements.rows(_NEWEST_OF_EACH, sorted(subject_ids))
    rows = (Grade.from_db(None, _ATTRIBUTES, values) for values in found)
    return {SubjectId(row.subject_id): row for row in rows}


def given_by(event: EventId) -> Sequence[GradeView]:
    """Every grade of one act, in its order."""
    return [view(row) for row in Grade.objects.filter(event=event).order_by("ordinal")]


def moved_by(event: EventId, among: Collection[SubjectId]) -> set[SubjectId]:
    """Those of these subjects to whom this act gave another grade than they had."""
    given = Grade.objects.filter(event=event, subject_id__in=list(among)).values_list("subject_id", flat=True)
    found = {SubjectId(one): history(SubjectId(one), limit=2, until=event) for one in given}
    return {one for one, grades in found.items() if len({grade.grade for grade in grades}) == len(grades)}


def view(row: Grade) -> GradeView:
    """The row, explained by the model that gave it."""
    adopted = adopting.recall(row.model_id)
    bound, model = adopted.bound, adopted.bound.model
    told = explaining.explain(bound, outcome(row, adopted), row.on)
    return GradeView(
        subject_id=SubjectId(row.subject_id),
        state=told.verdict.state,
        grade=told.verdict.grade,
        title=told.verdict.title,
        score=told.verdict.score,
        points=row.points,
        base=model.base,
        scale=model.scale,
        parts=told.parts,
        limits=told.limits,
        reasons=told.reasons,
        missing=told.missing,
        without_disputed=_without(row),
        model=model.model,
        model_title=model.title,
        version=model.version,
        sql_sha256=adopted.runnable.sql_sha256,
        position=Position(row.position),
        on=row.on,
        given_at=row.given_at,
        event=EventId(row.event),
    )


def within(given: GradeView, *, items: Collection[str], facts: Collection[FactId]) -> Narrowed:
    """What of a grade that was given may be said to whoever is told of these items and these facts only."""
    assert given.event is not None  # noqa: S101 — a trial that is not kept has none
    row = Grade.objects.filter(subject_id=given.subject_id, event=given.event).order_by("pk")[:1].get()
    adopted = adopting.recall(row.model_id)
    return narrowed(adopted.bound, outcome(row, adopted), row.on, items=items, facts=facts)


def outcome(row: Grade, adopted: adopting.Adopted) -> explaining.Outcome:
    """What was kept of a grade; `adopted` is the model that gave it."""
    kept = json.loads(row.outcome)
    return outcomes.unpacked(adopted.bound, kept, state=row.state, rank=row.rank, score=row.capped, points=row.points)


def _without(row: Grade) -> WithoutDisputed | None:
    if row.without_grade is None:
        return None
    return WithoutDisputed(row.without_grade, row.without_title or "", row.without_score)


def _line(row: Grade) -> GradeLine:
    adopted = adopting.recall(row.model_id)
    told = explaining.verdict(adopted.bound, outcome(row, adopted))
    return GradeLine(SubjectId(row.subject_id), told.grade, told.title, told.score, row.on)
