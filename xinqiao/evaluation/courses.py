"""How a version has been going: the figures of its kept runs, one after the other (走势)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth

from xinqiao.evaluation import tallying, trial_queries
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.models import Trial
from xinqiao.evaluation.trials import Purpose
from xinqiao.evaluation.views import State
from xinqiao.kernel.city_time import CITY_TIME

RECENT: Final = 90  # runs: a quarter of a year of nights
MONTHS: Final = 120


class Span(StrEnum):
    """The newest runs, or of each month the last."""

    RECENT = "recent"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run counted, as shares and means. `psi` is of the score, `fit` the same against the rows the version was
    fitted on, `csi` of the indicator that moved most, whose name it bears: only where a version is held against itself.
    The last three are there where outcomes were."""

    number: int
    purpose: Purpose
    at: datetime
    psi: float | None
    fit: float | None
    csi: tuple[str, float] | None
    coverage: float | None
    thin: float | None
    mean: float | None
    grades: Mapping[str, float]
    auc: float | None = None
    ks: float | None = None
    gini: float | None = None


def course(bound: Bound, document: str, span: Span = Span.RECENT) -> list[Run]:
    """The runs of a version that ended, the oldest first; `document` is the digest of its words."""
    return [_run(row, bound) for row in reversed(list(_chosen(document, span)))]


def _chosen(document: str, span: Span) -> QuerySet[Trial]:
    ended = Trial.objects.filter(document_sha256=document, ended_at__isnull=False)
    some = ended.only("pk", "purpose", "begun_at", "result")
    if span is Span.RECENT:
        return some.order_by("-pk")[:RECENT]
    months = some.annotate(month=TruncMonth("begun_at", tzinfo=CITY_TIME))
    return months.order_by("-month", "-pk").distinct("month")[:MONTHS]


def _run(row: Trial, bound: Bound) -> Run:
    result, purpose = json.loads(row.result), Purpose(row.purpose)
    mine, drift = result["mine"], trial_queries.score_drift(result)
    graded, thin = (mine["states"].get(state, 0) for state in (State.RATED, State.THIN))
    living = graded + thin  # who is no longer in being is not judged
    return Run(
        number=row.pk,
        purpose=purpose,
        at=row.begun_at,
        psi=None if drift is None else drift.psi,
        fit=_against_the_fit(bound, result),
        csi=_csi(result) if purpose is Purpose.MONITOR else None,
        coverage=graded / living if living else None,
        thin=thin / living if living else None,
        mean=mine["total"] / graded if graded else None,
        grades={grade: mine["grades"].get(grade, 0) / living for grade in tallying.order_of(bound)} if living else {},
        **dict(_proved(result["outcomes"])),
    )


def _against_the_fit(bound: Bound, result: Mapping[str, Any]) -> float | None:
    held = trial_queries.against_the_fit(bound, result)
    drift = None if held is None else trial_queries.score_drift(held)
    return None if drift is None else drift.psi


def _csi(result: Mapping[str, Any]) -> tuple[str, float] | None:
    found = trial_queries.input_drifts(result)
    name = max(found, key=lambda one: found[one].psi, default=None)
    return None if name is None else (name, found[name].psi)


def _proved(outcomes: Mapping[str, Any] | None) -> Iterator[tuple[str, float | None]]:
    if outcomes is not None:
        yield from ((figure, outcomes["mine"][figure]) for figure in ("auc", "ks", "gini"))
