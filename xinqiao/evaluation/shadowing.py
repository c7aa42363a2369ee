"""A version that runs along every night beside the one in force (陪跑), grading nobody."""

from datetime import datetime

from django.db import transaction

from xinqiao.evaluation import adopting, approving, trials
from xinqiao.evaluation.errors import UnknownVersion, WrongStage
from xinqiao.evaluation.models import ModelLife, Shadow
from xinqiao.evaluation.trials import Purpose
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import operators


@transaction.atomic
def begin(model: str, *, by: PersonId, now: datetime) -> int:
    """Freeze the words in the city's folder and run them every night; returns the version's number.

    Raises `NotAnOperator`, `UnknownModel`, `ModelFaults`, `CasesDiffer`, `ModelChanged`, `WrongStage`.
    """
    operators.required(by, now)
    adopted = adopting.adopt(approving.drafted(model).bound, now=now)
    decided = ModelLife.objects.filter(model_id=adopted.id, approved__isnull=False).exists()
    if decided or Shadow.objects.filter(model_id=adopted.id, ended_at=None).exists():
        raise WrongStage
    row = Shadow.objects.create(model_id=adopted.id, begun_by_id=by, begun_at=now)
    _say(Kind.SHADOW_BEGUN, row, by, now)
    return adopted.id


@transaction.atomic
def end(number: int, *, by: PersonId, now: datetime) -> None:
    """Raises `NotAnOperator`, `UnknownVersion` where it is no shadow now."""
    operators.required(by, now)
    row = Shadow.objects.select_for_update().filter(model_id=number, ended_at=None).first()
    if row is None:
        raise UnknownVersion
    row.ended_by_id, row.ended_at = by, now
    row.save(update_fields=["ended_by", "ended_at"])
    _say(Kind.SHADOW_ENDED, row, by, now)


def run_all(now: datetime) -> int:
    """One night of every shadow, over what is known now; returns how many there are."""
    running = list(Shadow.objects.filter(ended_at=None).order_by("pk").values_list("model_id", flat=True))
    for number in running:
        bound = adopting.recall(number).bound
        with transaction.atomic():
            against = trials.champion_of(bound, now)
            trial = trials.write_down(Purpose.SHADOW, bound, against=against, by=None, now=now)
        trials.run(trial, now=now)
    return len(running)


def _say(kind: Kind, row: Shadow, by: PersonId, now: datetime) -> None:
    log.append(kind, now=now, about={"model": row.model_id, "by": by}, rows=[state_of(row)])
