"""Proposing, approving, turning down and retiring a version of a model: operators' acts, each in the log.

One operator proposes what stands in the city's folder: its cases come out, and it is frozen as it stands. Another
approves it; from its own day on it grades. Retiring takes one: whoever grades then is the version that two people
approved before, or nobody.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.evaluation import adopting, model_files, trying, versions
from xinqiao.evaluation.errors import (
    CasesDiffer,
    NotTried,
    ProposedByYou,
    ReasonMissing,
    UnknownModel,
    UnknownVersion,
    WrongStage,
)
from xinqiao.evaluation.model_files import ModelFile
from xinqiao.evaluation.models import ModelLife, Trial
from xinqiao.evaluation.rules import Act, Refusal, refusal
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import operators

SHORTEST: Final = 2
LONGEST: Final = 500  # characters of a reason


@transaction.atomic
def propose(model: str, *, because: str, by: PersonId, now: datetime) -> int:
    """Freeze the version in the city's folder and ask for a second person; returns its number.

    Raises `NotAnOperator`, `ReasonMissing`, `UnknownModel`, `ModelFaults`, `CasesDiffer`, `ModelChanged`, `WrongStage`.
    """
    begin(because, by, now)
    file = drafted(model)
    adopted = adopting.adopt(file.bound, now=now)
    if ModelLife.objects.filter(model_id=adopted.id).exists():
        raise WrongStage
    term = file.bound.model.effective
    row = ModelLife(model_id=adopted.id, since=term.since, until=term.until)
    row.proposed_by_id, row.proposed_at, row.because = by, now, because.strip()
    row.save(force_insert=True)
    _say(Kind.MODEL_PROPOSED, row, by, now)
    return adopted.id


def drafted(model: str) -> ModelFile:
    """What stands in the city's folder under this name, with cases that come out.

    Raises `UnknownModel`, `ModelFaults`, `CasesDiffer`.
    """
    city = catalogue.city()
    file = model_files.load(city).get(model)
    if file is None:
        raise UnknownModel
    if wrong := trying.differences(city, file):
        raise CasesDiffer(wrong)
    return file


@transaction.atomic
def approve(number: int, *, by: PersonId, now: datetime) -> None:
    """From its day on this version grades. Raises `NotAnOperator`, `UnknownVersion`, `WrongStage`, `ProposedByYou`,
    `NotTried`, and `ModelChanged` where the files say something else by now."""
    operators.required(by, now)
    row = _allowed(Act.APPROVE, number, by, now)
    adopting.unchanged(adopting.recall(number))
    _seen_against_the_champion(row, now)
    _decide(row, Kind.MODEL_APPROVED, by, now, approved=True)


@transaction.atomic
def turn_down(number: int, *, by: PersonId, now: datetime) -> None:
    """It never grades; what is mended is a new version. Raises as `approve` does, but `ProposedByYou`."""
    operators.required(by, now)
    _decide(_allowed(Act.TURN_DOWN, number, by, now), Kind.MODEL_TURNED_DOWN, by, now, approved=False)


@transaction.atomic
def retire(number: int, *, because: str, by: PersonId, now: datetime) -> None:
    """It gives no grade any more; those it gave stay. Raises `NotAnOperator`, `ReasonMissing`, `UnknownVersion`,
    `WrongStage`."""
    begin(because, by, now)
    row = _allowed(Act.RETIRE, number, by, now)
    row.retired_by_id, row.retired_at, row.retired_because = by, now, because.strip()
    row.save(update_fields=["retired_by", "retired_at", "retired_because"])
    _say(Kind.MODEL_RETIRED, row, by, now)


def begin(because: str, by: PersonId, now: datetime) -> None:
    """An operator's act that says why. Raises `NotAnOperator`, `ReasonMissing`."""
    operators.required(by, now)
    if not SHORTEST <= len(because.strip()) <= LONGEST:
        raise ReasonMissing


def _allowed(act: Act, number: int, by: PersonId, now: datetime) -> ModelLife:
    row = ModelLife.objects.select_for_update(of=("self",)).select_related("model").filter(pk=number).first()
    if row is None:
        raise UnknownVersion
    match refusal(act, versions.stage_of(row, now), proposed_by=versions.life(row).proposed_by, by=by):
        case Refusal.WRONG_STAGE:
            raise WrongStage
        case Refusal.FOUR_EYES:
            raise ProposedByYou
    return row


def _seen_against_the_champion(row: ModelLife, now: datetime) -> None:
    """Where another version grades this kind, what would change has been seen. The first of a kind changes nothing."""
    champion = adopting.chosen(SubjectKind(row.model.kind), on=day_of(now), now=now)
    runs = Trial.objects.filter(document_sha256=row.model.document_sha256, ended_at__isnull=False)
    if champion is not None and not runs.exists():
        raise NotTried


def _decide(row: ModelLife, kind: Kind, by: PersonId, now: datetime, *, approved: bool) -> None:
    row.decided_by_id, row.decided_at, row.approved = by, now, approved
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    _say(kind, row, by, now)


def _say(kind: Kind, row: ModelLife, by: PersonId, now: datetime) -> None:
    log.append(kind, now=now, about={"model": row.model_id, "by": by}, rows=[state_of(row)])
