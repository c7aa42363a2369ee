"""Rights follow the log: lines objected to that were closed, repairs decided, repaired lines that came anew, and
representatives the register has changed."""

from datetime import datetime
from functools import partial
from typing import Final

from xinqiao.creditfile import queries as creditfile
from xinqiao.kernel.ids import FactId
from xinqiao.ledger import following
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.rights import annulling, carrying, keeping, leaving, registered, results
from xinqiao.rights.models import Objection
from xinqiao.rights.rules.objections import OPEN, State

NAME: Final = "rights"


def follow(now: datetime) -> int:
    """Read on in the log; returns how many closings and storings of facts were looked at."""
    return following.follow(NAME, partial(_news, now), kinds=(Kind.FACTS_CLOSED, Kind.FACTS_STORED), now=now)


def _news(now: datetime, event: Event) -> None:
    if event.kind == Kind.FACTS_CLOSED:
        _closed(now, event)
    elif event.about["item"] == results.ITEM:
        results.take_up(event.id, now)
    else:
        if event.about["item"] in registered.items():
            leaving.look(event.id, now)
        results.look_again(event.id, now)
        annulling.look_again(event.id, now)


def _closed(now: datetime, event: Event) -> None:
    rows = {FactId(row.stands_on): row.pk for row in Objection.objects.filter(state__in=[*OPEN, State.REJECTED])}
    for fact in sorted(creditfile.closed_by(event.id, rows)):
        carrying.bring_up(keeping.locked(rows[fact]), now)
