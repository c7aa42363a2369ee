"""Writing to the log: an act says what it did, in its own transaction.

No act waits for another here. The entry gets its place a moment later, from the sequencer, in the order in which
acts on one aggregate locked it: lock first, append then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

from xinqiao.kernel.ids import EventId
from xinqiao.ledger import backlog, entries, seals
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.entries import ChunkState, RowState
from xinqiao.ledger.errors import EntryInvalid, NotInTransaction
from xinqiao.ledger.events import Kind
from xinqiao.ledger.tree import chunk_root

__all__ = ["RowState", "append", "append_chunk", "reserve_event_id"]

# A connection takes event ids ahead, more at a time the more it writes. Some are never used; a gap says nothing.
_AHEAD_MOST: Final = 64
_ahead: "WeakKeyDictionary[psycopg.Connection[object], list[int]]" = WeakKeyDictionary()
_taken: "WeakKeyDictionary[psycopg.Connection[object], int]" = WeakKeyDictionary()

_INSERT_EVENT: Final = "INSERT INTO ledger_event (id, kind, body, seal) VALUES (%s, %s, %s, %s)"
_INSERT_CHUNK: Final = "INSERT INTO ledger_chunk (event, covers, count, leaves) VALUES (%s, %s, %s, %s)"


def append(
    kind: Kind,
    *,
    now: datetime,
    about: Mapping[str, JsonValue],
    rows: Sequence[RowState] = (),
    event_id: EventId | None = None,
) -> EventId:
    """Say that an act happened, and how the covered rows it touched stand now.

    `about` holds ids, counts and keyed hashes, never personal or commercial content. Raises `NotInTransaction`,
    `EntryInvalid`, and `LogUnavailable` when too many entries already wait for their place.
    """
    session = _session()
    event = event_id if event_id is not None else _next_id(session)
    _write(session, event, kind, entries.body(event, kind, now=now, about=about, rows=rows))
    return event


def append_chunk(
    kind: Kind,
    *,
    now: datetime,
    about: Mapping[str, JsonValue],
    table: str,
    leaves: Sequence[bytes],
    event_id: EventId | None = None,
) -> EventId:
    """Say that a bulk act wrote rows of one table: one event over all of them.

    `leaves` are the rows' 32-byte digests in the order of their ordinals. The event carries their number and RFC 6962
    root; the list is kept beside it. Raises as `append` does.
    """
    session = _session()
    event = event_id if event_id is not None else _next_id(session)
    if not leaves:
        raise EntryInvalid("a chunk has rows")
    if any(len(leaf) != entries.HASH for leaf in leaves):
        raise EntryInvalid(f"every leaf has {entries.HASH} bytes")
    chunk = ChunkState(table, len(leaves), chunk_root(leaves))
    _write(session, event, kind, entries.body(event, kind, now=now, about=about, chunk=chunk))
    with connection.wrap_database_errors:
        psycopg.Cursor(session).execute(_INSERT_CHUNK, (event, table, len(leaves), b"".join(leaves)))
    return event


def reserve_event_id() -> EventId:
    """An id for an event still to be appended (`event_id=`), so that a bulk act can write it into its rows first."""
    return _next_id(_session())


def _write(session: "psycopg.Connection[object]", event: EventId, kind: Kind, text: str) -> None:
    backlog.ensure_room(session)
    with connection.wrap_database_errors:
        psycopg.Cursor(session).execute(_INSERT_EVENT, (event, str(kind), text, seals.seal(seals.EVENT, text)))


def _session() -> "psycopg.Connection[object]":
    """The driver's connection under the act's transaction: the framework's layers would double the cost of an entry."""
    if not connection.in_atomic_block:
        raise NotInTransaction("an event is appended inside transaction.atomic(), with the act it speaks of")
    connection.validate_no_broken_transaction()
    if connection.connection is None:
        connection.ensure_connection()
    session: psycopg.Connection[object] = connection.connection
    return session


def _next_id(session: "psycopg.Connection[object]") -> EventId:
    ahead = _ahead.setdefault(session, [])
    if not ahead:
        taken = _taken[session] = min(_taken.get(session, 0) * 2 or 1, _AHEAD_MOST)
        sql = "SELECT nextval('ledger_event_id') FROM generate_series(1, %s)"
        found = psycopg.Cursor(session, row_factory=psycopg.rows.scalar_row).execute(sql, (taken,)).fetchall()
        ahead.extend(sorted(found, reverse=True))
    return EventId(ahead.pop())
