"""Reading complaints: whoever complained their own, operators all, inspectors those that went above the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Final

from django.db.models import QuerySet

from xinqiao import catalogue, keys
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, SubjectId
from xinqiao.oversight.errors import NotFound
from xinqiao.oversight.keeping import LARGEST
from xinqiao.oversight.models import Complaint
from xinqiao.oversight.rules.complaints import WAITING, About, State, above_clock, answer_clock, may_escalate
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.rules.objections import Clock

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """`subject_id` None: somebody who did not say for which business."""

    number: int
    subject_id: SubjectId | None
    contact: str
    about: About
    institution: InstitutionId | None
    institution_name: str
    source: str
    text: str
    made_at: datetime
    state: State
    answer: str
    answered_at: datetime | None
    infringement: int | None
    more: str
    escalated_at: datetime | None
    above: str
    regulator: str
    reference_there: str
    ended_at: datetime | None

    @property
    def reference(self) -> str:
        """T-20261123-000007: the day it was made in the city, and its number."""
        return f"T-{day_of(self.made_at):%Y%m%d}-{self.number:06d}"

    @property
    def waiting(self) -> bool:
        return self.state in WAITING

    def answer_clock(self) -> Clock:
        """The operator's; going above it stands for no answer."""
        return answer_clock(day_of(self.made_at), _day(self.answered_at), catalogue.city().clocks, _calendar())

    def above_clock(self) -> Clock | None:
        if self.escalated_at is None:
            return None
        return above_clock(day_of(self.escalated_at), _day(self.ended_at), catalogue.city().clocks, _calendar())

    @property
    def clock(self) -> Clock:
        """The one that runs, or ran last."""
        return self.above_clock() or self.answer_clock()

    def may_escalate(self, today: date) -> bool:
        return may_escalate(self.state, today, self.answer_clock())


def _calendar() -> WorkingCalendar:
    return catalogue.city().calendar


def _day(at: datetime | None) -> date | None:
    return None if at is None else day_of(at)


def complaint(number: int, *, of: Scope | SubjectId) -> ComplaintView:
    """One complaint; `of` limits it to who may read it. Raises `NotFound`."""
    found = _views(_within(_numbered(number), of))
    if not found:
        raise NotFound
    return found[0]


def by_code(number: int, code: str) -> ComplaintView:
    """One that anybody made, for whoever has its code. Raises `NotFound`: a wrong code is as no complaint."""
    row = _numbered(number).filter(mark__isnull=False).first()
    marked = bytes(row.mark) if row is not None and row.mark is not None else b""
    if not compare_digest(marked, mark_of(code)):
        raise NotFound
    return _views(_numbered(number))[0]


def mark_of(code: str) -> bytes:
    return keys.mark("complaint", code.strip().upper().encode())


def complaints_of(subject_id: SubjectId) -> list[ComplaintView]:
    """Every complaint of a business, the newest first."""
    return _views(Complaint.objects.filter(subject_id=subject_id).order_by("-id")[:PAGE])


def complaints(scope: Scope, *, waiting: bool) -> list[ComplaintView]:
    """Those that wait for an answer of the scope's own oldest first, the others newest first."""
    rows = _within(Complaint.objects.order_by("id" if waiting else "-id"), scope)
    own = State.ESCALATED if scope.role is Role.INSPECTOR else State.MADE
    rows = rows.filter(state=own) if waiting else rows.exclude(state=own)
    return _views(rows[:PAGE])


def made_since(since: datetime) -> list[ComplaintView]:
    return _views(Complaint.objects.filter(made_at__gte=since).order_by("id"))


def _numbered(number: int) -> QuerySet[Complaint]:
    return Complaint.objects.filter(pk=number) if 0 < number <= LARGEST else Complaint.objects.none()


def _within(rows: QuerySet[Complaint], of: Scope | SubjectId) -> QuerySet[Complaint]:
    match of:
        case Scope(role=Role.OPERATOR):
            return rows
        case Scope(role=Role.INSPECTOR):
            return rows.filter(escalated_at__isnull=False)
        case Scope():
            return rows.none()
        case subject_id:
            return rows.filter(subject_id=subject_id)


def _views(rows: Iterable[Complaint]) -> list[ComplaintView]:
    if isinstance(rows, QuerySet):
        rows = rows.select_related("institution")
    return [_view(row) for row in rows]


def _view(row: Complaint) -> ComplaintView:
    return ComplaintView(
        number=row.pk,
        subject_id=None if row.subject_id is None else SubjectId(row.subject_id),
        contact=row.contact,
        about=About(row.about),
        institution=None if row.institution_id is None else InstitutionId(row.institution_id),
        institution_name="" if row.institution is None else row.institution.name,
        source=row.source,
        text=row.text,
        made_at=row.made_at,
        state=State(row.state),
        answer=row.answer,
        answered_at=row.answered_at,
        infringement=row.infringement_id,
        more=row.more,
        escalated_at=row.escalated_at,
        above=row.above,
        regulator=row.regulator,
        reference_there=row.reference,
        ended_at=row.ended_at,
    )
