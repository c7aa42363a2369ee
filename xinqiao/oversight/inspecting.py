"""检查: an inspector checks an institution or the operator, says what must be mended by when, and sees that it is."""

from datetime import date, datetime

from django.db import transaction

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.oversight import inspections, keeping
from xinqiao.oversight.errors import WordsInvalid, WrongState
from xinqiao.oversight.inspections import InspectionView
from xinqiao.oversight.models import Inspection
from xinqiao.oversight.rules.inspections import STATE_TITLES, Act, State, after
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role, Scope


@transaction.atomic
def open_(*, institution: str | None, scope: str, by: PersonId, now: datetime) -> InspectionView:
    """Begin to check an institution, or the operator (None): what is looked into. Whoever is checked sees it.

    Raises `NotParty`, `UnknownInstitution`, `WordsInvalid`.
    """
    keeping.acting(by, {Role.INSPECTOR}, now)
    row = Inspection(scope=keeping.words(scope), state=State.OPENED, opened_by_id=by, opened_at=now)
    row.institution_id = None if institution is None else parties.institution(institution).id
    row.save()
    return _written(row, Kind.INSPECTION_OPENED, by, now)


@transaction.atomic
def find(number: int, *, findings: str, mend: str, due: date | None, by: PersonId, now: datetime) -> InspectionView:
    """What was found and what must be mended by when; the check ends here where nothing must.

    Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`.
    """
    row = _inspectors(number, by, now)
    row.findings, row.found_at = keeping.words(findings), now
    if not mend.strip():
        if due is not None:
            raise WordsInvalid(Saying("写了整改的日子，就要写明改什么"))
        return _closed(row, by, now)
    if due is None or due < day_of(now):
        raise WordsInvalid(Saying("要整改的，请写明哪一天以前，不能是已经过去的"))
    _move(row, Act.FIND)
    row.mend, row.due = keeping.words(mend), due
    return _written(row, Kind.INSPECTION_FOUND, by, now)


@transaction.atomic
def report(number: int, *, text: str, by: PersonId, now: datetime) -> InspectionView:
    """The checked says what it has mended. Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`."""
    row = keeping.locked(Inspection, number)
    checked = (Role.OPERATOR, "") if row.institution_id is None else (Role.OFFICER, row.institution_id)
    keeping.acting(by, {checked[0]}, now, checked[1])
    _move(row, Act.REPORT)
    row.report, row.reported_by_id, row.reported_at = keeping.words(text), by, now
    return _written(row, Kind.INSPECTION_REPORTED, by, now)


@transaction.atomic
def send_back(number: int, *, because: str, due: date, by: PersonId, now: datetime) -> InspectionView:
    """It is not mended: what is missing, and a new day. Raises as `find`."""
    row = _inspectors(number, by, now)
    _move(row, Act.SEND_BACK)
    if due < day_of(now):
        raise WordsInvalid(Saying("要整改的，请写明哪一天以前，不能是已经过去的"))
    row.sent_back, row.due, row.reported_at = keeping.words(because), due, None
    return _written(row, Kind.INSPECTION_SENT_BACK, by, now)


@transaction.atomic
def close(number: int, *, by: PersonId, now: datetime) -> InspectionView:
    """What had to be mended is. Raises `NotFound`, `NotParty`, `WrongState`."""
    row = _inspectors(number, by, now)
    if row.state != State.REPORTED:
        raise _wrong(row)
    return _closed(row, by, now)


def _inspectors(number: int, by: PersonId, now: datetime) -> Inspection:
    row = keeping.locked(Inspection, number)
    keeping.acting(by, {Role.INSPECTOR}, now)
    return row


def _move(row: Inspection, act: Act) -> None:
    led = after(State(row.state), act)
    if led is None:
        raise _wrong(row)
    row.state = led


def _wrong(row: Inspection) -> WrongState:
    return WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))


def _closed(row: Inspection, by: PersonId, now: datetime) -> InspectionView:
    _move(row, Act.CLOSE)
    row.closed_by_id, row.closed_at = by, now
    return _written(row, Kind.INSPECTION_CLOSED, by, now)


def _written(row: Inspection, kind: Kind, by: PersonId, now: datetime) -> InspectionView:
    about: dict[str, int | str] = {} if row.institution_id is None else {"institution": row.institution_id}
    keeping.written(row, kind, about, by=by, now=now)
    return inspections.inspection(row.pk, of=Scope(by, Role.INSPECTOR))
