"""Where an institution wants to be called: registered, its secret changed, ended, and taken up again after it failed.

A call carries an event of the feed, so numbers and no content; who does not want to be called reads the feed alone.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from xinqiao import home, keys
from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.notices import addresses, signing
from xinqiao.notices.addresses import Bounds
from xinqiao.notices.errors import NotFound, NotLive, TooMany
from xinqiao.notices.models import Health, Webhook
from xinqiao.notices.rules import News

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

MOST: Final = 5  # live ones of an institution: a second site, a trial; more would only multiply calls
OVERLAP: Final = timedelta(days=1)  # for which the secret before a change is signed with as well
PURPOSE: Final = "webhook-secret"
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook and its secret, which is shown this once."""

    id: int
    secret: str


def bounds() -> Bounds:
    """What may be called from here."""
    return addresses.SAMPLE if home.mode() is home.Mode.SAMPLE else addresses.PRODUCTION


@transaction.atomic
def register(
    *,
    institution: InstitutionId,
    url: str,
    news: Collection[News] = (),
    client: str = "",
    by: PersonId | None = None,
    now: datetime,
) -> Registered:
    """Have this address called with an institution's events from now on, those of `news` or all. By one of its programs
    (`client`) or people. Raises `AddressRefused`, `TooMany`."""
    addresses.read(url, bounds())
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"notices:webhooks:{institution}"])
    if Webhook.objects.filter(institution_id=institution, ended_at__isnull=True).count() >= MOST:
        raise TooMany(Saying("最多 {most} 个，请先停用不再需要的", most=MOST))
    secret = os.urandom(signing.LENGTH)
    row = Webhook.objects.create(
        institution_id=institution,
        client_id=client or None,
        url=url,
        news=sorted(map(str, news)),
        secret=_sealed(institution, secret),
        registered_at=now,
    )
    _say(row, Kind.WEBHOOK_REGISTERED, now, client or by)
    return Registered(row.pk, signing.written(secret))


@transaction.atomic
def rotate(
    number: int, *, institution: InstitutionId, client: str = "", by: PersonId | None = None, now: datetime
) -> Registered:
    """A new secret; for a day calls are signed with the one before as well. Raises `NotFound`, `NotLive`."""
    row = _live(number, institution)
    secret = os.urandom(signing.LENGTH)
    row.before, row.before_until = row.secret, now + OVERLAP
    row.secret = _sealed(institution, secret)
    row.save(update_fields=["secret", "before", "before_until"])
    _say(row, Kind.WEBHOOK_ROTATED, now, client or by)
    return Registered(row.pk, signing.written(secret))


@transaction.atomic
def end(
    number: int, *, institution: InstitutionId, client: str = "", by: PersonId | None = None, now: datetime
) -> None:
    """Call it no more. Raises `NotFound`, `NotLive`."""
    row = _live(number, institution)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _say(row, Kind.WEBHOOK_ENDED, now, client or by)


@transaction.atomic
def resume(
    number: int, *, institution: InstitutionId, client: str = "", by: PersonId | None = None, now: datetime
) -> None:
    """Call one again that was disabled because all calls failed; what it missed is in the feed, and can be replayed.
    One that was not disabled stays as it is. Raises `NotFound`, `NotLive`."""
    row = _live(number, institution)
    if row.disabled_at is None:
        return
    row.disabled_at = None
    row.save(update_fields=["disabled_at"])
    Health.objects.filter(pk=row.pk).update(failing_since=None)
    _say(row, Kind.WEBHOOK_RESUMED, now, client or by)


def disable(row: Webhook, now: datetime) -> None:
    """All calls have failed for days. The row is locked, in an open transaction."""
    row.disabled_at = now
    row.save(update_fields=["disabled_at"])
    _say(row, Kind.WEBHOOK_DISABLED, now, None)


def secrets_of(row: Webhook, now: datetime) -> list[bytes]:
    """What a call is signed with now."""
    good = [row.secret]
    if row.before is not None and row.before_until is not None and now < row.before_until:
        good.append(row.before)
    return [keys.unseal(PURPOSE, str(row.institution_id), bytes(one)) for one in good]


def _sealed(institution: InstitutionId, secret: bytes) -> bytes:
    return keys.seal(PURPOSE, institution, secret)


def _live(number: int, institution: InstitutionId) -> Webhook:
    row = Webhook.objects.select_for_update().filter(pk=number, institution_id=institution).first()
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise NotLive(Saying("它已经停用"))
    return row


def _say(row: Webhook, kind: Kind, now: datetime, by: PersonId | str | None) -> None:
    about: dict[str, JsonValue] = {"webhook": row.pk, "institution": row.institution_id, "by": by}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
