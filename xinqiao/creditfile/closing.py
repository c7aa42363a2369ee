"""Facts cease to be current: another version took their place, or their source no longer says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from xinqiao.creditfile.errors import NoLongerCurrent
from xinqiao.creditfile.rules import leaves
from xinqiao.kernel.ids import EventId, FactId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

# The closing of a fact is covered apart from the fact: a leaf of its own, in the chunk of the event that closed it.
ASPECT: Final = "creditfile_fact/closing"
_CLOSE: Final = """
UPDATE creditfile_fact f SET closed_event = %s, closed_ordinal = w.row - 1
FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (id, row)
WHERE f.id = w.id AND f.closed_event IS NULL
"""


def close(
    facts: Sequence[FactId],
    *,
    because: str,
    about: Mapping[str, Any],
    now: datetime,
    unborn: Sequence[FactId] = (),
) -> EventId | None:
    """End facts' being current, once and for ever, by one event in the open transaction; None where there are none.

    `unborn` are facts the caller is about to write already closed, with the ordinals after `facts`. Raises
    `NoLongerCurrent` when one of `facts` has been closed by somebody else.
    """
    if not facts and not unborn:
        return None
    event = log.reserve_event_id()
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [event, list(facts)])
        if cursor.rowcount != len(facts):
            raise NoLongerCurrent
    digests = [leaves.closing(fact, event) for fact in (*facts, *unborn)]
    said = {**about, "because": because, "count": len(digests)}
    return log.append_chunk(Kind.FACTS_CLOSED, now=now, about=said, table=ASPECT, leaves=digests, event_id=event)
