"""Giving entries their place: the tree grows, and a signed checkpoint says how far.

A round takes every committed entry that the last round could not see, by transaction id against that round's snapshot,
so that an import of an hour holds up nobody: its entries come when it commits. Where transaction ids mean nothing (the
first round, a restored database, notes that were tampered with) it looks for every entry without a place instead.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from xinqiao.ledger import locks, rounds, sessions, witnessing
from xinqiao.ledger.errors import LedgerAltered
from xinqiao.ledger.rounds import Sequenced

__all__ = ["Sequenced", "lead", "sequence"]

log = logging.getLogger(__name__)

# A checkpoint is promised within a second; five rounds a second keep that with room, and cost an idle database nothing.
PAUSE: Final = 0.2  # seconds between rounds
_AFTER_FAULT: Final = 2.0  # seconds before a leader that lost the database, or one in waiting, tries again


def sequence(now: datetime) -> Sequenced:
    """Place every committed entry that waits and publish a checkpoint over them. Anybody may call it, at any time.

    Rounds follow one another (advisory lock); a round that dies leaves nothing behind. Outside transactions only.
    Raises `LedgerAltered` when the tree no longer leads to the root that was signed last.
    """
    with locks.held(locks.ROUND, wait=True), transaction.atomic(durable=True), sessions.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return rounds.run(cursor, now)


def lead(stop: threading.Event, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Sequence until told to stop, while no other process leads, and show the log to the witnesses; for the worker.

    A lost database is waited for, and so is one that was altered: nothing is signed until that is cleared up.
    """
    while not stop.is_set():
        try:
            with locks.held(locks.LEAD, wait=False) as leading:
                if leading:
                    _lead(stop, clock)
        except (DatabaseError, LedgerAltered):
            log.exception("the sequencer stopped and will try again")
            connection.close()
        stop.wait(_AFTER_FAULT)
    connection.close()


def _lead(stop: threading.Event, clock: Callable[[], datetime]) -> None:
    shown_size, shown_at = 0, time.monotonic()
    while not stop.wait(PAUSE):
        size = sequence(clock()).size
        if size > shown_size and time.monotonic() - shown_at >= witnessing.EVERY:
            witnessing.show(clock())
            shown_size, shown_at = size, time.monotonic()
