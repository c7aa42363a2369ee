"""The work that never ends: jobs, the sequencer, and everyone who follows the log. One process each."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

log = logging.getLogger(__name__)

_PAUSE: Final = 0.5  # seconds between two looks when there was nothing to do
_AFTER_FAULT: Final = 5.0

Follower = Callable[[datetime], int]


def jobs() -> None:
    """Do what acts asked to be done later."""
    from xinqiao import work

    work.run_worker()


def sequencer() -> None:
    """Give each event its place in the log."""
    from xinqiao.ledger import sequencing

    _until_told(sequencing.lead)


def followers() -> None:
    """Carry the news upwards: rows find their subjects, facts are filed, grades are given again, institutions
    are told."""
    _until_told(_follow)


def _follow(stop: threading.Event) -> None:
    while not stop.is_set():
        moved = faults = 0
        for name, follow in _followers().items():
            try:
                moved += _once(follow)
            except Exception:
                log.exception("the follower %s failed and will try again", name)
                faults += 1
        if faults:
            stop.wait(_AFTER_FAULT)
        elif not moved:
            stop.wait(_PAUSE)


def _once(follow: Follower) -> int:
    from django.db import DatabaseError, connection
    from django.utils import timezone

    try:
        return follow(timezone.now())
    except DatabaseError:
        connection.close()  # whatever state it is in
        raise


def _followers() -> dict[str, Follower]:
    """In the order news travels. One that waits for another process's turn lets it have it."""
    from xinqiao.creditfile import following as creditfile
    from xinqiao.disclosure import following as disclosure
    from xinqiao.evaluation import following as evaluation
    from xinqiao.evaluation import signalling
    from xinqiao.intake import placing
    from xinqiao.notices import following as notices
    from xinqiao.rights import following as rights

    return {
        "intake": placing.place,
        "creditfile": creditfile.follow,
        "rights": rights.follow,
        "evaluation": evaluation.follow,
        "signals": signalling.follow,
        "disclosure": disclosure.follow,
        "notices": notices.follow,
    }


def _until_told(work: Callable[[threading.Event], None]) -> None:
    """Work in a thread of its own until SIGTERM or SIGINT.

    A handler must not set the event itself: it may interrupt the very wait that holds the event's lock.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.append(number))
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name=work.__name__)
    thread.start()
    while thread.is_alive() and not told:
        thread.join(_PAUSE)
    stop.set()
    thread.join()


KINDS: Final[dict[str, Callable[[], None]]] = {"jobs": jobs, "sequencer": sequencer, "followers": followers}
