"""重置: who has lost every factor and every recovery code begins anew; one operator asks, another confirms."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import factors, operators
from xinqiao.parties.errors import (
    AlreadyDecided,
    FourEyes,
    ReasonMissing,
    ResetAlreadyAsked,
    UnknownPerson,
    UnknownReset,
)
from xinqiao.parties.models import Factor, FactorReset, Person

BECAUSE_MIN, BECAUSE_MAX = 2, 200


@dataclass(frozen=True, slots=True)
class ResetView:
    id: int
    person: PersonId
    name: str
    because: str
    asked_by: PersonId
    asked_by_name: str
    asked_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    confirmed: bool | None


def ask(*, login: str, because: str, by: PersonId, now: datetime) -> int:
    """Ask that whoever signs in under this name may begin anew; `because`: how the operator made sure of them.

    Raises `NotAnOperator`, `UnknownPerson`, `ReasonMissing`, `ResetAlreadyAsked`.
    """
    operators.required(by, now)
    said = because.strip()
    if not BECAUSE_MIN <= len(said) <= BECAUSE_MAX:
        raise ReasonMissing
    person = Person.objects.filter(user__username=login.strip()).first()
    if person is None:
        raise UnknownPerson
    try:
        with transaction.atomic():
            row = FactorReset.objects.create(person=person, because=said, asked_by_id=by, asked_at=now)
            _say(Kind.RESET_ASKED, row, by, now)
            return row.pk
    except IntegrityError as error:
        raise ResetAlreadyAsked from error


@transaction.atomic
def confirm(number: int, *, by: PersonId, now: datetime) -> None:
    """All factors and recovery codes of the person end, and with them what was opened by them; the next sign-in enrols
    anew. Raises `UnknownReset`, `AlreadyDecided`, `NotAnOperator`, `FourEyes`."""
    row = _decided(number, by, now, confirmed=True)
    person = PersonId(row.person_id)
    factors.locked(person)
    for factor in Factor.objects.filter(person_id=person, ended_at__isnull=True).order_by("id"):
        factors.end(factor, now)
    factors.end_codes(person, now)
    _say(Kind.RESET_CONFIRMED, row, by, now)


@transaction.atomic
def refuse(number: int, *, by: PersonId, now: datetime) -> None:
    """Nothing changes for the person. Who asked may take it back this way. Raises as `confirm` does, but `FourEyes`."""
    _say(Kind.RESET_REFUSED, _decided(number, by, now, confirmed=False), by, now)


def every() -> list[ResetView]:
    """Those that wait first, then the newest."""
    rows = FactorReset.objects.select_related("person", "asked_by", "decided_by")
    ordered = sorted(rows.order_by("-id")[:100], key=lambda row: row.decided_at is not None)
    return [_view(row) for row in ordered]


def _view(row: FactorReset) -> ResetView:
    decided_by = row.decided_by.name if row.decided_by else ""
    who = PersonId(row.person_id), row.person.name, row.because, PersonId(row.asked_by_id), row.asked_by.name
    return ResetView(row.pk, *who, row.asked_at, decided_by, row.decided_at, row.confirmed)


def _decided(number: int, by: PersonId, now: datetime, *, confirmed: bool) -> FactorReset:
    operators.required(by, now)
    row = FactorReset.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise UnknownReset
    if row.decided_at is not None:
        raise AlreadyDecided
    if confirmed and by in {row.asked_by_id, row.person_id}:
        raise FourEyes
    row.decided_by_id, row.decided_at, row.confirmed = by, now, confirmed
    row.save(update_fields=["decided_by", "decided_at", "confirmed"])
    return row


def _say(kind: Kind, row: FactorReset, by: PersonId, now: datetime) -> None:
    about = {"reset": row.pk, "person": row.person_id, "by": by}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
