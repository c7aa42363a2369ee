"""News travels upward by following the log: a domain reads on from where it was, and the lower one never learns of it.

At least once: a follower that dies in the middle of an event meets it again. Whatever a handler writes in the database
is written exactly once, because the cursor moves in the same transaction.
"""

import hmac
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao.kernel.ids import EventId, Position
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import entries, locks, log, queries, seals
from xinqiao.ledger.covering import Covered, CoveredRow, stream
from xinqiao.ledger.digests import row_digest
from xinqiao.ledger.entries import RowState
from xinqiao.ledger.errors import LedgerAltered
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.ledger.seals import Sealer

_AT_ONCE: Final = 200  # events read ahead; each is still handled in a transaction of its own
LIMIT: Final = 10_000  # events a call handles at most, so that a follower behind by a year still stops when asked

_NEXT: Final = (
    "SELECT e.id, e.kind, p.position, e.body, e.seal, p.seal"
    " FROM ledger_position p JOIN ledger_event e ON e.id = p.event"
    " WHERE p.position >= %s AND p.position < %s AND e.kind = ANY(%s) ORDER BY p.position"
)
_BEGIN: Final = "INSERT INTO ledger_cursor (name, position, seal) VALUES (%s, 0, %s) ON CONFLICT (name) DO NOTHING"
_MOVE: Final = "UPDATE ledger_cursor SET position = %s, seal = %s WHERE name = %s"


def follow(
    name: str,
    handle: Callable[[Event], None],
    *,
    kinds: Collection[str],
    now: datetime,
    limit: int = LIMIT,
) -> int:
    """Handle the events of these kinds that `name` has not seen, in the log's order; returns how many.

    One follower of a name works at a time; a second one returns 0 at once. `handle` runs in a transaction with the move
    of the cursor; what it raises stops the following before that event. Outside transactions only.
    Raises `LedgerAltered` when somebody else moved the cursor, or wrote the next event.
    """
    with locks.held(f"follow:{name}", wait=False) as alone:
        if not alone:
            return 0
        if (position := _cursor(name)) is None:
            _begin(name, now)
        return _follow(name, handle, sorted(str(kind) for kind in kinds), position or 0, limit)


def behind(name: str) -> int:
    """How many positions the follower has still to pass."""
    return queries.latest_position() + 1 - (_cursor(name) or 0)


def _follow(name: str, handle: Callable[[Event], None], kinds: list[str], position: int, limit: int) -> int:
    handled, end = 0, queries.latest_position() + 1
    while position < end and handled < limit:
        until = min(position + _AT_ONCE, end)
        for event in _events(position, until, kinds)[: limit - handled]:
            _handle_one(name, handle, event)
            position, handled = _after(event), handled + 1
        if handled < limit and position < until:
            position = _pass_over(name, until)
    return handled


def _events(position: int, until: int, kinds: list[str]) -> list[Event]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, (position, until, kinds))
        said, place = seals.sealer(seals.EVENT), seals.sealer(seals.POSITION)
        return [_genuine(said, place, *row) for row in cursor.fetchall()]


def _genuine(
    said: Sealer, place: Sealer, event: EventId, kind: str, position: Position, body: str, seal: bytes, at: bytes
) -> Event:
    """The event, if the program wrote both it and its place: nobody acts on forged news."""
    written = hmac.compare_digest(seal, said(body)) and hmac.compare_digest(
        at[: seals.HALF], place(position, event)[: seals.HALF]
    )
    if not written or not _agrees(body, event, kind):
        raise LedgerAltered(
            Saying(
                "第 {position} 位的记录不是程序写下的，已停止读取，请先运行 xinqiao ledger check。", position=position
            )
        )
    return queries.as_event(event, kind, position, body)


def _agrees(body: str, event: EventId, kind: str) -> bool:
    said = entries.read(body)
    return (said.event, said.kind) == (event, kind)


def _after(event: Event) -> int:
    return (event.position or 0) + 1


def _handle_one(name: str, handle: Callable[[Event], None], event: Event) -> None:
    with transaction.atomic(durable=True):
        _move(name, _after(event))
        handle(event)


def _pass_over(name: str, until: int) -> int:
    with transaction.atomic(durable=True):
        _move(name, until)
    return until


def _cursor(name: str) -> int | None:
    """The first position the follower has not handled; None for one that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, seal FROM ledger_cursor WHERE name = %s", (name,))
        row = cursor.fetchone()
    if row is None:
        return None
    if not seals.holds(row[1], seals.CURSOR, row[0], name):
        raise LedgerAltered(
            Saying("“{name}”的读取位置不是程序写下的，已停止读取，请先运行 xinqiao ledger check。", name=name)
        )
    return int(row[0])


def _move(name: str, position: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, (position, seals.seal(seals.CURSOR, position, name), name))


def _begin(name: str, now: datetime) -> None:
    """A new follower: the log says so, and a cursor taken away is missed."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_BEGIN, (name, seals.seal(seals.CURSOR, 0, name)))
        if cursor.rowcount:
            log.append(Kind.FOLLOWER_BEGUN, now=now, about={"follower": name}, rows=[_state(name)])


def covered() -> Covered:
    """That every cursor is still there; where each one stands, its own seal vouches for."""
    return Covered("ledger_cursor", "row", _cursors)


def _cursors() -> Iterator[CoveredRow]:
    for (name,) in stream("SELECT name FROM ledger_cursor"):
        yield CoveredRow(name, row_digest("ledger_cursor", name, {}))


def _state(name: str) -> RowState:
    return RowState("ledger_cursor", name, row_digest("ledger_cursor", name, {}))
