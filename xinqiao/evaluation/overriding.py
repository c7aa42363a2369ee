"""人工调整: two operators say for a time that one subject's grade should be read otherwise, and why.

It is told beside the model's own grade wherever that is told, to the business too, and never in its place. It begins
with the second person's word, ends by itself after its last day, and one operator can withdraw it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from xinqiao.evaluation import adopting, approving
from xinqiao.evaluation.errors import (
    OverrideInvalid,
    ProposedByYou,
    ReasonMissing,
    UnknownOverride,
    WrongStage,
)
from xinqiao.evaluation.models import Override
from xinqiao.evaluation.rules import OverrideState, override_state
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import operators
from xinqiao.subjects import queries as subjects

SHORTEST, LONGEST = 10, 500  # characters of the reason: the business reads it
LONGEST_TERM: Final = timedelta(days=183)  # half a year; by then the model or the facts are put right


@dataclass(frozen=True, slots=True)
class Said:
    """What is proposed. `until` is the last day it is shown."""

    subject: SubjectId
    grade: str
    reason: str
    until: date


@transaction.atomic
def propose(said: Said, *, by: PersonId, now: datetime) -> int:
    """Raises `NotAnOperator`, `ReasonMissing`, `OverrideInvalid`, `NoModelInForce`, `WrongStage` where one waits or
    holds already."""
    operators.required(by, now)
    title = check(said, now)
    if any(_state(row, now) in OPEN for row in Override.objects.filter(subject_id=said.subject)):
        raise WrongStage
    row = Override(subject_id=said.subject, grade=said.grade, title=title, reason=said.reason.strip())
    row.until, row.proposed_by_id, row.proposed_at = said.until, by, now
    row.save(force_insert=True)
    _say(Kind.OVERRIDE_PROPOSED, row, by, now)
    return row.pk


OPEN: Final = {OverrideState.PROPOSED, OverrideState.HOLDS}


def check(said: Said, now: datetime) -> str:
    """The title of the grade in the words of the model in force; refuses what `propose` would of these words."""
    if not SHORTEST <= len(said.reason.strip()) <= LONGEST:
        raise ReasonMissing(Saying("理由写 {least} 到 {most} 个字，企业会看到", least=SHORTEST, most=LONGEST))
    today = day_of(now)
    if not today <= said.until <= today + LONGEST_TERM:
        raise OverrideInvalid(Saying("最后一天从今天起算，最长半年"))
    [subject] = subjects.views([said.subject])
    bands = adopting.in_force(subject.kind, on=today, now=now).bound.model.grades
    found = next((band.title for band in bands if band.grade == said.grade), None)
    if found is None:
        raise OverrideInvalid(Saying("在用的模型里没有这个等级"))
    return found


@transaction.atomic
def approve(number: int, *, by: PersonId, now: datetime) -> None:
    """From now on it is told. Raises `NotAnOperator`, `UnknownOverride`, `WrongStage`, `ProposedByYou`."""
    row = _waiting(number, by, now)
    if row.proposed_by_id == by:
        raise ProposedByYou
    _decide(row, Kind.OVERRIDE_APPROVED, by, now, approved=True)


@transaction.atomic
def turn_down(number: int, *, by: PersonId, now: datetime) -> None:
    """Whoever proposed it may take it back so. Raises as `approve` does, but `ProposedByYou`."""
    _decide(_waiting(number, by, now), Kind.OVERRIDE_TURNED_DOWN, by, now, approved=False)


@transaction.atomic
def withdraw(number: int, *, because: str, by: PersonId, now: datetime) -> None:
    """From now on it is not told any more. Raises `NotAnOperator`, `ReasonMissing`, `UnknownOverride`, `WrongStage`."""
    approving.begin(because, by, now)
    row = _row(number)
    if _state(row, now) is not OverrideState.HOLDS:
        raise WrongStage
    row.withdrawn_by_id, row.withdrawn_at, row.withdrawn_because = by, now, because.strip()
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    _say(Kind.OVERRIDE_WITHDRAWN, row, by, now)


def _waiting(number: int, by: PersonId, now: datetime) -> Override:
    operators.required(by, now)
    row = _row(number)
    if _state(row, now) is not OverrideState.PROPOSED:
        raise WrongStage
    return row


def _row(number: int) -> Override:
    row = Override.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise UnknownOverride
    return row


def _state(row: Override, now: datetime) -> OverrideState:
    withdrawn = row.withdrawn_at is not None
    return override_state(approved=row.approved, withdrawn=withdrawn, until=row.until, on=day_of(now))


def _decide(row: Override, kind: Kind, by: PersonId, now: datetime, *, approved: bool) -> None:
    row.decided_by_id, row.decided_at, row.approved = by, now, approved
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    _say(kind, row, by, now)


def _say(kind: Kind, row: Override, by: PersonId, now: datetime) -> None:
    log.append(kind, now=now, about={"override": row.pk, "subject": row.subject_id, "by": by}, rows=[state_of(row)])
