"""Reading cases: operators and inspectors all, an institution its own, a business those that concern it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId, ReceiptNumber, SubjectId
from xinqiao.oversight.errors import NotFound
from xinqiao.oversight.keeping import LARGEST
from xinqiao.oversight.models import Concerned, Infringement
from xinqiao.oversight.rules.infringements import (
    FOUND,
    OPEN,
    Finding,
    Origin,
    State,
    answer_clock,
    decision_clock,
    heard,
)
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.rules.objections import Clock

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class InfringementView:
    """`receipts` name the looks it is about, `concerned` whose they were."""

    number: int
    institution: InstitutionId
    institution_name: str
    origin: Origin
    facts: str
    opened_by: PersonId
    opened_at: datetime
    state: State
    suspension: int | None
    answer: str
    answered_at: datetime | None
    finding: Finding | None
    because: str
    proposed_by: PersonId | None
    proposed_at: datetime | None
    turned_back: str
    decided_at: datetime | None
    regulator: str
    reference_there: str
    outcome: str
    ended_at: datetime | None
    receipts: tuple[ReceiptNumber, ...]
    concerned: tuple[SubjectId, ...]

    @property
    def reference(self) -> str:
        """Q-20261123-000007: the day it was opened in the city, and its number."""
        return f"Q-{day_of(self.opened_at):%Y%m%d}-{self.number:06d}"

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def found(self) -> bool:
        """Whether it was found against the institution."""
        return self.state in FOUND

    def answer_clock(self) -> Clock:
        city = catalogue.city()
        return answer_clock(day_of(self.opened_at), _day(self.answered_at), city.clocks, city.calendar)

    def decision_clock(self) -> Clock:
        city = catalogue.city()
        return decision_clock(day_of(self.opened_at), _day(self.decided_at), city.clocks, city.calendar)

    def heard(self, today: date) -> bool:
        return heard(today, answered=self.answered_at is not None, clock=self.answer_clock())


def _day(at: datetime | None) -> date | None:
    return None if at is None else day_of(at)


def infringement(number: int, *, of: Scope | None = None) -> InfringementView:
    """One case; `of` limits it to who may see it. Raises `NotFound`, for another's as for one that is not there."""
    row = (
        Infringement.objects.select_related("institution").filter(pk=number).first() if 0 < number <= LARGEST else None
    )
    if row is None or not _may_see(row, of):
        raise NotFound
    return _views([row])[0]


def infringements(scope: Scope, *, open_: bool | None = None) -> list[InfringementView]:
    """Those a person may see: the open ones oldest first, since they are due first."""
    rows = Infringement.objects.select_related("institution").order_by("id" if open_ else "-id")
    if scope.role not in {Role.OPERATOR, Role.INSPECTOR}:
        rows = rows.filter(institution_id=scope.institution or "")
    if open_ is not None:
        rows = rows.filter(state__in=OPEN) if open_ else rows.exclude(state__in=OPEN)
    return _views(rows[:PAGE])


def concerning(subject_id: SubjectId) -> list[InfringementView]:
    """Cases that concern a business, the newest first."""
    numbers = Concerned.objects.filter(subject_id=subject_id).values("infringement")
    return _views(Infringement.objects.select_related("institution").filter(pk__in=numbers).order_by("-id")[:PAGE])


def how_many_open(institution: InstitutionId) -> int:
    return Infringement.objects.filter(institution_id=institution, state__in=OPEN).count()


def _may_see(row: Infringement, of: Scope | None) -> bool:
    return of is None or of.role in {Role.OPERATOR, Role.INSPECTOR} or of.institution == row.institution_id


def _views(rows: Iterable[Infringement]) -> list[InfringementView]:
    found = list(rows)
    beside: dict[int, list[Concerned]] = {row.pk: [] for row in found}
    for one in Concerned.objects.filter(infringement__in=beside).order_by("id"):
        beside[one.infringement_id].append(one)
    return [_view(row, beside[row.pk]) for row in found]


def _view(row: Infringement, beside: list[Concerned]) -> InfringementView:
    return InfringementView(
        number=row.pk,
        institution=InstitutionId(row.institution_id),
        institution_name=row.institution.name,
        origin=Origin(row.origin),
        facts=row.facts,
        opened_by=PersonId(row.opened_by_id),
        opened_at=row.opened_at,
        state=State(row.state),
        suspension=row.suspension_id,
        answer=row.answer,
        answered_at=row.answered_at,
        finding=Finding(row.finding) if row.finding else None,
        because=row.because,
        proposed_by=None if row.proposed_by_id is None else PersonId(row.proposed_by_id),
        proposed_at=row.proposed_at,
        turned_back=row.turned_back,
        decided_at=row.decided_at,
        regulator=row.regulator,
        reference_there=row.reference,
        outcome=row.outcome,
        ended_at=row.ended_at,
        receipts=tuple(ReceiptNumber(one.receipt) for one in beside if one.receipt is not None),
        concerned=tuple(dict.fromkeys(SubjectId(one.subject_id) for one in beside)),
    )
