"""Which tables the log answers for, and how their rows are read when it is asked.

Each domain registers its tables when the program starts (`apps.py`, from its `covered.py`). A name may carry a part
after a slash, so that two aspects of one table can be covered apart: `creditfile_fact` and `creditfile_fact/closing`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from django.db import connection

from xinqiao.kernel.ids import EventId
from xinqiao.ledger.errors import EntryInvalid

Mode = Literal["row", "chunk"]
# What `read` gives for a row that stands but whose content was lawfully erased, as a later event says (digest None).
ERASED: Final = bytes(32)
# What it gives for a row that holds what no genuine row can: it is nobody's digest, so the row is named.
BROKEN: Final = b"\xff" * 32
# Rows fetched at once while a table is streamed: enough to hide the round trip, little enough to hold.
_AT_ONCE: Final = 5_000


class CoveredRow(NamedTuple):
    """A row as it stands. In chunk mode it also says which row (`ordinal`, from 0) of which event's chunk it is."""

    key: str
    digest: bytes
    event_id: EventId | None = None
    ordinal: int | None = None


@dataclass(frozen=True)
class Covered:
    """One covered table.

    mode "row": the latest event naming (table, key) carries the digest of the row; `read` yields in any order.
    mode "chunk": row n of event e has the digest that is leaf n of e's chunk; `read` yields by event and ordinal.
    A later event naming (table, `chunk_key(e, n)`) speaks for that row from then on: a new digest, or None for erased.
    `read` streams (`stream`, `.iterator()`), inside the checker's own transaction, and uses `django.db.connection`.
    """

    table: str
    mode: Mode
    read: Callable[[], Iterator[CoveredRow]]

    @property
    def relation(self) -> str:
        """The table in the database."""
        return self.table.partition("/")[0]


_covered: dict[str, Covered] = {}


def register(covered: Covered) -> None:
    """Have the log answer for this table. Registering a name again replaces it (programs reload)."""
    _covered[covered.table] = covered


def registered() -> Mapping[str, Covered]:
    """Every covered table by name."""
    return dict(_covered)


def chunk_key(event_id: EventId, ordinal: int) -> str:
    """How a later event names row `ordinal` of a chunk in its `RowState`."""
    return f"{event_id}/{ordinal}"


def chunk_place(key: str) -> tuple[EventId, int]:
    """The event and ordinal a `chunk_key` names."""
    event, slash, ordinal = key.partition("/")
    if not slash:
        raise EntryInvalid(f"{key!r} names no row of a chunk")
    return EventId(int(event)), int(ordinal)


def stream(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of a query through a server-side cursor: the memory for some thousand of them, however many there are."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows
