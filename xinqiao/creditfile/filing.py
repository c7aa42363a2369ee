"""Taking up what intake has judged: a delivery's rows become facts, part by part, until it is filed.

A part is one transaction and is noted in it, so a process killed between two parts goes on with the next, and one
killed within a part leaves nothing of it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.catalogue.schema import DeliveryMode, Item
from xinqiao.creditfile import facts, payloads
from xinqiao.creditfile.facts import Origin, Stored
from xinqiao.intake import queries as intake
from xinqiao.intake.queries import DeliveryView
from xinqiao.kernel.ids import DeliveryNumber, EventId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

ENDING: Final = 1_000_000_000  # the part that ends what a full delivery no longer lists comes after all rows

_UNLISTED: Final = """
SELECT f.id FROM creditfile_fact f
WHERE f.closed_event IS NULL AND f.item = %(item)s AND f.source = %(source)s AND f.city = %(city)s
AND f.delivery <> %(delivery)s
AND (%(within)s::text IS NULL OR f.payload ->> %(within)s::text = ANY(%(scopes)s::text[]))
AND NOT EXISTS (SELECT 1 FROM creditfile_listed l WHERE l.subject_id = f.subject_id AND l.business_key = f.business_key)
ORDER BY f.id
"""


def file_due() -> list[tuple[EventId, DeliveryNumber, str]]:
    """What is still to be filed, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT event, delivery, what FROM creditfile_due WHERE NOT done ORDER BY event")
        return [(EventId(event), DeliveryNumber(number), what) for event, number, what in cursor.fetchall()]


def file_one(event: EventId, number: DeliveryNumber, what: str, *, now: datetime) -> None:
    """File everything one event brought. Outside transactions; may be called again after any interruption."""
    delivery = intake.delivery(number)
    if what == Kind.DELIVERY_REPLACED:
        _part(event, 0, lambda: _end_delivery(number, now))
    else:
        _file_rows(event, delivery, what, now)
    _finish(event, delivery, now)


def _file_rows(event: EventId, delivery: DeliveryView, what: str, now: datetime) -> None:
    item = catalogue.city().item(delivery.item)
    origin = Origin(item, delivery.source, delivery.number, delivery.received_on)
    placed = what == Kind.ROWS_PLACED
    frames = intake.placed_frames(event) if placed else intake.accepted_frames(delivery.number)
    for number, chunk in enumerate(_chunks(frames)):
        _part(event, number, lambda chunk=chunk: facts.store(origin, chunk, now=now))  # type: ignore[misc]
    if delivery.mode == DeliveryMode.FULL and not placed:
        _part(event, ENDING, lambda: _end_unlisted(item, delivery, now))


def _chunks(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for frame in frames:
        yield from frame.iter_slices(facts.CHUNK)


def _part(event: EventId, part: int, act: Any) -> None:
    """Do one part in one transaction, unless it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM creditfile_filed WHERE event = %s AND part = %s", (event, part))
        if cursor.fetchone():
            return
        done: Stored = act()
        cursor.execute(
            "INSERT INTO creditfile_filed (event, part, stored, closed, confirmed) VALUES (%s, %s, %s, %s, %s)",
            (event, part, done.stored, done.closed, done.confirmed),
        )


def _end_unlisted(item: Item, delivery: DeliveryView, now: datetime) -> Stored:
    """End the facts that a full list no longer has, within the period or batch the list is of."""
    facts.lock(item.item, delivery.source)
    within = item.delivery.full_within
    scopes = _listed(item, delivery.number, within)
    values = {"item": item.item, "source": delivery.source, "city": catalogue.city().code, "delivery": delivery.number}
    with connection.cursor() as cursor:
        cursor.execute(_UNLISTED, values | {"within": within, "scopes": scopes})
        gone = [row[0] for row in cursor.fetchall()]
    return _close(gone, "unlisted", delivery.number, now)


def _listed(item: Item, number: DeliveryNumber, within: str | None) -> list[str]:
    """The keys of every row the delivery listed, in a table of this transaction; returns the scopes it speaks of."""
    scopes: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE creditfile_listed (subject_id bigint, business_key text) ON COMMIT DROP")
        for frame in intake.full_keys(number):
            keys = frame.select("subject_id", payloads.key_of(item, frame))
            if within is not None:
                scopes.update(payloads.plain(within, item, frame).drop_nulls().unique().to_list())
            with cursor.copy("COPY creditfile_listed FROM STDIN") as copy:
                for row in keys.iter_rows():
                    copy.write_row(row)
        cursor.execute("ANALYZE creditfile_listed")
    return sorted(scopes)


def _end_delivery(number: DeliveryNumber, now: datetime) -> Stored:
    """A delivery that was replaced says nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM creditfile_fact WHERE delivery = %s AND closed_event IS NULL ORDER BY id", (number,)
        )
        gone = [row[0] for row in cursor.fetchall()]
    return _close(gone, "replaced", number, now)


def _close(gone: Sequence[int], because: str, number: DeliveryNumber, now: datetime) -> Stored:
    for start in range(0, len(gone), facts.CHUNK):
        facts.close(gone[start : start + facts.CHUNK], because=because, about={"delivery": number}, now=now)
    return Stored(0, len(gone), 0)


def _finish(event: EventId, delivery: DeliveryView, now: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE creditfile_due SET done = true WHERE event = %s AND NOT done", (event,))
        if not cursor.rowcount:
            return
        cursor.execute(
            "SELECT coalesce(sum(stored), 0), coalesce(sum(closed), 0), coalesce(sum(confirmed), 0)"
            " FROM creditfile_filed WHERE event = %s",
            (event,),
        )
        stored, closed, confirmed = (int(n) for n in cursor.fetchone())
        about = {"delivery": delivery.number, "item": delivery.item, "source": delivery.source, "event": event}
        counts = {"stored": stored, "closed": closed, "confirmed": confirmed}
        log.append(Kind.DELIVERY_FILED, now=now, about=about | counts)
