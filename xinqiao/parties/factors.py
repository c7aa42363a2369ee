"""认证方式: what a person signs in with beside the password: which ones stand, and how one goes.

They come by `codes.enrol` and `passkeys.enrol`. `recovery` helps who has lost them, `resetting` who has lost that too.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import log
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries
from xinqiao.parties.errors import LastFactor, UnknownFactor
from xinqiao.parties.models import Factor, Person, RecoveryCode
from xinqiao.parties.rules import SECOND_FACTOR, Method, Shown


@dataclass(frozen=True, slots=True)
class FactorView:
    id: int
    kind: Method
    name: str
    added_at: datetime


def of(person: PersonId) -> list[FactorView]:
    """Those that stand, the oldest first."""
    rows = Factor.objects.filter(person_id=person, ended_at__isnull=True).order_by("id")
    return [FactorView(row.pk, Method(row.kind), row.name, row.added_at) for row in rows]


def required(person: PersonId, now: datetime) -> bool:
    """Whether any role of theirs asks for one at this moment."""
    return any(scope.role in SECOND_FACTOR for scope in queries.scopes_of(person, now))


def enough(shown: Shown | None) -> bool:
    """Whether this is more than something one knows: what pages about others ask for."""
    return shown is not None and shown.method in {Method.PASSKEY, Method.CODE, Method.RECOVERY}


def still(person: PersonId, shown: Shown) -> bool:
    """Whether what was shown has not been taken away since: a reset ends what was opened with it."""
    if shown.factor is None:
        return True
    if shown.method is Method.RECOVERY:
        return RecoveryCode.objects.filter(pk=shown.factor, person_id=person, ended_at__isnull=True).exists()
    return Factor.objects.filter(pk=shown.factor, person_id=person, ended_at__isnull=True).exists()


def locked(person: PersonId) -> Person:
    """Acts on one person's factors come one after the other."""
    return Person.objects.select_for_update(no_key=True).get(pk=person)


def added(row: Factor, now: datetime) -> int:
    """Say in the log that a new one stands; returns its number."""
    log.append(Kind.FACTOR_ADDED, now=now, about=_about(row), rows=[state_of(row)])
    return row.pk


@transaction.atomic
def remove(number: int, *, person: PersonId, now: datetime) -> None:
    """End one of one's own. Raises `UnknownFactor`, `LastFactor`."""
    locked(person)
    mine = Factor.objects.filter(person_id=person, ended_at__isnull=True)
    row = mine.filter(pk=number).first()
    if row is None:
        raise UnknownFactor
    if required(person, now) and mine.count() == 1:
        raise LastFactor
    end(row, now)
    if not mine.exists():
        end_codes(person, now)


def end_codes(person: PersonId, now: datetime) -> None:
    """Recovery codes open nothing any more."""
    rows = list(RecoveryCode.objects.filter(person_id=person, used_at__isnull=True, ended_at__isnull=True))
    for row in rows:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    if rows:
        about = {"person": person, "made": 0, "ended": len(rows)}
        log.append(Kind.RECOVERY_CODES_MADE, now=now, about=about, rows=[state_of(row) for row in rows])


def end(row: Factor, now: datetime) -> None:
    """It opens nothing from this commit on, and what it rested on is forgotten."""
    row.ended_at, row.sealed, row.credential = now, None, None
    row.save(update_fields=["ended_at", "sealed", "credential"])
    log.append(Kind.FACTOR_ENDED, now=now, about=_about(row), rows=[state_of(row)])


def _about(row: Factor) -> dict[str, JsonValue]:
    return {"factor": row.pk, "person": row.person_id, "kind": row.kind}
