"""Reading incidents: operators and inspectors all, a business those it was told of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.oversight.errors import NotFound
from xinqiao.oversight.keeping import LARGEST
from xinqiao.oversight.models import Affected, Incident
from xinqiao.oversight.rules.incidents import State, told_clock
from xinqiao.rights.rules.objections import Clock

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class IncidentView:
    """`affected` businesses it concerns, of whom `told` were told and `read` have read it."""

    number: int
    what: str
    reported_at: datetime
    state: State
    must_tell: bool | None
    kinds: str
    measures: str
    contact: str
    because: str
    assessed_by: PersonId | None
    assessed_at: datetime | None
    turned_back: str
    approved_at: datetime | None
    authority: str
    reference_there: str
    notified_at: datetime | None
    affected: int
    told: int
    read: int

    @property
    def reference(self) -> str:
        """B-20261123-000007: the day it was reported in the city, and its number."""
        return f"B-{day_of(self.reported_at):%Y%m%d}-{self.number:06d}"

    @property
    def open(self) -> bool:
        return self.state is not State.NOTIFIED

    def clock(self) -> Clock:
        city, done = catalogue.city(), self.notified_at
        return told_clock(day_of(self.reported_at), None if done is None else day_of(done), city.clocks, city.calendar)


def incident(number: int) -> IncidentView:
    """Raises `NotFound`."""
    row = Incident.objects.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise NotFound
    return _views([row])[0]


def incidents() -> list[IncidentView]:
    """The newest first."""
    return _views(Incident.objects.order_by("-id")[:PAGE])


def told_to(subject_id: SubjectId) -> list[tuple[IncidentView, datetime | None]]:
    """What a business was told, the newest first, and when it first read each."""
    rows = Affected.objects.filter(subject_id=subject_id, told_at__isnull=False).select_related("incident")
    found = list(rows.order_by("-incident_id")[:PAGE])
    return list(zip(_views([row.incident for row in found]), [row.read_at for row in found], strict=True))


def of_business(number: int, subject_id: SubjectId) -> IncidentView:
    """Raises `NotFound` for one it was not told of."""
    found = [view for view, _ in told_to(subject_id) if view.number == number]
    if not found:
        raise NotFound
    return found[0]


def _views(rows: Iterable[Incident]) -> list[IncidentView]:
    return [_view(row) for row in rows]


def _view(row: Incident) -> IncidentView:
    beside = Affected.objects.filter(incident=row, named=True)
    return IncidentView(
        number=row.pk,
        what=row.what,
        reported_at=row.reported_at,
        state=State(row.state),
        must_tell=row.must_tell,
        kinds=row.kinds,
        measures=row.measures,
        contact=row.contact,
        because=row.because,
        assessed_by=None if row.assessed_by_id is None else PersonId(row.assessed_by_id),
        assessed_at=row.assessed_at,
        turned_back=row.turned_back,
        approved_at=row.approved_at,
        authority=row.authority,
        reference_there=row.reference,
        notified_at=row.notified_at,
        affected=beside.count(),
        told=beside.filter(told_at__isnull=False).count(),
        read=beside.filter(read_at__isnull=False).count(),
    )
