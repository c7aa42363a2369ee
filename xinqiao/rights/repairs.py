"""Reading applications for repair and their results: a business its own, operators all, and which are late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, SubjectId
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.errors import UnknownRepair
from xinqiao.rights.models import Repair, RepairResult
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.objections import Clock
from xinqiao.rights.rules.repairs import OPEN, State, answer_clock, carrying_clock

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class RepairView:
    """`tracking` is Credit China's number, "" until it has it."""

    number: int
    subject_id: SubjectId
    fact: FactId
    item: str
    source: str
    target: str
    document: str
    opened_at: datetime
    state: State
    submitted_at: datetime | None
    tracking: str
    result: int | None
    ended_at: datetime | None

    @property
    def reference(self) -> str:
        """F-20261123-000007: the day it was begun in the city, and its number."""
        return f"F-{day_of(self.opened_at):%Y%m%d}-{self.number:06d}"

    @property
    def open(self) -> bool:
        return self.state in OPEN

    def clock(self) -> Clock | None:
        """Until when Credit China answers; None before it was asked."""
        if self.submitted_at is None:
            return None
        city, ended = catalogue.city(), None if self.ended_at is None else day_of(self.ended_at)
        return answer_clock(day_of(self.submitted_at), ended, city.clocks, city.calendar)


@dataclass(frozen=True, slots=True)
class ResultView:
    """`facts` are the lines it was carried out on; empty while it waits for its line or its day."""

    number: int
    subject_id: SubjectId
    document: str
    granted: bool
    effective_on: date | None
    received_at: datetime
    facts: tuple[FactId, ...]
    carried_at: datetime | None

    def clock(self) -> Clock:
        """One working day from when it came, or from its day where that is later."""
        city, came = catalogue.city(), day_of(self.received_at)
        begins = max(came, self.effective_on or came)
        done = None if self.carried_at is None else day_of(self.carried_at)
        return carrying_clock(begins, done, city.clocks, city.calendar)


def repair(number: int, *, of: SubjectId | Scope | None = None) -> RepairView:
    """One application; `of` limits it to a business's own, or to operators. Raises `UnknownRepair`."""
    row = Repair.objects.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None or not _may_see(row, of):
        raise UnknownRepair
    return _view(row)


def repairs_of(subject_id: SubjectId) -> list[RepairView]:
    """The newest first."""
    return _views(Repair.objects.filter(subject_id=subject_id).order_by("-id"))


def open_on(fact: FactId) -> RepairView | None:
    return next(iter(_views(Repair.objects.filter(fact=fact, state__in=OPEN))), None)


def with_the_window() -> list[RepairView]:
    """Submitted and not answered, the oldest first: for operators."""
    return _views(Repair.objects.filter(state__in=(State.SUBMITTED, State.HANDED_OVER)).order_by("id")[:PAGE])


def not_carried_out() -> list[ResultView]:
    """Repairs that were granted and changed nothing here yet, the oldest first."""
    rows = RepairResult.objects.filter(granted=True, carried_at__isnull=True).order_by("id")[:PAGE]
    return [_result(row) for row in rows]


def newest_results() -> list[ResultView]:
    """What was decided lately, the newest first."""
    return [_result(row) for row in RepairResult.objects.order_by("-id")[:PAGE]]


def received_since(since: datetime) -> list[ResultView]:
    """Decisions that granted a repair and came since then."""
    return [_result(row) for row in RepairResult.objects.filter(granted=True, received_at__gte=since).order_by("id")]


def result(number: int) -> ResultView:
    """One result. Raises `UnknownRepair`."""
    row = RepairResult.objects.filter(pk=number).first()
    if row is None:
        raise UnknownRepair
    return _result(row)


def _may_see(row: Repair, of: SubjectId | Scope | None) -> bool:
    match of:
        case None | Scope(role=Role.OPERATOR | Role.INSPECTOR):
            return True
        case Scope():
            return False
        case subject_id:
            return row.subject_id == subject_id


def _views(rows: Iterable[Repair]) -> list[RepairView]:
    return [_view(row) for row in rows]


def _view(row: Repair) -> RepairView:
    return RepairView(
        number=row.pk,
        subject_id=SubjectId(row.subject_id),
        fact=FactId(row.fact),
        item=row.item,
        source=row.source,
        target=row.target,
        document=row.document,
        opened_at=row.opened_at,
        state=State(row.state),
        submitted_at=row.submitted_at,
        tracking=row.tracking,
        result=row.result_id,
        ended_at=row.ended_at,
    )


def _result(row: RepairResult) -> ResultView:
    facts = tuple(FactId(fact) for fact in row.facts)
    ids = row.pk, SubjectId(row.subject_id), row.document
    return ResultView(*ids, row.granted, row.effective_on, row.received_at, facts, row.carried_at)
