"""Overrides as they stand: what is told beside a subject's grade, and the list operators look after."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from xinqiao.evaluation.models import Override
from xinqiao.evaluation.rules import OverrideState, override_state
from xinqiao.evaluation.versions import Decided
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId


@dataclass(frozen=True, slots=True)
class OverrideView:
    id: int
    subject: SubjectId
    grade: str
    title: str
    reason: str
    until: date
    state: OverrideState
    proposed_by: PersonId
    proposed: Decided
    decided: Decided | None
    withdrawn: Decided | None


def holding(subject: SubjectId, *, on: date) -> OverrideView | None:
    """What two people say beside the model's grade on a day."""
    rows = _rows().filter(subject_id=subject, approved=True, withdrawn_at=None, until__gte=on)
    row = rows.order_by("-pk").first()
    return None if row is None else _view(row, on)


def every(now: datetime) -> list[OverrideView]:
    """Those that wait for a second person first, then those that hold, then the newest of the others."""
    order = {OverrideState.PROPOSED: 0, OverrideState.HOLDS: 1}
    found = [_view(row, day_of(now)) for row in _rows().order_by("-pk")]
    return sorted(found, key=lambda one: order.get(one.state, 2))


def _rows() -> QuerySet[Override]:
    return Override.objects.select_related("proposed_by", "decided_by", "withdrawn_by")


def _view(row: Override, on: date) -> OverrideView:
    withdrawn = row.withdrawn_at is not None
    return OverrideView(
        id=row.pk,
        subject=SubjectId(row.subject_id),
        grade=row.grade,
        title=row.title,
        reason=row.reason,
        until=row.until,
        state=override_state(approved=row.approved, withdrawn=withdrawn, until=row.until, on=on),
        proposed_by=PersonId(row.proposed_by_id),
        proposed=Decided(row.proposed_by.name, row.proposed_at),
        decided=Decided(row.decided_by.name, row.decided_at) if row.decided_by and row.decided_at else None,
        withdrawn=Decided(row.withdrawn_by.name, row.withdrawn_at, row.withdrawn_because)
        if row.withdrawn_by and row.withdrawn_at
        else None,
    )
