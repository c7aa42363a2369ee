"""安全事件通知 (个人信息保护法 §57): reported, assessed by one, approved by another, told to those concerned and to the
authority, each with its time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.oversight import incidents, keeping
from xinqiao.oversight.errors import NotFound, NotParty, SecondPerson, WordsInvalid, WrongState
from xinqiao.oversight.incidents import IncidentView
from xinqiao.oversight.models import Affected, Incident
from xinqiao.oversight.rules.incidents import STATE_TITLES, Act, State, after
from xinqiao.parties.rules import Role

MOST: Final = 2_000  # businesses of one incident, named one by one; more are told in several
NAME_MAX: Final = 100
CONTACT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """The three contents: kinds of information with cause and possible harm; what was done and what those concerned can
    do; whom to turn to."""

    kinds: str
    measures: str
    contact: str


@transaction.atomic
def report(*, what: str, by: PersonId, now: datetime) -> IncidentView:
    """Something leaked, was changed or lost, or may have been; the clock runs. By an operator or an inspector.

    Raises `NotParty`, `WordsInvalid`.
    """
    keeping.acting(by, (Role.OPERATOR, Role.INSPECTOR), now)
    row = Incident(what=keeping.words(what), reported_by_id=by, reported_at=now, state=State.REPORTED)
    return _written(row, Kind.INCIDENT_REPORTED, by, now)


@transaction.atomic
def assess(
    number: int,
    notice: Notice,
    *,
    must_tell: bool,
    because: str,
    affected: Collection[SubjectId],
    by: PersonId,
    now: datetime,
) -> IncidentView:
    """Whether those concerned must be told, why, and in which words; who they are. It holds once another approved it.

    Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`: also where somebody must be told and nobody is named.
    """
    row = keeping.locked(Incident, number)
    keeping.acting(by, (Role.OPERATOR,), now)
    _move(row, Act.ASSESS)
    if (must_tell and not affected) or len(affected) > MOST:
        raise WordsInvalid(Saying("要通知的，请列出 1 到 {most} 个主体", most=MOST))
    row.kinds, row.measures = keeping.words(notice.kinds), keeping.words(notice.measures)
    row.contact, row.because = keeping.words(notice.contact, 2, CONTACT_MAX), keeping.words(because)
    row.must_tell, row.turned_back, row.assessed_by_id, row.assessed_at = must_tell, "", by, now
    _written(row, Kind.INCIDENT_ASSESSED, by, now)
    _log_rows(row, Kind.INCIDENT_CONCERNS, _named(row, set(affected)), by, now)
    return incidents.incident(number)


def _named(row: Incident, wanted: set[SubjectId]) -> list[Affected]:
    """Those an assessment names, and those an earlier one named that this one does not: what has changed of both."""
    have = {SubjectId(one.subject_id): one for one in Affected.objects.filter(incident=row)}
    changed = [one for subject, one in sorted(have.items()) if one.named is not (subject in wanted)]
    for one in changed:
        one.named = not one.named
        one.save(update_fields=["named"])
    fresh = [one for one in sorted(wanted) if one not in have]
    return changed + [Affected.objects.create(incident=row, subject_id=one, named=True) for one in fresh]


@transaction.atomic
def turn_back(number: int, *, because: str, by: PersonId, now: datetime) -> IncidentView:
    """The assessment does not hold. Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`."""
    row = keeping.locked(Incident, number)
    keeping.acting(by, (Role.OPERATOR,), now)
    _move(row, Act.TURN_BACK)
    row.turned_back = keeping.words(because)
    return _written(row, Kind.INCIDENT_TURNED_BACK, by, now)


@transaction.atomic
def approve(number: int, *, by: PersonId, now: datetime) -> IncidentView:
    """The second person agrees: with this commit everybody concerned finds the notice on their pages, where they must
    be told. Raises `NotFound`, `NotParty`, `SecondPerson`, `WrongState`."""
    row = keeping.locked(Incident, number)
    keeping.acting(by, (Role.OPERATOR,), now)
    if row.assessed_by_id == by:
        raise SecondPerson(Saying("评估的人不能自己批准"))
    _move(row, Act.APPROVE)
    row.approved_by_id, row.approved_at = by, now
    view = _written(row, Kind.INCIDENT_APPROVED, by, now)
    if not row.must_tell:
        return view
    affected = list(Affected.objects.filter(incident=row, named=True).order_by("id"))
    for one in affected:
        one.told_at = now
        one.save(update_fields=["told_at"])
    _log_rows(row, Kind.INCIDENT_TOLD, affected, by, now)
    return incidents.incident(number)


@transaction.atomic
def notify(number: int, *, authority: str, reference: str, by: PersonId, now: datetime) -> IncidentView:
    """The authority has been told, under this reference. Raises as `turn_back`."""
    row = keeping.locked(Incident, number)
    keeping.acting(by, (Role.OPERATOR,), now)
    _move(row, Act.NOTIFY)
    row.authority, row.reference = keeping.words(authority, 2, NAME_MAX), keeping.words(reference, 2, NAME_MAX)
    row.notified_by_id, row.notified_at = by, now
    return _written(row, Kind.INCIDENT_NOTIFIED, by, now)


@transaction.atomic
def read(number: int, subject_id: SubjectId, *, by: PersonId, now: datetime) -> IncidentView:
    """A business opens the notice; when it first did is kept. Raises `NotFound`, `NotParty`."""
    if not authorisation.acts_for(by, subject_id, now):
        raise NotParty
    view = incidents.of_business(number, subject_id)
    row = Affected.objects.select_for_update(of=("self",)).filter(incident_id=number, subject_id=subject_id).first()
    if row is None:
        raise NotFound
    if row.read_at is None:
        row.read_at = now
        row.save(update_fields=["read_at"])
        about: dict[str, int | str] = {"incident": number, "subject": subject_id, "by": by}
        log.append(Kind.INCIDENT_READ, now=now, about=about, rows=[state_of(row)])
    return view


def _move(row: Incident, act: Act) -> None:
    led = after(State(row.state), act)
    if led is None:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    row.state = led


def _written(row: Incident, kind: Kind, by: PersonId, now: datetime) -> IncidentView:
    row.save()
    keeping.written(row, kind, {}, by=by, now=now)
    return incidents.incident(row.pk)


def _log_rows(row: Incident, kind: Kind, beside: list[Affected], by: PersonId, now: datetime) -> None:
    """In events of a hundred rows each."""
    for begin in range(0, len(beside), 100):
        some = beside[begin : begin + 100]
        about: dict[str, int | str] = {"incident": row.pk, "businesses": len(some), "by": by}
        log.append(kind, now=now, about=about, rows=[state_of(one) for one in some])
