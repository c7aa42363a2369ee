"""Rights follow the log: what became of the lines that are objected to."""

from datetime import datetime
from functools import partial
from typing import Final

from xinqiao.creditfile import queries as creditfile
from xinqiao.kernel.ids import FactId
from xinqiao.ledger import following
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.rights import carrying, keeping
from xinqiao.rights.models import Objection
from xinqiao.rights.rules.objections import OPEN, State

NAME: Final = "rights"


def follow(now: datetime) -> int:
    """Read on in the log; returns how many closings of facts were looked at."""
    return following.follow(NAME, partial(_closed, now), kinds=(Kind.FACTS_CLOSED,), now=now)


def _closed(now: datetime, event: Event) -> None:
    rows = {FactId(row.stands_on): row.pk for row in Objection.objects.filter(state__in=[*OPEN, State.REJECTED])}
    for fact in sorted(creditfile.closed_by(event.id, rows)):
        carrying.bring_up(keeping.locked(rows[fact]), now)
