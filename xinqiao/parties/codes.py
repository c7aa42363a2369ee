"""动态口令 (TOTP, RFC 6238): six digits that an app on the person's phone makes from a secret and the time.

The secret is kept sealed. A code is accepted for its half minute and one on either side, and once.
"""

import base64
from datetime import datetime
from hmac import compare_digest
from typing import Final

import pyotp
from django.db import connection, transaction

from xinqiao import keys
from xinqiao.kernel.ids import PersonId
from xinqiao.parties import factors
from xinqiao.parties.errors import CodeAlready, NotShown
from xinqiao.parties.models import Factor, FactorUse
from xinqiao.parties.rules import Method, Shown

STEP: Final = 30  # seconds; what every authenticator app takes for granted
DRIFT: Final = 1  # steps of a phone's clock, either way (RFC 6238 §5.2 asks for one at most)
ISSUER: Final = "信桥"
_SEAL, _DRAFT = "person-code", "person-code-draft"


def draft(person: PersonId) -> tuple[str, str]:
    """A new secret to be typed or scanned, and the same sealed, to be sent back with the first code."""
    secret = pyotp.random_base32()
    return secret, base64.urlsafe_b64encode(keys.seal(_DRAFT, str(person), secret.encode())).decode()


def drafted(person: PersonId, sealed: str) -> str:
    """The secret of a draft. Raises `NotShown` for anything but this person's own."""
    try:
        return keys.unseal(_DRAFT, str(person), base64.urlsafe_b64decode(sealed)).decode()
    except (keys.Tampered, ValueError) as error:
        raise NotShown from error


def address(secret: str, name: str) -> str:
    """What the QR code says to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


@transaction.atomic
def enrol(*, person: PersonId, secret: str, code: str, now: datetime) -> Shown:
    """Codes of this secret from now on; the first one proves that the app has it. Raises `CodeAlready`, `NotShown`."""
    factors.locked(person)
    if Factor.objects.filter(person_id=person, kind=Method.CODE, ended_at__isnull=True).exists():
        raise CodeAlready
    step = _step_of(secret, code, now)
    sealed = keys.seal(_SEAL, str(person), secret.encode())
    row = Factor.objects.create(person_id=person, kind=Method.CODE, name="", sealed=sealed, added_at=now)
    FactorUse.objects.create(factor=row, last=step)
    return Shown(Method.CODE, now, factors.added(row, now))


_USE: Final = "UPDATE parties_factoruse SET last = %s WHERE factor_id = %s AND last < %s"


@transaction.atomic
def show(*, person: PersonId, code: str, now: datetime) -> Shown:
    """Raises `NotShown`: wrong, used before, too old, or no codes at all."""
    row = Factor.objects.filter(person_id=person, kind=Method.CODE, ended_at__isnull=True).first()
    if row is None or row.sealed is None:
        raise NotShown
    step = _step_of(keys.unseal(_SEAL, str(person), bytes(row.sealed)).decode(), code, now)
    with connection.cursor() as cursor:
        cursor.execute(_USE, [step, row.pk, step])
        if cursor.rowcount == 0:  # this one or a later one was used already, by whoever was first
            raise NotShown
    return Shown(Method.CODE, now, row.pk)


def next_step(person: PersonId, now: datetime) -> int | None:
    """The earliest step whose code would be accepted at this moment; None while all of them are used."""
    used = FactorUse.objects.filter(
        factor__person_id=person, factor__kind=Method.CODE, factor__ended_at__isnull=True
    ).values_list("last", flat=True)
    here = _here(now)
    return next((step for step in range(here, here + DRIFT + 1) if all(step > last for last in used)), None)


def code_at(secret: str, step: int) -> str:
    return pyotp.TOTP(secret).generate_otp(step)


def _here(now: datetime) -> int:
    return int(now.timestamp()) // STEP


def _step_of(secret: str, code: str, now: datetime) -> int:
    """Which step the code is of. Raises `NotShown` where it is of none."""
    typed, here = "".join(code.split()), _here(now)
    steps = range(here - DRIFT, here + DRIFT + 1)
    found = [step for step in steps if compare_digest(code_at(secret, step).encode(), typed.encode())]
    if not found:
        raise NotShown
    return found[-1]
