"""Reads of sharing bases, live: what has ended a moment ago opens nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from xinqiao.database import statements
from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.parties.models import Person, SharingBasis
from xinqiao.parties.queries import IN_LINE_TO_READ
from xinqiao.parties.rules import BasisState, basis_state


@dataclass(frozen=True, slots=True)
class BasisView:
    """A sharing basis; both days belong to its term. `declared_by`, `decided_by` are names, `persons` people's ids."""

    id: int
    department: InstitutionId
    department_name: str
    law: str
    duty: str
    items: frozenset[str]
    grade: bool
    persons: frozenset[PersonId]
    clients: frozenset[str]
    since: date
    until: date
    deferral_law: str
    deferral_days: int | None
    declared_by: PersonId
    declared_by_name: str
    declared_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    approved: bool | None
    ended_at: datetime | None
    ended_because: str

    def state(self, on: date) -> BasisState:
        return basis_state(since=self.since, until=self.until, approved=self.approved, ended_at=self.ended_at, on=on)


def basis_held(number: int, department: InstitutionId) -> BasisView | None:
    """The department's own basis of this number, held until the transaction ends: whoever ends it, or suspends the
    department's access, waits, or we see it done. None where there is no such one, or it is another's."""
    statements.row(IN_LINE_TO_READ, department)
    return next(iter(_views(SharingBasis.objects.filter(pk=number, department_id=department))), None)


def bases_of(department: InstitutionId) -> list[BasisView]:
    """A department's, the newest first."""
    return _views(SharingBasis.objects.filter(department_id=department).order_by("-pk"))


def bases() -> list[BasisView]:
    """Everybody's: those that wait for a second person first, then the newest."""
    return sorted(_views(SharingBasis.objects.order_by("-pk")), key=lambda one: one.decided_at is not None)


def names_of(persons: Iterable[PersonId]) -> dict[PersonId, str]:
    found = Person.objects.filter(pk__in=list(persons)).values_list("pk", "name")
    return {PersonId(number): name for number, name in found}


def _views(rows: QuerySet[SharingBasis]) -> list[BasisView]:
    return [_view(row) for row in rows.select_related("department", "declared_by", "decided_by")]


def _view(row: SharingBasis) -> BasisView:
    return BasisView(
        id=row.pk,
        department=InstitutionId(row.department_id),
        department_name=row.department.name,
        law=row.law,
        duty=row.duty,
        items=frozenset(row.items),
        grade=row.grade,
        persons=frozenset(PersonId(one) for one in row.persons),
        clients=frozenset(row.clients),
        since=row.since,
        until=row.until,
        deferral_law=row.deferral_law,
        deferral_days=row.deferral_days,
        declared_by=PersonId(row.declared_by_id),
        declared_by_name=row.declared_by.name,
        declared_at=row.declared_at,
        decided_by_name=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        approved=row.approved,
        ended_at=row.ended_at,
        ended_because=row.ended_because,
    )
