"""Reading which acts were reported annulled: a source its own, operators all, the oldest due first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, PersonId, SubjectId
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.errors import UnknownAnnulment
from xinqiao.rights.models import Annulment
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.annulments import State, clock
from xinqiao.rights.rules.objections import Clock

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class AnnulmentView:
    """`document` is the decision that annulled the act; `key` how the source named its line."""

    number: int
    subject_id: SubjectId
    fact: FactId
    item: str
    source: str
    key: str
    document: str
    annulled_on: date
    text: str
    reported_by: PersonId
    reported_at: datetime
    state: State
    because: str
    ended_at: datetime | None

    @property
    def reference(self) -> str:
        """W-20261123-000007: the day it was reported in the city, and its number."""
        return f"W-{day_of(self.reported_at):%Y%m%d}-{self.number:06d}"

    @property
    def open(self) -> bool:
        return self.state is State.REPORTED

    def clock(self) -> Clock:
        city, ended = catalogue.city(), None if self.ended_at is None else day_of(self.ended_at)
        return clock(day_of(self.reported_at), ended, city.clocks, city.calendar)


def annulment(number: int, *, of: Scope | None = None) -> AnnulmentView:
    """One report; `of` limits it to a source's own, or to operators. Raises `UnknownAnnulment`."""
    row = Annulment.objects.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None or not _may_see(row, of):
        raise UnknownAnnulment
    return _view(row)


def annulments(scope: Scope, *, open_: bool) -> list[AnnulmentView]:
    """Those a provider or an operator may see: the open ones oldest first, the others newest first."""
    rows = Annulment.objects.all() if scope.role in {Role.OPERATOR, Role.INSPECTOR} else Annulment.objects.none()
    if scope.source:
        rows = Annulment.objects.filter(source=scope.source)
    rows = rows.filter(state=State.REPORTED) if open_ else rows.exclude(state=State.REPORTED)
    return _views(rows.order_by("id" if open_ else "-id")[:PAGE])


def reported_since(since: datetime) -> list[AnnulmentView]:
    return _views(Annulment.objects.filter(reported_at__gte=since).order_by("id"))


def open_on(fact: FactId) -> AnnulmentView | None:
    return next(iter(_views(Annulment.objects.filter(fact=fact, state=State.REPORTED))), None)


def _may_see(row: Annulment, of: Scope | None) -> bool:
    return of is None or of.role in {Role.OPERATOR, Role.INSPECTOR} or (bool(of.source) and of.source == row.source)


def _views(rows: Iterable[Annulment]) -> list[AnnulmentView]:
    return [_view(row) for row in rows]


def _view(row: Annulment) -> AnnulmentView:
    return AnnulmentView(
        number=row.pk,
        subject_id=SubjectId(row.subject_id),
        fact=FactId(row.fact),
        item=row.item,
        source=row.source,
        key=row.key,
        document=row.document,
        annulled_on=row.annulled_on,
        text=row.text,
        reported_by=PersonId(row.reported_by_id),
        reported_at=row.reported_at,
        state=State(row.state),
        because=row.because,
        ended_at=row.ended_at,
    )
