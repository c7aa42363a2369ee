"""An objection nobody has decided in twenty days goes to those above the operator (征信业管理条例 §25)."""

from datetime import datetime

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.ledger.events import Kind
from xinqiao.rights import keeping
from xinqiao.rights.models import Objection
from xinqiao.rights.rules.objections import OPEN, hard_stop


def escalate(now: datetime) -> int:
    """Mark every open objection whose hard stop has passed; returns how many. Outside transactions; run daily."""
    waiting = Objection.objects.filter(state__in=OPEN, escalated_at__isnull=True).order_by("id")
    return sum(_escalate(row.pk, now) for row in waiting if _over(row, now))


def _over(row: Objection, now: datetime) -> bool:
    city = catalogue.city()
    return day_of(now) > hard_stop(day_of(row.opened_at), city.clocks, city.calendar)


@transaction.atomic
def _escalate(number: int, now: datetime) -> bool:
    row = keeping.locked(number)
    if row.state not in OPEN or row.escalated_at is not None:
        return False
    row.escalated_at = now
    keeping.written(row, Kind.OBJECTION_ESCALATED, now=now)
    return True
