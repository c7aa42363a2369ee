"""Trials, shadows and monitoring runs as they came out: what was counted, and the drift between the two sides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from xinqiao.evaluation.errors import UnknownTrial
from xinqiao.evaluation.fit_language import BANDS
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.models import Progress, Trial
from xinqiao.evaluation.trials import Purpose
from xinqiao.validation import drift
from xinqiao.validation.drift import Drift


@dataclass(frozen=True, slots=True)
class TrialView:
    """One run. `result` is None until it ended; `done` of `whole` subjects are through until then.

    `against` is what it is held against: the version in force then, or for monitoring its own first grades.
    """

    id: int
    purpose: Purpose
    bound: Bound
    document: str
    against: str
    by: str
    begun_at: datetime
    ended_at: datetime | None
    position: int | None
    on: date | None
    result: Mapping[str, Any] | None
    done: int = 0
    whole: int = 0


def trial(number: int) -> TrialView:
    """Raises `UnknownTrial`."""
    row = _rows().filter(pk=number).first()
    if row is None:
        raise UnknownTrial
    return _view(row)


def of_document(document: str, *, limit: int = 20) -> list[TrialView]:
    """Every run of these very words, the newest first."""
    return [_view(row) for row in _rows().filter(document_sha256=document).order_by("-pk")[:limit]]


def of_model(model: str, *, limit: int = 20) -> list[TrialView]:
    """What operators tried of a model, whatever its words were, the newest first."""
    tried = _rows().filter(model=model, purpose=Purpose.TRIAL.value)
    return [_view(row) for row in tried.order_by("-pk")[:limit]]


def score_drift(result: Mapping[str, Any]) -> Drift | None:
    """PSI of the score between the two sides; None where there is one side, or nobody on one of them."""
    mine, theirs = result["mine"], result["theirs"]
    if theirs is None:
        return None
    step = mine["scale"] // BANDS
    names = [f"{place * step}–{(place + 1) * step - 1}" for place in range(BANDS)]
    return drift.psi(theirs["scores"], mine["scores"], names=names)


def input_drifts(result: Mapping[str, Any]) -> dict[str, Drift]:
    """CSI of each indicator both sides have; it says something where both are the same version."""
    mine, theirs = result["mine"]["inputs"], (result["theirs"] or {"inputs": {}})["inputs"]
    found = {name: _input(theirs[name], mine[name]) for name in mine if name in theirs}
    return {name: one for name, one in found.items() if one is not None}


def against_the_fit(bound: Bound, result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The same run held against the rows the version was fitted on; None where it was not fitted."""
    fit = bound.model.fit
    return None if fit is None else {**result, "theirs": fit.learnt.model_dump(mode="json")}


def _input(then: Mapping[str, int], now: Mapping[str, int]) -> Drift | None:
    bins = sorted({*then, *now}, key=int)
    return drift.psi([then.get(one, 0) for one in bins], [now.get(one, 0) for one in bins], names=bins)


def _rows() -> QuerySet[Trial]:
    return Trial.objects.select_related("against", "begun_by")


def _view(row: Trial) -> TrialView:
    far = None if row.ended_at else Progress.objects.filter(pk=row.pk).first()
    return TrialView(
        id=row.pk,
        purpose=Purpose(row.purpose),
        bound=Bound.model_validate_json(row.document),
        document=row.document_sha256,
        against=row.against.version if row.against else "",
        by=row.begun_by.name if row.begun_by else "",
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        position=row.position,
        on=row.on,
        result=json.loads(row.result) if row.result else None,
        done=far.done if far else 0,
        whole=far.whole if far else 0,
    )
