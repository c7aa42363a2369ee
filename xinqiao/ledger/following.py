"""News travels upward by following the log: a domain reads on from where it was, and the lower one never learns of it.

At least once: a follower that dies in the middle of an event meets it again. Whatever a handler writes in the database
is written exactly once, because the cursor moves in the same transaction.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from xinqiao.ledger import locks, queries, seals
from xinqiao.ledger.errors import LedgerAltered
from xinqiao.ledger.queries import Event

_AT_ONCE: Final = 200  # events read ahead; each is still handled in a transaction of its own
LIMIT: Final = 10_000  # events a call handles at most, so that a follower behind by a year still stops when asked

_NEXT: Final = (
    "SELECT e.id, e.kind, p.position, e.body FROM ledger_position p JOIN ledger_event e ON e.id = p.event"
    " WHERE p.position >= %s AND p.position < %s AND e.kind = ANY(%s) ORDER BY p.position"
)


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
    of the cursor; what it raises stops the following before that event. `now` is for handlers' sake: the log is ordered
    by position alone. Outside transactions only. Raises `LedgerAltered` when the cursor was moved by somebody else.
    """
    del now
    with locks.held(f"follow:{name}", wait=False) as alone:
        return _follow(name, handle, sorted(str(kind) for kind in kinds), limit) if alone else 0


def behind(name: str) -> int:
    """How many positions the follower has still to pass."""
    return queries.latest_position() + 1 - _cursor(name)


def _follow(name: str, handle: Callable[[Event], None], kinds: list[str], limit: int) -> int:
    handled = 0
    position, end = _cursor(name), queries.latest_position() + 1
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
        return [queries.as_event(*row) for row in cursor.fetchall()]


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


def _cursor(name: str) -> int:
    """The first position the follower has not handled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, seal FROM ledger_cursor WHERE name = %s", (name,))
        row = cursor.fetchone()
    if row is None:
        return 0
    if not seals.holds(row[1], seals.CURSOR, row[0], name):
        raise LedgerAltered(f"“{name}”的读取位置不是程序写下的，已停止读取，请先运行 xinqiao ledger check。")
    return int(row[0])


def _move(name: str, position: int) -> None:
    with connection.cursor() as cursor:
        params: tuple[Any, ...] = (name, position, seals.seal(seals.CURSOR, position, name))
        cursor.execute(
            "INSERT INTO ledger_cursor (name, position, seal) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET position = excluded.position, seal = excluded.seal",
            params,
        )
