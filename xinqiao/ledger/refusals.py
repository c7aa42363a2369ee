"""Refusals of people we do not know, and of requests that mean nothing: counted, not logged one by one.

One event a minute however many come, so that nobody can flood the log. Refusals of people we know are events of their
own domains. Counts live in the process until their minute is over; `keep` writes them down while a server runs, and
what is left when it stops. Killed, it loses those of a minute.
"""

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.db import Error, connection, transaction
from django.utils import timezone

from xinqiao.ledger import entries, log
from xinqiao.ledger.errors import EntryInvalid, LogUnavailable
from xinqiao.ledger.events import Kind

# Reasons are our own words; more than this in one minute means that somebody made one out of what was sent.
REASONS_MOST: Final = 50
_REASON: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")
_LOOK_EVERY: Final = 0.5  # seconds between looks at whether a minute is over, or the server
trouble = logging.getLogger(__name__)

_lock: Final = threading.Lock()
_minutes: dict[datetime, Counter[str]] = {}


def count(reason: str, *, now: datetime) -> None:
    """One refusal for this reason (`unauthenticated`, `malformed`, `rate-limited`…). Writes nothing."""
    if not _REASON.fullmatch(reason):
        raise EntryInvalid(f"{reason!r} is no reason of ours")
    minute = now.replace(second=0, microsecond=0)
    with _lock:
        counts = _minutes.setdefault(minute, Counter())
        counts[reason if reason in counts or len(counts) < REASONS_MOST else "other"] += 1


def flush(now: datetime, *, all_: bool = False) -> int:
    """Log the minutes that are over, one event each (with `all_` the present one too); returns how many."""
    current = now.replace(second=0, microsecond=0)
    with _lock:
        over = sorted(minute for minute in _minutes if all_ or minute < current)
        counted = [(minute, _minutes.pop(minute)) for minute in over]
    for done, (minute, counts) in enumerate(counted):
        try:
            _write(minute, counts, now)
        except BaseException:
            _give_back(counted[done:])
            raise
    return len(counted)


def keep(going: Callable[[], bool], *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Flush minute by minute as long as the server is going, and once more then; for a thread of its own.

    Whatever keeps a count from being written (the database is away, the log is full), the next look tries again.
    """
    ended = False
    while not ended:
        ended = not going()
        _try_to_flush(clock(), all_=ended)
        time.sleep(0 if ended else _LOOK_EVERY)
    connection.close()


def _try_to_flush(now: datetime, *, all_: bool) -> None:
    try:
        flush(now, all_=all_)
    except (Error, LogUnavailable):
        trouble.exception("refusals could not be counted in the log; they are kept for the next time")
        connection.close()


def _write(minute: datetime, counts: Counter[str], now: datetime) -> None:
    with transaction.atomic():
        log.append(Kind.REFUSALS_COUNTED, now=now, about={"minute": entries.instant(minute), "counts": dict(counts)})


def _give_back(counted: Iterable[tuple[datetime, Counter[str]]]) -> None:
    with _lock:
        for minute, counts in counted:
            _minutes.setdefault(minute, Counter()).update(counts)
