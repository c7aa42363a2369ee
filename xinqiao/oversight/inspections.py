"""Reading inspections: inspectors all, the operator those of itself, an institution its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId
from xinqiao.oversight.errors import NotFound
from xinqiao.oversight.keeping import LARGEST
from xinqiao.oversight.models import Inspection
from xinqiao.oversight.rules.inspections import State, mend_clock
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.rules.objections import Clock

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class InspectionView:
    """`institution` None: of the operator itself."""

    number: int
    institution: InstitutionId | None
    institution_name: str
    scope: str
    opened_at: datetime
    inspector: str
    state: State
    findings: str
    mend: str
    due: date | None
    found_at: datetime | None
    report: str
    reported_at: datetime | None
    sent_back: str
    closed_at: datetime | None

    @property
    def reference(self) -> str:
        """J-20261123-000007: the day it was begun in the city, and its number."""
        return f"J-{day_of(self.opened_at):%Y%m%d}-{self.number:06d}"

    @property
    def open(self) -> bool:
        return self.state is not State.CLOSED

    def clock(self) -> Clock:
        done = self.reported_at if self.state in {State.REPORTED, State.CLOSED} else None
        return mend_clock(self.due, None if done is None else day_of(done))


def inspection(number: int, *, of: Scope) -> InspectionView:
    """Raises `NotFound`, for another's as for one that is not there."""
    rows = _within(Inspection.objects.filter(pk=number) if 0 < number <= LARGEST else Inspection.objects.none(), of)
    found = _views(rows)
    if not found:
        raise NotFound
    return found[0]


def inspections(of: Scope, *, open_: bool | None = None) -> list[InspectionView]:
    """The open ones oldest first, the others newest first."""
    rows = _within(Inspection.objects.order_by("id" if open_ else "-id"), of)
    if open_ is not None:
        rows = rows.exclude(state=State.CLOSED) if open_ else rows.filter(state=State.CLOSED)
    return _views(rows[:PAGE])


def _within(rows: QuerySet[Inspection], of: Scope) -> QuerySet[Inspection]:
    rows = rows.select_related("institution", "opened_by")
    match of.role:
        case Role.INSPECTOR:
            return rows
        case Role.OPERATOR:
            return rows.filter(institution__isnull=True)
        case Role.OFFICER:
            return rows.filter(institution_id=of.organisation)
        case _:
            return rows.none()


def _views(rows: Iterable[Inspection]) -> list[InspectionView]:
    return [
        InspectionView(
            number=row.pk,
            institution=None if row.institution_id is None else InstitutionId(row.institution_id),
            institution_name="" if row.institution is None else row.institution.name,
            scope=row.scope,
            opened_at=row.opened_at,
            inspector=row.opened_by.name,
            state=State(row.state),
            findings=row.findings,
            mend=row.mend,
            due=row.due,
            found_at=row.found_at,
            report=row.report,
            reported_at=row.reported_at,
            sent_back=row.sent_back,
            closed_at=row.closed_at,
        )
        for row in rows
    ]
