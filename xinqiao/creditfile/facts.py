"""Storing facts: the bulk road.

A row whose business key is new is stored. One that says what the current version says is confirmed. One that says
something else closes the current version and is stored as the next. One of an earlier period than the current version
(of a delivery that was held, say, and let go late) is kept, closed from the first. All of it for a whole chunk at once,
since a city's first load is twenty million rows: columns by Polars, hashes in one narrow loop, COPY straight into the
table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
from django.db import connection

from xinqiao.creditfile import current
from xinqiao.creditfile.closing import close
from xinqiao.creditfile.copying import Batch, Origin, copy_facts, copy_secrets, take_ids
from xinqiao.creditfile.rules import leaves
from xinqiao.creditfile.rules.values import Chunk, chunk_of
from xinqiao.creditfile.rules.versions import Arrived, Sorted, sort_out
from xinqiao.kernel.ids import FactId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

__all__ = ["CHUNK", "Origin", "Stored", "close", "lock", "store"]

CHUNK: Final = 15_000  # rows a transaction: long enough to pay for itself, short enough to lose little when killed
TABLE: Final = "creditfile_fact"


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of rows: `stored` + `confirmed` is their number; `closed` versions gave way to them."""

    stored: int = 0
    closed: int = 0
    facts: tuple[FactId, ...] = ()  # those that were confirmed

    @property
    def confirmed(self) -> int:
        """How many rows said nothing new."""
        return len(self.facts)

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(self.stored + other.stored, self.closed + other.closed, self.facts + other.facts)


def lock(item: str, source: str) -> None:
    """Held to the end of the transaction: one storer of an item of a source at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"creditfile:{item}:{source}",))


def store(origin: Origin, frame: pl.DataFrame, *, now: datetime) -> Stored:
    """File accepted rows (`line`, `subject_id`, fields typed) as facts, with their events, in the open transaction."""
    lock(origin.item.item, origin.source)
    done = Stored()
    for wave in chunk_of(frame, origin.item).waves():
        done += _store(wave, origin, now)
    return done


def _store(chunk: Chunk, origin: Origin, now: datetime) -> Stored:
    arrived = _arrived(chunk)
    currents = current.versions(chunk, origin)
    found = sort_out(arrived, currents, current.later(currents, origin))
    fresh = [row for row in range(len(chunk)) if row not in found.confirmed]
    if fresh:
        _write(chunk, arrived, found, fresh, origin, now)
    return Stored(len(fresh), len(found.replaced), tuple(FactId(fact) for fact in found.confirmed.values()))


def _arrived(chunk: Chunk) -> Arrived:
    return Arrived(
        opened=chunk.opened.cast(pl.Binary).to_list(),
        sealed=chunk.sealed.cast(pl.Binary).to_list(),
        shown_until=chunk.shown_until.cast(pl.String).to_list(),
    )


def _write(chunk: Chunk, arrived: Arrived, found: Sorted, fresh: list[int], origin: Origin, now: datetime) -> None:
    ids, event = take_ids(len(fresh)), log.reserve_event_id()
    replaced = [FactId(fact) for fact in found.replaced.values()]
    late = [FactId(fact) for row, fact in zip(fresh, ids, strict=True) if row in found.late]
    # Closed before stored: at no position of the log are two versions current, and a late one never is.
    closed_by = close(replaced, because="superseded", about=origin.about(), now=now, unborn=late)
    born_closed = {} if closed_by is None else {fact: (closed_by, len(replaced) + n) for n, fact in enumerate(late)}
    batch = _batch(chunk, arrived, fresh, ids)
    digests = copy_facts(batch, origin, event, born_closed)
    about = origin.about() | {"count": len(fresh)}
    log.append_chunk(Kind.FACTS_STORED, now=now, about=about, table=TABLE, leaves=digests, event_id=event)
    copy_secrets(batch, origin, now)


def _batch(chunk: Chunk, arrived: Arrived, fresh: list[int], ids: list[int]) -> Batch:
    opened, sealed = arrived.opened, arrived.sealed
    if len(fresh) < len(chunk):
        chunk = chunk.only(pl.int_range(len(chunk), eager=True).is_in(fresh))
        opened, sealed = [opened[row] for row in fresh], [sealed[row] for row in fresh]
    return Batch(chunk, ids, leaves.salts(len(ids)), opened, list(_salted(sealed)))


def _salted(sealed: Sequence[bytes | None]) -> Iterator[bytes | None]:
    """Sealed fields with a salt of their own before them."""
    salts = leaves.salts(len(sealed)) if any(sealed) else [b""] * len(sealed)
    return (None if text is None else salt + text for salt, text in zip(salts, sealed, strict=True))
