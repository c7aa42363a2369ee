"""Reads of applications to be let in."""

from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Final

from xinqiao import catalogue, keys
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.parties.models import Application
from xinqiao.parties.rules import WITH_PLATFORM, ApplicationState, InstitutionKind
from xinqiao.parties.signing_errors import UnknownApplication

DECIDED: Final = "application_decided"  # the city's clock
LARGEST: Final = 2**63 - 1
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class ApplicationView:
    number: int
    name: str
    uscc: str
    kind: InstitutionKind
    licence: str
    contact: str
    county: str
    items: frozenset[str]
    purposes: frozenset[str]
    why: str
    administrator: str
    state: ApplicationState
    applied_at: datetime
    asked: str
    added: str
    id_proposed: str
    proposed_by: PersonId | None
    decided_at: datetime | None
    ground: str
    institution: str | None
    appointment: int | None

    @property
    def reference(self) -> str:
        """E-20261123-000007 (entry): no other kind of paper begins with this letter."""
        return f"E-{day_of(self.applied_at):%Y%m%d}-{self.number:06d}"

    @property
    def waits(self) -> bool:
        """With the platform."""
        return self.state in WITH_PLATFORM

    @property
    def due(self) -> date:
        """Until when the platform does something about it."""
        city = catalogue.city()
        return city.calendar.add_working_days(day_of(self.applied_at), city.clocks[DECIDED].within)


def application(number: int) -> ApplicationView:
    """Raises `UnknownApplication`."""
    return view(_row(number))


def by_code(number: int, code: str) -> ApplicationView:
    """For whoever has its code. Raises `UnknownApplication`: a wrong code is as no application."""
    row = _row(number)
    if not compare_digest(bytes(row.mark), mark_of(code)):
        raise UnknownApplication
    return view(row)


def every() -> list[ApplicationView]:
    """Those that wait with the platform first, the oldest on top; then the newest."""
    rows = [view(row) for row in Application.objects.order_by("-pk")[:PAGE]]
    waiting = sorted((one for one in rows if one.waits), key=lambda one: one.applied_at)
    return [*waiting, *(one for one in rows if not one.waits)]


def mark_of(code: str) -> bytes:
    return keys.mark("application", code.strip().upper().encode())


def _row(number: int) -> Application:
    row = Application.objects.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownApplication
    return row


def view(row: Application) -> ApplicationView:
    return ApplicationView(
        number=row.pk,
        name=row.name,
        uscc=row.uscc,
        kind=InstitutionKind(row.kind),
        licence=row.licence,
        contact=row.contact,
        county=row.county,
        items=frozenset(row.items),
        purposes=frozenset(row.purposes),
        why=row.why,
        administrator=row.administrator,
        state=ApplicationState(row.state),
        applied_at=row.applied_at,
        asked=row.asked,
        added=row.added,
        id_proposed=row.id_proposed,
        proposed_by=None if row.proposed_by_id is None else PersonId(row.proposed_by_id),
        decided_at=row.decided_at,
        ground=row.ground,
        institution=row.institution_id,
        appointment=row.appointment_id,
    )
