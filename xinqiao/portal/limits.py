"""How often something may be tried, counted in the database so that every web process counts together.

A try is counted before it is judged: two at once cannot both be the last one allowed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from xinqiao import keys
from xinqiao.kernel.sayings import Saying
from xinqiao.portal.errors import TooManyTries


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` tries within `per`, counted from the first of them."""

    name: str
    times: int
    per: timedelta


# Five wrong passwords are a forgotten one; more are somebody else's patience (GB/T 22239 8.1.4.1 asks for a lock).
SIGN_IN: Final = Limit("sign-in", 5, timedelta(minutes=15))
# One name tried from many addresses.
SIGN_IN_NAME: Final = Limit("sign-in-name", 30, timedelta(hours=1))
# A whole office may share one address.
SIGN_IN_ADDRESS: Final = Limit("sign-in-address", 100, timedelta(minutes=15))
# Checking a receipt costs a signature or two; a person does a few, a program none.
PUBLIC_CHECK: Final = Limit("public-check", 30, timedelta(minutes=1))

KEPT: Final = timedelta(days=1)
SWEPT_AT_ONCE: Final = 20


def count(limit: Limit, who: str, *, now: datetime) -> None:
    """Count one try by `who`; raises `TooManyTries` when it is one too many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portal_tries AS t (key, since, counted) VALUES (%(key)s, %(now)s, 1)"
            " ON CONFLICT (key) DO UPDATE SET"
            " since = CASE WHEN t.since <= %(old)s THEN %(now)s ELSE t.since END,"
            " counted = CASE WHEN t.since <= %(old)s THEN 1 ELSE t.counted + 1 END"
            " RETURNING since, counted",
            {"key": _key(limit, who), "now": now, "old": now - limit.per},
        )
        since, counted = cursor.fetchone()
        _sweep(now)
    if counted > limit.times:
        raise _too_many(since + limit.per - now)


def forget(limit: Limit, who: str) -> None:
    """What was tried came right; the count begins anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_tries WHERE key = %s", [_key(limit, who)])


def _too_many(wait: timedelta) -> TooManyTries:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return TooManyTries(Saying("为了安全先暂停 {minutes} 分钟，之后可以再试。", minutes=minutes), wait=wait)


def _key(limit: Limit, who: str) -> bytes:
    return keys.provider().mark("portal-tries", f"{limit.name}\n{who}".encode())


def _sweep(now: datetime) -> None:
    """A few old counters with each new one, so that nobody has to remember to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM portal_tries WHERE key IN (SELECT key FROM portal_tries WHERE since < %s LIMIT %s)",
            [now - KEPT, SWEPT_AT_ONCE],
        )
