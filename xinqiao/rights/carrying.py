"""A source sends the line anew, with something changed in it: the dispute, or the business's statement, goes with it.

Otherwise a mark that came with an objection would be gone with the next month's file, decided by nobody.
"""

from datetime import datetime
from typing import Final

from xinqiao.creditfile import annotations, standing
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import FactId
from xinqiao.ledger.events import Kind
from xinqiao.rights import keeping
from xinqiao.rights.models import Objection
from xinqiao.rights.rules.objections import OPEN, State

STATEMENT: Final = "statement"  # the kind of annotation a business's own words are
SPEAKER: Final = "subject"
BECAUSE: Final = "来源重新报送，异议还在办理"
BY: Final = "platform"


def bring_up(row: Objection, now: datetime) -> None:
    """To the version of the line that is current now, if another one is. The objection is locked."""
    newest = creditfile.places(creditfile.versions(FactId(row.stands_on))[-1:])
    if not newest or newest[0].id == row.stands_on or newest[0].closed_event is not None:
        return
    fact = newest[0].id
    if row.state == State.REJECTED:
        state(row, fact, now)
    elif row.state in OPEN and standing.of(fact) is Standing.GOOD:
        standing.mark(fact, Standing.DISPUTED, because=BECAUSE, by=BY, now=now)
    row.stands_on = fact
    keeping.written(row, Kind.OBJECTION_CARRIED, now=now)


def state(row: Objection, fact: FactId, now: datetime) -> None:
    """Put the business's own words beside the line."""
    annotations.add(fact, kind=STATEMENT, text=row.text, by=SPEAKER, now=now)
