"""Changing how a fact may be used: disputed, settled, repaired, expired, taken out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from xinqiao.creditfile.errors import UnknownFact, WrongStanding
from xinqiao.creditfile.models import Standing as Row
from xinqiao.creditfile.rules.standings import NEXT, TITLES, Standing
from xinqiao.kernel.ids import EventId, FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import digests, log
from xinqiao.ledger.events import Kind

TABLE: Final = "creditfile_standing"


@transaction.atomic
def mark(fact_id: FactId, standing: Standing, *, because: str, by: str, now: datetime) -> EventId:
    """Give a fact a new standing. Raises `UnknownFact`, `WrongStanding` where the present one does not lead there."""
    subject, item = _locked(fact_id)
    before = of(fact_id)
    if standing not in NEXT[before]:
        said = Saying(
            "这条信息目前是“{before}”，不能改为“{standing}”", before=TITLES[before], standing=TITLES[standing]
        )
        raise WrongStanding(said)
    about = {"fact": fact_id, "subject": subject, "item": item, "standing": str(standing)}
    return write([fact_id], standing, because=because, by=by, about=about, now=now)


def of(fact_id: FactId) -> Standing:
    """The standing of one fact now; good where nothing was ever said."""
    newest = Row.objects.filter(fact=fact_id).order_by("-id").first()
    return Standing(newest.standing) if newest else Standing.GOOD


def write(
    facts: Sequence[FactId], standing: Standing, *, because: str, by: str, about: dict[str, Any], now: datetime
) -> EventId:
    """Write the same standing for many facts with one event, in the open transaction; the caller has checked."""
    event = log.reserve_event_id()
    rows = [
        Row(fact=fact, standing=str(standing), because=because, by=by, at=now, event=event, ordinal=n)
        for n, fact in enumerate(facts)
    ]
    Row.objects.bulk_create(rows, batch_size=5_000)
    leaves = [leaf(row.pk, row.fact, row.standing, row.because, row.by, row.at) for row in rows]
    return log.append_chunk(Kind.FACT_MARKED, now=now, about=about, table=TABLE, leaves=leaves, event_id=event)


def leaf(number: int, fact: int, standing: str, because: str, by: str, at: datetime | str) -> bytes:
    """What the log holds of a row, its number included: of a fact's standings the newest counts."""
    said = {"fact": fact, "standing": standing, "because": because, "by": by, "at": at}
    return digests.row_digest(TABLE, str(number), said)


def _locked(fact_id: FactId) -> tuple[int, str]:
    """Subject and item of the fact, with its row locked: one change of standing at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, item FROM creditfile_fact WHERE id = %s FOR UPDATE", (fact_id,))
        row = cursor.fetchone()
    if row is None:
        raise UnknownFact(Saying("没有这条信息，或它不属于这份档案"))
    return row[0], row[1]
