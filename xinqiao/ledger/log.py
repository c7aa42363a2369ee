"""Writing to the log: an act says what it did, in its own transaction.

No act waits for another here. The entry gets its place a moment later, from the sequencer, in the order in which
acts on one aggregate locked it: lock first, append then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from xinqiao.database import statements
from xinqiao.database.statements import Session
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import backlog, entries, seals, sessions
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.entries import ChunkState, RowState
from xinqiao.ledger.errors import EntryInvalid
from xinqiao.ledger.events import Kind
from xinqiao.ledger.tree import chunk_root

__all__ = ["RowState", "append", "append_chunk", "append_reserved", "reserve_event_id"]

_INSERT_EVENT: Final = "INSERT INTO ledger_event (id, kind, body, seal) VALUES ($1, $2, $3, $4)"
_INSERT_CHUNK: Final = "INSERT INTO ledger_chunk (event, covers, count, leaves) VALUES ($1, $2, $3, $4)"


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
    session = sessions.current()
    event = event_id if event_id is not None else sessions.next_id(session)
    _write(session, event, kind, entries.body(event, kind, now=now, about=about, rows=rows))
    return event


def append_reserved(
    event: EventId, kind: Kind, *, now: datetime, about: Mapping[str, JsonValue], rows: Sequence[RowState] = ()
) -> str:
    """The same under an id reserved before; returns the text that was logged, for whoever hands it out."""
    text = entries.body(event, kind, now=now, about=about, rows=rows)
    _write(sessions.current(), event, kind, text)
    return text


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
    session = sessions.current()
    event = event_id if event_id is not None else sessions.next_id(session)
    if not leaves:
        raise EntryInvalid("a chunk has rows")
    if any(len(leaf) != entries.HASH for leaf in leaves):
        raise EntryInvalid(f"every leaf has {entries.HASH} bytes")
    chunk = ChunkState(table, len(leaves), chunk_root(leaves))
    _write(session, event, kind, entries.body(event, kind, now=now, about=about, chunk=chunk))
    statements.run(session, _INSERT_CHUNK, event, table, len(leaves), b"".join(leaves))
    return event


def reserve_event_id() -> EventId:
    """An id for an event still to be appended (`event_id=`), so that a bulk act can write it into its rows first."""
    return sessions.next_id(sessions.current())


def _write(session: Session, event: EventId, kind: Kind, text: str) -> None:
    backlog.ensure_room(session)
    statements.run(session, _INSERT_EVENT, event, str(kind), text, seals.seal(seals.EVENT, text))
