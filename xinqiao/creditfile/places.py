"""Where facts come from, and nothing of what they say: for whoever traces a record's path."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from xinqiao.kernel.ids import DeliveryNumber, EventId, FactId, SubjectId


@dataclass(frozen=True, slots=True)
class Place:
    """A fact's way here: its delivery and line, and its leaf (`stored_event`, `ordinal`) in the log."""

    id: FactId
    subject_id: SubjectId
    item: str
    source: str
    delivery: DeliveryNumber
    line: int
    stored_event: EventId
    ordinal: int
    closed_event: EventId | None


_PLACES: Final = (
    "SELECT id, subject_id, item, source, delivery, line, stored_event, ordinal, closed_event FROM creditfile_fact"
)


def places(ids: Iterable[int]) -> list[Place]:
    """Where these facts come from, in order; those that do not exist are not among them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLACES} WHERE id = ANY(%s) ORDER BY id", (list(ids),))
        return [Place(*row) for row in cursor.fetchall()]


def places_of(subject_id: SubjectId) -> list[Place]:
    """Where the current facts on a subject come from, in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLACES} WHERE subject_id = %s AND closed_event IS NULL ORDER BY id", (subject_id,))
        return [Place(*row) for row in cursor.fetchall()]


def places_in(delivery: DeliveryNumber, limit: int) -> list[Place]:
    """Where the first facts of a delivery went, in the order of its lines."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLACES} WHERE delivery = %s ORDER BY line LIMIT %s", (delivery, limit))
        return [Place(*row) for row in cursor.fetchall()]
