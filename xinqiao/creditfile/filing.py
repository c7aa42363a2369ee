"""Taking up what intake has judged: a delivery's rows become facts, part by part, until it is filed.

A part is one transaction, noted in it by its last line: a process killed between two parts goes on with the next, one
killed within a part leaves nothing of it. Rows come in the order of their lines, however they are cut.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import polars as pl
from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.catalogue.schema import DeliveryMode
from xinqiao.creditfile import ending, facts, worklist
from xinqiao.creditfile.errors import FilingMismatch
from xinqiao.creditfile.facts import Origin, Stored
from xinqiao.intake import queries as intake
from xinqiao.intake.queries import DeliveryView
from xinqiao.kernel.ids import DeliveryNumber, EventId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

_DUE: Final = "SELECT event, delivery, what, by, rows FROM creditfile_due WHERE NOT done ORDER BY position"
_FILED: Final = "SELECT DISTINCT delivery FROM creditfile_due WHERE done AND what <> %s AND delivery = ANY(%s)"
_DONE: Final = (
    f"UPDATE creditfile_due SET done = true WHERE event = %s AND NOT done RETURNING {', '.join(worklist.DUE_COLUMNS)}"
)
_PART: Final = (
    f"INSERT INTO creditfile_filed ({', '.join(worklist.FILED_COLUMNS)}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_SO_FAR: Final = """
SELECT coalesce(sum(stored), 0), coalesce(sum(closed), 0), coalesce(sum(cardinality(confirmed)), 0)
FROM creditfile_filed WHERE event = %s
"""


class Due(NamedTuple):
    """What one event of intake asks us to file. `what` is its kind, `by` the delivery that replaced this one.

    `rows` is how many rows intake said there are, None where it said nothing.
    """

    event: EventId
    delivery: DeliveryNumber
    what: str
    by: DeliveryNumber | None
    rows: int | None


def due() -> list[Due]:
    """What is still to be filed, in the log's order; what was replaced ends once that which replaced it is filed.

    So nobody reads the file in a moment when the old is gone and the new not there yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        waiting = [Due(*row) for row in cursor.fetchall()]
        cursor.execute(_FILED, [str(Kind.DELIVERY_REPLACED), [one.by for one in waiting if one.by is not None]])
        filed = {row[0] for row in cursor.fetchall()}
    return in_order(waiting, filed)


def in_order(waiting: Sequence[Due], filed: Collection[int]) -> list[Due]:
    """Each replaced delivery after the one that replaced it; left for later where that one is not yet known of."""
    replaced = [one for one in waiting if one.by is not None]
    ordered = [one for one in replaced if one.by in filed]
    for one in waiting:
        if one.by is None:
            ordered.append(one)
            ordered += [other for other in replaced if other.by == one.delivery and other not in ordered]
    return ordered


def is_filed(number: DeliveryNumber) -> bool:
    """Whether everything the log has told us of the delivery is in the file; True for one we have not heard of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM creditfile_due WHERE delivery = %s AND NOT done", [number])
        return bool(cursor.fetchone()[0] == 0)


def file_one(one: Due, *, now: datetime) -> None:
    """File everything one event brought. Outside transactions; may be called again after any interruption.

    One process at a time (`following.follow` sees to it). Raises `FilingMismatch`.
    """
    delivery = intake.delivery(one.delivery)
    item = catalogue.city().item(delivery.item)
    origin = Origin(item, delivery.source, delivery.number, delivery.received_on, delivery.period)
    ended = 0
    if one.what == Kind.DELIVERY_REPLACED:
        ended = ending.end_delivery(origin, now=now)
    else:
        placed = one.what == Kind.ROWS_PLACED
        _file_rows(
            one, origin, intake.placed_frames(one.event) if placed else intake.accepted_frames(one.delivery), now
        )
        if delivery.mode == DeliveryMode.FULL and not placed:
            ended = ending.end_unlisted(origin, now=now)
    _finish(one, delivery, ended, now)


def _file_rows(one: Due, origin: Origin, frames: Iterable[pl.DataFrame], now: datetime) -> None:
    done = _done_through(one)
    for part in _parts(frames):
        rows = part.filter(pl.col("line") > done)
        if rows.height:
            _file_part(one, origin, rows, now)


def _parts(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The rows by rising line, at most a chunk at a time. Raises `FilingMismatch` where they come in another order."""
    last = 0
    for frame in frames:
        for part in frame.iter_slices(facts.CHUNK):
            lines = part["line"]
            if lines[0] <= last or not lines.is_sorted():
                raise FilingMismatch("rows must come in the order of their lines")
            last = lines[-1]
            yield part


def _done_through(one: Due) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_line), 0) FROM creditfile_filed WHERE event = %s", [one.event])
        return int(cursor.fetchone()[0])


@transaction.atomic
def _file_part(one: Due, origin: Origin, rows: pl.DataFrame, now: datetime) -> None:
    stored = facts.store(origin, rows, now=now)
    where = (one.event, rows["line"][-1], origin.delivery, origin.item.item, origin.source)
    part = (*where, stored.stored, stored.closed, list(stored.facts))
    with connection.cursor() as cursor:
        cursor.execute(_PART, part)
    about = {**origin.about(), "event": one.event, "count": rows.height}
    log.append(Kind.PART_FILED, now=now, about=about, rows=[worklist.filed(*part)])


@transaction.atomic
def _finish(one: Due, delivery: DeliveryView, ended: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [one.event])
        if (done := cursor.fetchone()) is None:
            return
        cursor.execute(_SO_FAR, [one.event])
        stored, closed, confirmed = (int(n) for n in cursor.fetchone())
    if one.rows is not None and stored + confirmed != one.rows:
        raise FilingMismatch(f"delivery {delivery.number}: {stored + confirmed} rows came of {one.rows}")
    counts = {"stored": stored, "closed": closed + ended, "confirmed": confirmed}
    about: dict[str, int | str] = {
        "delivery": delivery.number,
        "event": one.event,
        "item": delivery.item,
        "source": delivery.source,
    }
    log.append(Kind.DELIVERY_FILED, now=now, about={**about, **counts}, rows=[worklist.due(*done)])


def counts(number: DeliveryNumber) -> Stored:
    """What became of a delivery's rows so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stored, closed, confirmed FROM creditfile_filed WHERE delivery = %s", [number])
        parts = [Stored(stored, closed, tuple(confirmed)) for stored, closed, confirmed in cursor.fetchall()]
    return sum(parts, Stored())
