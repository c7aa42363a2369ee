"""Reads of rights: a business its own objections, a source those on its lines, operators all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber, FactId, ObjectionNumber, PersonId, SubjectId
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.errors import NotFound
from xinqiao.rights.models import Objection, Stop
from xinqiao.rights.rules.objections import OPEN, Answer, Clock, Days, Ground, Reason, State, Stopped, clocks

PAGE: Final = 50
LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class StopView:
    ground: Ground
    note: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection as its parties may see it: its words, its answer and its clocks; no value of the line itself."""

    number: ObjectionNumber
    subject_id: SubjectId
    fact: FactId
    stands_on: FactId  # the version of the line that is marked now
    item: str
    source: str
    delivery: DeliveryNumber
    line: int
    reason: Reason
    text: str
    opened_by: PersonId
    opened_at: datetime
    state: State
    asked_at: datetime | None
    answer: Answer | None
    answer_text: str
    answer_delivery: DeliveryNumber | None
    answered_at: datetime | None
    because: str
    ended_at: datetime | None
    escalated_at: datetime | None
    stops: tuple[StopView, ...]

    @property
    def reference(self) -> str:
        """O-20261123-000007: the day it came in the city, and its number."""
        return f"O-{day_of(self.opened_at):%Y%m%d}-{self.number:06d}"

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def stopped(self) -> StopView | None:
        """For what the clocks stand at this moment, if they do."""
        return next((stop for stop in self.stops if stop.until is None), None)

    def clocks(self) -> list[Clock]:
        city = catalogue.city()
        return clocks(_days(self), city.clocks, city.calendar)


def _days(view: ObjectionView) -> Days:
    moments = (view.asked_at, view.answered_at, view.ended_at)
    asked, answered, ended = (None if at is None else day_of(at) for at in moments)
    stopped = tuple(Stopped(day_of(s.since), None if s.until is None else day_of(s.until)) for s in view.stops)
    return Days(day_of(view.opened_at), asked, answered, ended, stopped)


def objection(number: int, *, of: SubjectId | Scope | None = None) -> ObjectionView:
    """One objection; `of` limits it to a business's own, or to what a provider or operator may see.

    Raises `NotFound`, for another's as for one that is not there.
    """
    rows = Objection.objects.filter(pk=number) if 0 < number <= LARGEST else Objection.objects.none()
    found = list(_within(rows, of))
    if not found:
        raise NotFound
    return _views(found)[0]


def objections_of(subject_id: SubjectId) -> list[ObjectionView]:
    """Every objection a business has made, the newest first."""
    return _views(Objection.objects.filter(subject_id=subject_id).order_by("-id"))


def open_on(fact: FactId) -> ObjectionView | None:
    """The objection to this line that is not decided yet."""
    return next(iter(_views(Objection.objects.filter(stands_on=fact, state__in=OPEN))), None)


def objections(scope: Scope, *, open_: bool | None = None, page: int = 1) -> list[ObjectionView]:
    """Those a provider or an operator may see: the open ones oldest first, since they are due first."""
    rows = _within(Objection.objects.all(), scope)
    if open_ is not None:
        rows = rows.filter(state__in=OPEN) if open_ else rows.exclude(state__in=OPEN)
    start = (max(page, 1) - 1) * PAGE
    return _views(rows.order_by("id" if open_ else "-id")[start : start + PAGE])


def escalated() -> list[ObjectionView]:
    """Those that went past their twenty days, the undecided first: for those above the operator."""
    rows = Objection.objects.filter(escalated_at__isnull=False).order_by("-id")[:PAGE]
    return sorted(_views(rows), key=lambda one: not one.open)


def opened_since(since: datetime) -> list[ObjectionView]:
    """Every objection that came since then."""
    return _views(Objection.objects.filter(opened_at__gte=since).order_by("id"))


def how_many(scope: Scope, *, state: Iterable[State] = OPEN) -> int:
    return _within(Objection.objects.filter(state__in=list(state)), scope).count()


def _within(rows: QuerySet[Objection], of: SubjectId | Scope | None) -> QuerySet[Objection]:
    match of:
        case None | Scope(role=Role.OPERATOR | Role.INSPECTOR):
            return rows
        case Scope():
            # What was never passed on is between the business and the platform.
            return rows.filter(source=of.source, asked_at__isnull=False) if of.source else rows.none()
        case subject_id:
            return rows.filter(subject_id=subject_id)


def _views(rows: Iterable[Objection]) -> list[ObjectionView]:
    found = list(rows)
    stops: dict[int, list[StopView]] = {row.pk: [] for row in found}
    for stop in Stop.objects.filter(objection_id__in=stops).order_by("id"):
        stops[stop.objection_id].append(StopView(Ground(stop.ground), stop.note, stop.since, stop.until))
    return [_view(row, tuple(stops[row.pk])) for row in found]


def _view(row: Objection, stops: tuple[StopView, ...]) -> ObjectionView:
    return ObjectionView(
        number=ObjectionNumber(row.pk),
        subject_id=SubjectId(row.subject_id),
        fact=FactId(row.fact),
        stands_on=FactId(row.stands_on),
        item=row.item,
        source=row.source,
        delivery=DeliveryNumber(row.delivery),
        line=row.line,
        reason=Reason(row.reason),
        text=row.text,
        opened_by=PersonId(row.opened_by_id),
        opened_at=row.opened_at,
        state=State(row.state),
        asked_at=row.asked_at,
        answer=Answer(row.answer) if row.answer else None,
        answer_text=row.answer_text,
        answer_delivery=None if row.answer_delivery is None else DeliveryNumber(row.answer_delivery),
        answered_at=row.answered_at,
        because=row.because,
        ended_at=row.ended_at,
        escalated_at=row.escalated_at,
        stops=stops,
    )
