"""Keeping an institution's feed: each event gets the next of its own numbers, and goes when its time is over."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger.canonical import canonical
from xinqiao.ledger.queries import Event
from xinqiao.notices import seals
from xinqiao.notices.models import Call, Notice, Sending
from xinqiao.notices.rules import Heard

KEPT: Final = timedelta(days=90)  # a quarter: a program that was switched off over a holiday has missed nothing
CALLS_KEPT: Final = timedelta(days=30)
_NUMBER: Final = """
INSERT INTO notices_feed AS f (institution_id, last) VALUES (%s, 1)
ON CONFLICT (institution_id) DO UPDATE SET last = f.last + 1 RETURNING last
"""


def put(one: Heard, event: Event, ordinal: int) -> int | None:
    """Give it its number and keep it; None where it is there already. In the transaction that moves the cursor: the
    follower is alone, so an institution's numbers are in the order of the log and none appears before one that was
    read."""
    assert event.position is not None  # noqa: S101 — a follower meets only what has its place
    if Notice.objects.filter(institution_id=one.to, position=event.position, ordinal=ordinal).exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [one.to])
        number = int(cursor.fetchone()[0])
    row = Notice(
        institution_id=one.to,
        number=number,
        news=str(one.news),
        subject=one.subject,
        about=canonical(dict(one.about)),
        position=event.position,
        ordinal=ordinal,
        at=event.at,
    )
    row.seal = seals.seal(row)
    row.save(force_insert=True)
    return number


def clear(now: datetime) -> int:
    """Take away what is older than its term; returns how many events went. What they told of is in the log."""
    Call.objects.filter(at__lt=now - CALLS_KEPT).delete()
    gone = Notice.objects.filter(at__lt=now - KEPT)
    oldest = {InstitutionId(row.institution_id): row.number for row in gone.order_by("number")}
    for institution, number in oldest.items():
        Sending.objects.filter(webhook__institution_id=institution, number__lte=number).delete()
    return gone.delete()[0]
