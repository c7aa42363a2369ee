"""How often somebody may try something, counted in the database so that every process counts together.

A try is counted before it is judged: two at once cannot both be the last one allowed. Who tries is kept as a keyed
mark.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from xinqiao import keys
from xinqiao.database import statements
from xinqiao.parties.errors import TooOften

KEPT: Final = timedelta(days=1)
_COUNT: Final = """
WITH swept AS (
    DELETE FROM parties_tries WHERE key IN
           (SELECT key FROM parties_tries WHERE since < $4 AND key <> $1 LIMIT 20 FOR UPDATE SKIP LOCKED))
INSERT INTO parties_tries AS t (key, since, counted) VALUES ($1, $2, 1)
ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN t.since <= $3 THEN $2 ELSE t.since END,
    counted = CASE WHEN t.since <= $3 THEN 1 ELSE t.counted + 1 END
RETURNING since, counted
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` tries within `per`, counted from the first of them."""

    name: str
    times: int
    per: timedelta


def count(limit: Limit, who: str, *, now: datetime) -> None:
    """Count one try by `who`; raises `TooOften` when it is one too many. A few old counters go with each new one."""
    ((since, counted),) = statements.rows(_COUNT, _key(limit, who), now, now - limit.per, now - KEPT)
    if counted > limit.times:
        raise TooOften(since + limit.per - now)


def forget(limit: Limit, who: str) -> None:
    """What was tried came right; the count begins anew."""
    statements.rows("DELETE FROM parties_tries WHERE key = $1", _key(limit, who))


def _key(limit: Limit, who: str) -> bytes:
    return keys.mark("tries", f"{limit.name}\n{who}".encode())
