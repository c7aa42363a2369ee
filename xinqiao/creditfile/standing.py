"""Changing how a fact may be used: disputed, settled, repaired, expired."""

from datetime import datetime

from django.db import connection, transaction

from xinqiao.creditfile.errors import UnknownFact, WrongStanding
from xinqiao.creditfile.models import Standing as StandingRow
from xinqiao.creditfile.rules import NEXT, Standing
from xinqiao.kernel.ids import EventId, FactId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of


@transaction.atomic
def mark(fact_id: FactId, standing: Standing, *, because: str, by: str, now: datetime) -> EventId:
    """Give a fact a new standing. Raises `UnknownFact`, `WrongStanding` where the present one does not lead there."""
    subject, item = _locked(fact_id)
    before = of(fact_id)
    if standing not in NEXT[before]:
        raise WrongStanding(f"这条信息目前是“{before}”，不能改为“{standing}”")
    row = StandingRow.objects.create(fact=fact_id, standing=str(standing), because=because, by=by, at=now)
    about = {"fact": fact_id, "subject": subject, "item": item, "standing": str(standing)}
    return log.append(Kind.FACT_MARKED, now=now, about=about, rows=[state_of(row)])


def of(fact_id: FactId) -> Standing:
    """The standing of one fact now; good where nothing was ever said."""
    newest = StandingRow.objects.filter(fact=fact_id).order_by("-id").first()
    return Standing(newest.standing) if newest else Standing.GOOD


def _locked(fact_id: FactId) -> tuple[int, str]:
    """Subject and item of the fact, with its row locked: one change of standing at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, item FROM creditfile_fact WHERE id = %s FOR UPDATE", (fact_id,))
        row = cursor.fetchone()
    if row is None:
        raise UnknownFact("没有这条信息，或它不属于这份档案")
    return row[0], row[1]
