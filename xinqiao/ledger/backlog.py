"""How many entries wait for their place, and the limit above which no more are promised one."""

import time
from typing import Final
from weakref import WeakKeyDictionary

from xinqiao.database import statements
from xinqiao.database.statements import Session
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.errors import LogUnavailable

# Twenty seconds of the sequencer's work: with more than this waiting nobody sequences, and a promise would be empty.
LIMIT: Final = 100_000
# One look at the gauge costs a round trip; a connection that writes constantly pays it once a second.
_LOOK_EVERY: Final = 1.0  # seconds

_looked: "WeakKeyDictionary[Session, float]" = WeakKeyDictionary()

# Ordinals given out since the last round: exact but for acts that were rolled back, and those only ever add to it.
_ESTIMATE: Final = """
SELECT s.last_value - coalesce((SELECT ordinal FROM ledger_sequencer), 0) FROM ledger_event_ordinal s WHERE s.is_called
"""
_EXACT: Final = """
SELECT count(*) FROM (
    SELECT FROM ledger_event e
    WHERE NOT EXISTS (SELECT FROM ledger_position p WHERE p.event = e.id)
    ORDER BY e.id DESC LIMIT $1) AS waiting
"""


def ensure_room(session: Session) -> None:
    """Raise `LogUnavailable` when more than `LIMIT` entries wait; looks at the gauge once a second per connection."""
    now = time.monotonic()
    if now - _looked.get(session, -_LOOK_EVERY) < _LOOK_EVERY:
        return
    if waiting(at_least=LIMIT) > LIMIT:
        raise LogUnavailable(Saying("等待编入日志的记录超过 {most} 条，请稍后再试；已经受理的不受影响。", most=LIMIT))
    _looked[session] = now


def waiting(*, at_least: int = 0) -> int:
    """How many entries wait for their place; an upper bound is enough while it does not exceed `at_least`."""
    found = statements.rows_on(statements.connected(), _ESTIMATE)
    estimate: int = found[0][0] if found else 0
    if estimate > at_least:
        ((estimate,),) = statements.rows_on(statements.connected(), _EXACT, max(at_least, LIMIT) + 1)
    return estimate
