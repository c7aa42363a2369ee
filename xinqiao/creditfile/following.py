"""The credit file follows the log: what intake judged is noted as due, then filed."""

from datetime import datetime
from functools import partial
from typing import Final

from django.db import connection

from xinqiao.creditfile import filing, worklist
from xinqiao.ledger import following, locks, log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event

NAME: Final = "creditfile"
KINDS: Final = (
    Kind.DELIVERY_JUDGED,
    Kind.DELIVERY_RELEASED,
    Kind.DELIVERY_REPLACED,
    Kind.ROWS_PLACED,
)
BRINGS_ROWS: Final = frozenset({Kind.DELIVERY_JUDGED, Kind.DELIVERY_RELEASED})
WITH_ROWS: Final = frozenset({"accepted", "partial"})  # states of a delivery that has rows for us
_NOTE: Final = f"""
INSERT INTO creditfile_due ({", ".join(worklist.DUE_COLUMNS)}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_FILING: Final = "creditfile:filing"


def follow(now: datetime) -> int:
    """Take up what is new in the log and file it; returns how many events were filed.

    Who comes while another process files waits for it: when this returns, what was in the log when it was called and
    noted is filed.
    """
    while following.follow(NAME, partial(_note, now), kinds=KINDS, now=now):
        pass
    with locks.held(_FILING, wait=True):
        due = filing.due()
        for one in due:
            filing.file_one(one, now=now)
    return len(due)


def _note(now: datetime, event: Event) -> None:
    """A delivery that is held has no rows for us yet; its release brings them."""
    said = event.about
    if event.kind in BRINGS_ROWS and said["state"] not in WITH_ROWS:
        return
    rows = said.get("accepted", said.get("count"))
    whose = (event.id, event.position, said["delivery"], said.get("period", ""))
    line = (*whose, event.kind, said.get("by"), rows, False)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, line)
        noted = cursor.rowcount > 0
    if noted:
        about = {"delivery": said["delivery"], "event": event.id}
        log.append(Kind.DELIVERY_DUE, now=now, about=about, rows=[worklist.due(*line)])
