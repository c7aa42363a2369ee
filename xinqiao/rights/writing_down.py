"""What businesses commit themselves to and declare is written into the file by the door every delivery comes in by.

A day's file holds whatever was given or moved on since its row was last written; a row that moves on again lies in the
newer day's file, and its fact there is the next version.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights.handing_in import hand_in

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Book:
    """What is written down: which rows, as whose delivery of what, by which event. `rows` says what they say now."""

    written: QuerySet[Any]  # of a table with `written_on` and `unwritten`
    source: str
    item: str
    event: Kind
    rows: Callable[[list[int]], Rows]


def write(book: Book, now: datetime) -> DeliveryNumber | None:
    """Hand in what is not in the file as it stands; None where nothing is. Outside transactions, one at a time."""
    today = day_of(now)
    found = book.written.filter(Q(unwritten=True) | Q(written_on=today)).order_by("id")
    numbers = list(found.values_list("id", flat=True))
    if not found.filter(unwritten=True).exists():
        return None
    rows = book.rows(numbers)
    delivery = hand_in(source=book.source, item=book.item, day=today, rows=rows, now=now)
    _written(book, numbers, rows, delivery, now)
    return delivery


@transaction.atomic
def _written(book: Book, numbers: list[int], said: Rows, delivery: DeliveryNumber, now: datetime) -> None:
    """Where something moved on while the file was made, all stays unwritten: whoever moved it has us come again."""
    rows = list(book.written.select_for_update().filter(pk__in=numbers).order_by("id"))
    if book.rows(numbers) != said:
        return
    for row in rows:
        row.written_on, row.unwritten = day_of(now), False
        row.save(update_fields=["written_on", "unwritten"])
    about = {"delivery": delivery, "count": len(rows)}
    log.append(book.event, now=now, about=about, rows=[state_of(row) for row in rows])
