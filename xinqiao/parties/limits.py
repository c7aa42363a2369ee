"""How often somebody may try something, counted in the database so that every process counts together.

A try is counted before it is judged: two at once cannot both be the last one allowed. Who tries is kept as a keyed
mark.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from xinqiao import keys
from xinqiao.parties.errors import TooOften

KEPT: Final = timedelta(days=1)
SWEPT_AT_ONCE: Final = 20
_COUNT: Final = """
INSERT INTO parties_tries AS t (key, since, counted) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN t.since <= %(old)s THEN %(now)s ELSE t.since END,
    counted = CASE WHEN t.since <= %(old)s THEN 1 ELSE t.counted + 1 END
RETURNING since, counted
"""
_SWEEP: Final = "DELETE FROM parties_tries WHERE key IN (SELECT key FROM parties_tries WHERE since < %s LIMIT %s)"


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` tries within `per`, counted from the first of them."""

    name: str
    times: int
    per: timedelta


def count(limit: Limit, who: str, *, now: datetime) -> None:
    """Count one try by `who`; raises `TooOften` when it is one too many. A few old counters go with each new one."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": _key(limit, who), "now": now, "old": now - limit.per})
        since, counted = cursor.fetchone()
        cursor.execute(_SWEEP, [now - KEPT, SWEPT_AT_ONCE])
    if counted > limit.times:
        raise TooOften(since + limit.per - now)


def forget(limit: Limit, who: str) -> None:
    """What was tried came right; the count begins anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_tries WHERE key = %s", [_key(limit, who)])


def _key(limit: Limit, who: str) -> bytes:
    return keys.mark("tries", f"{limit.name}\n{who}".encode())
