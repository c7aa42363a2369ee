"""Refusals of people we do not know, and of requests that mean nothing: counted, not logged one by one.

One event a minute however many come, so that nobody can flood the log. Refusals of people we know are events of their
own domains. Counts live in the process until their minute is over; `keep` flushes them while a server runs.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from xinqiao.ledger import entries, log
from xinqiao.ledger.errors import EntryInvalid
from xinqiao.ledger.events import Kind

# Reasons are our own words; more than this in one minute means that somebody made one out of what was sent.
REASONS_MOST: Final = 50
_REASON: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")
_LOOK_EVERY: Final = 5.0  # seconds between looks at whether a minute is over

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
    for minute, counts in counted:
        try:
            _write(minute, counts, now)
        except BaseException:
            _give_back(minute, counts)
            raise
    return len(counted)


def keep(stop: threading.Event, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Flush minute by minute until told to stop, and once more then; for a thread of the server."""
    while not stop.wait(_LOOK_EVERY):
        flush(clock())
    flush(clock(), all_=True)
    connection.close()


def _write(minute: datetime, counts: Counter[str], now: datetime) -> None:
    with transaction.atomic():
        log.append(Kind.REFUSALS_COUNTED, now=now, about={"minute": entries.instant(minute), "counts": dict(counts)})


def _give_back(minute: datetime, counts: Counter[str]) -> None:
    with _lock:
        _minutes.setdefault(minute, Counter()).update(counts)
