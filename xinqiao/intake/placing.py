"""Rows that waited are placed once their subjects appear."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from xinqiao.intake.keeping import CHUNK, write_placements
from xinqiao.intake.models import Delivery
from xinqiao.intake.rules.states import IN_FORCE
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import following, locks
from xinqiao.ledger.events import Kind
from xinqiao.subjects import matching

FOLLOWER: Final = "intake:placing"
# Subjects that appear, and rows that begin to wait: a row may have been looked up just before its subject was made.
KINDS: Final = (Kind.SUBJECTS_INTRODUCED, Kind.ROWS_UNPLACED)

_WAITING: Final = """
FROM intake_unplaced u JOIN intake_delivery d ON d.id = u.delivery_id
WHERE d.state = ANY(%(states)s)
AND NOT EXISTS (SELECT 1 FROM intake_placement p WHERE p.delivery_id = u.delivery_id AND p.line = u.line)
"""


def follow(now: datetime) -> int:
    """Place what can be placed if the log says that something may have changed; returns the number of rows placed."""
    while following.follow(FOLLOWER, lambda _event: _note(), kinds=KINDS, now=now):
        pass
    return place(now) if _noted() else 0


def place(now: datetime) -> int:
    """Place every waiting row whose subject is known; returns how many. Outside transactions."""
    with locks.held("intake:placing", wait=True):
        _forget()
        return sum(_place_some(codes, now) for codes in _waiting_codes())


def _waiting_codes() -> Iterator[list[str]]:
    last = ""
    sql = f"SELECT DISTINCT u.uscc {_WAITING} AND u.uscc > %(after)s ORDER BY u.uscc LIMIT %(limit)s"
    while codes := [row[0] for row in _all(sql, after=last, limit=CHUNK)]:
        yield codes
        last = codes[-1]


def _place_some(codes: list[str], now: datetime) -> int:
    found = {str(code): int(subject) for code, subject in matching.place(codes).items()}
    if not found:
        return 0
    sql = f"SELECT u.delivery_id, u.line, u.uscc {_WAITING} AND u.uscc = ANY(%(codes)s) ORDER BY u.delivery_id, u.line"
    by_delivery: dict[int, list[tuple[int, int]]] = {}
    for number, line, code in _all(sql, codes=list(found)):
        by_delivery.setdefault(number, []).append((line, found[code]))
    return sum(_place_in(DeliveryNumber(number), rows, now) for number, rows in by_delivery.items())


def _place_in(number: DeliveryNumber, rows: list[tuple[int, int]], now: datetime) -> int:
    """One delivery's rows, in chunks of one event each. A delivery that was replaced meanwhile keeps them waiting."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=number)
        if delivery.state not in IN_FORCE:
            return 0
        told: dict[str, str | int] = {"delivery": delivery.pk, "source": delivery.source, "item": delivery.item}
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            write_placements(number, part, told | {"count": len(part)}, now)
    return len(rows)


def _all(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"states": [str(s) for s in IN_FORCE], **values})
        return list(cursor.fetchall())


def _note() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO intake_placingdue (id) VALUES (1) ON CONFLICT DO NOTHING")


def _noted() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM intake_placingdue")
        return cursor.fetchone() is not None


def _forget() -> None:
    """Before looking, so that what is noted meanwhile is looked at again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_placingdue")
