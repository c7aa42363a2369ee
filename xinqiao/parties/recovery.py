"""恢复码: ten codes on paper for the day the phone is lost. Shown once, kept as keyed marks, each good once."""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from xinqiao import keys
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import factors
from xinqiao.parties.errors import NotShown
from xinqiao.parties.models import RecoveryCode
from xinqiao.parties.rules import Method, Shown

COUNT: Final = 10
LENGTH: Final = 10  # of 31 signs: 49 bits, with a few tries a quarter of an hour
SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[:31]  # none that is read as another


@transaction.atomic
def make(*, person: PersonId, now: datetime) -> list[str]:
    """Ten new ones; those before open nothing any more. Told here and never again."""
    factors.locked(person)
    factors.end_codes(person, now)
    told = ["".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(COUNT)]
    rows = [RecoveryCode.objects.create(person_id=person, mark=_mark(person, one), made_at=now) for one in told]
    about = {"person": person, "made": COUNT}
    log.append(Kind.RECOVERY_CODES_MADE, now=now, about=about, rows=[state_of(row) for row in rows])
    return [f"{one[:5]}-{one[5:]}" for one in told]


def left(person: PersonId) -> int:
    """How many are good still."""
    return _good(person).count()


@transaction.atomic
def show(*, person: PersonId, code: str, now: datetime) -> Shown:
    """Use one up; this is an event. Raises `NotShown`."""
    factors.locked(person)
    typed = "".join(sign for sign in code.upper() if sign in SIGNS)
    row = _good(person).filter(mark=_mark(person, typed)).first()
    if row is None:
        raise NotShown
    row.used_at = now
    row.save(update_fields=["used_at"])
    log.append(Kind.RECOVERY_CODE_USED, now=now, about={"person": person, "code": row.pk}, rows=[state_of(row)])
    return Shown(Method.RECOVERY, now, row.pk)


def _good(person: PersonId) -> QuerySet[RecoveryCode]:
    return RecoveryCode.objects.filter(person_id=person, used_at__isnull=True, ended_at__isnull=True)


def _mark(person: PersonId, code: str) -> bytes:
    return keys.mark("recovery-code", f"{person}\n{code}".encode())
