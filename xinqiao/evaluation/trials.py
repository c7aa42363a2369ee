"""Running a version over the whole city without giving a grade (试算): nobody is told, nobody's result is kept.

A trial holds the words in the city's folder against the version in force, over the facts known now. A shadow (陪跑)
does the same every night with a frozen version. A monitoring run (监测) reads the grades a version has given, the
latest of each business against its first: how the version has been doing since it came in force.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction

from xinqiao import work
from xinqiao.evaluation import adopting, approving, given, inputs, proving, segments, tallying, trying
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.models import Progress, Trial
from xinqiao.evaluation.outcome_files import Labelled
from xinqiao.evaluation.scoring import Runnable, score
from xinqiao.evaluation.tallying import Judged, Spread, Tally, judged
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, Position, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger import locks, log
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import operators
from xinqiao.subjects import queries as subjects

CHUNK: Final = 20_000  # as in `grading`
Pair = tuple[Judged, Judged | None]


class Purpose(StrEnum):
    TRIAL = "trial"
    SHADOW = "shadow"
    MONITOR = "monitor"


@transaction.atomic
def begin(model: str, *, by: PersonId, now: datetime, later: bool = False) -> int:
    """Write down that the words in the city's folder are to be tried; `later` leaves the work to the worker.

    Returns the trial's number. Raises `NotAnOperator`, `UnknownModel`, `ModelFaults`, `CasesDiffer`.
    """
    operators.required(by, now)
    bound = approving.drafted(model).bound
    number = write_down(Purpose.TRIAL, bound, against=champion_of(bound, now), by=by, now=now)
    if later:
        work.defer("evaluation.try", trial=number)
    return number


def champion_of(bound: Bound, now: datetime) -> int | None:
    """The version in force it is held against; none where it is that very one."""
    number = adopting.chosen(bound.model.kind, on=day_of(now), now=now)
    if number is None or adopting.digest(adopting.recall(number).bound) == adopting.digest(bound):
        return None
    return number


def write_down(purpose: Purpose, bound: Bound, *, against: int | None, by: PersonId | None, now: datetime) -> int:
    """A trial that has not begun to run."""
    row = Trial(purpose=purpose.value, model=bound.model.model, version=bound.model.version)
    row.kind, row.document, row.document_sha256 = bound.model.kind.value, *adopting.written(bound)
    row.against_id, row.begun_by_id, row.begun_at = against, by, now
    row.save(force_insert=True)
    _say(Kind.TRIAL_BEGUN, row, now)
    return row.pk


def run(number: int, *, now: datetime, outcomes: Sequence[Labelled] = ()) -> None:
    """Do it, unless it has been done: over all subjects of its kind, with the facts known at one place in the log."""
    with locks.held(f"evaluation:trial:{number}", wait=True):
        row = Trial.objects.get(pk=number)
        if row.ended_at is None:
            _run(row, now, outcomes)


def _run(row: Trial, now: datetime, outcomes: Sequence[Labelled]) -> None:
    row.position, row.on = ledger.latest_position(), day_of(now)
    bound = Bound.model_validate_json(row.document)
    against = None if row.against_id is None else adopting.recall(row.against_id).runnable
    theirs = None if against is None else Spread(against.bound.model.scale)
    tally = Tally(Spread(bound.model.scale), theirs, tallying.order_of(bound))
    proof = proving.Proof(outcomes, bound.model.fit)
    for whom, pairs in _judged(row, bound, against):
        groups = segments.of(whom, on=row.on, at=Position(row.position))
        for subject, (one, other) in pairs.items():
            tally.add(subject, one, other, groups[subject])
            proof.add(subject, one, other)
    _end(row, tally.as_dict() | {"outcomes": proof.as_dict()}, now)


def _judged(
    row: Trial, bound: Bound, against: Runnable | None
) -> Iterator[tuple[list[SubjectId], dict[SubjectId, Pair]]]:
    whom = subjects.selected(kinds=[SubjectKind(row.kind)])
    mine = trying.runnable(bound)
    for start in range(0, len(whom), CHUNK):
        some = whom[start : start + CHUNK]
        Progress.objects.update_or_create(trial_id=row.pk, defaults={"done": start, "whole": len(whom)})
        if row.purpose == Purpose.MONITOR:
            found: dict[SubjectId, Pair] = {**given.first_and_latest(row.against_id or 0, some)}
            yield list(found), found
        else:
            yield some, _both(row, mine, against, some)


def _both(row: Trial, mine: Runnable, against: Runnable | None, some: list[SubjectId]) -> dict[SubjectId, Pair]:
    one = _scored(row, mine, some)
    other = _scored(row, against, some) if against is not None else {}
    return {subject: (one[subject], other.get(subject)) for subject in some}


def _scored(row: Trial, model: Runnable, some: list[SubjectId]) -> dict[SubjectId, Judged]:
    assert row.on is not None  # noqa: S101 — for the type checker: `_run` has set both
    assert row.position is not None  # noqa: S101
    known = inputs.known(model.bound, some, on=row.on, at=Position(row.position))
    return {one.subject_id: judged(model.bound, one.outcome) for one in score(model, some, known)}


@transaction.atomic
def _end(row: Trial, result: dict[str, Any], now: datetime) -> None:
    row.result, row.ended_at = json.dumps(result, ensure_ascii=False, sort_keys=True), now
    row.save(update_fields=["position", "on", "result", "ended_at"])
    Progress.objects.filter(trial_id=row.pk).delete()
    _say(Kind.TRIAL_ENDED, row, now)


def _say(kind: Kind, row: Trial, now: datetime) -> None:
    about: dict[str, Any] = {"trial": row.pk, "purpose": row.purpose, "document": row.document_sha256}
    log.append(kind, now=now, about=about | {"by": row.begun_by_id}, rows=[state_of(row)])


def monitor(number: int, *, now: datetime, outcomes: Sequence[Labelled] = (), by: PersonId | None = None) -> int:
    """How a version has been doing since it came in force; returns the number of what was written down."""
    with transaction.atomic():
        bound = adopting.recall(number).bound
        trial = write_down(Purpose.MONITOR, bound, against=number, by=by, now=now)
    run(trial, now=now, outcomes=outcomes)
    return trial


def monitor_all(*, now: datetime) -> None:
    """Every version in force."""
    numbers = (adopting.chosen(kind, on=day_of(now), now=now) for kind in SubjectKind)
    for number in numbers:
        if number is not None:
            monitor(number, now=now)
