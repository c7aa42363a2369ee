"""The credit file follows the log: what intake judged is noted as due, then filed."""

from datetime import datetime
from typing import Final

from django.db import connection

from xinqiao.creditfile import filing
from xinqiao.ledger import following, locks
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event

NAME: Final = "creditfile"
KINDS: Final = (
    Kind.DELIVERY_JUDGED,
    Kind.DELIVERY_RELEASED,
    Kind.DELIVERY_REPLACED,
    Kind.ROWS_PLACED,
)
WITH_ROWS: Final = frozenset({"accepted", "partial"})  # states of a delivery that has rows for us


def follow(now: datetime) -> int:
    """Take up what is new in the log and file it; returns how many events were filed."""
    while following.follow(NAME, _note, kinds=KINDS, now=now):
        pass
    with locks.held("creditfile:filing", wait=True):
        due = filing.file_due()
        for event, number, what in due:
            filing.file_one(event, number, what, now=now)
    return len(due)


def _note(event: Event) -> None:
    if event.kind == Kind.DELIVERY_JUDGED and event.about["state"] not in WITH_ROWS:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO creditfile_due (event, delivery, what) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (event.id, event.about["delivery"], event.kind),
        )
