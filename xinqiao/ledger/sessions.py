"""The driver's connection under an act's transaction: the framework's layers would double the cost of an entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from xinqiao.database import statements
from xinqiao.database.statements import Session
from xinqiao.kernel.ids import EventId
from xinqiao.ledger.errors import NotInTransaction

# A connection takes event ids ahead, more at a time the more it writes. Some are never used; a gap says nothing.
_AHEAD_MOST: Final = 64
_ahead: "WeakKeyDictionary[Session, list[int]]" = WeakKeyDictionary()
_taken: "WeakKeyDictionary[Session, int]" = WeakKeyDictionary()

_NEXT_IDS: Final = "SELECT nextval('ledger_event_id') FROM generate_series(1, $1)"


def current() -> Session:
    """The connection of the act that is going on. Raises `NotInTransaction`."""
    framework = connections[DEFAULT_DB_ALIAS]  # looked up once: the module's proxy looks it up at every attribute
    if not framework.in_atomic_block:
        raise NotInTransaction("an event is appended inside transaction.atomic(), with the act it speaks of")
    framework.validate_no_broken_transaction()
    return statements.connected()


@contextmanager
def cursor() -> Iterator["psycopg.Cursor[Any]"]:
    """The driver's own cursor in the act's transaction; its faults are raised as the framework's, like all others."""
    session = current()
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        yield psycopg.Cursor(session)


def next_id(session: Session) -> EventId:
    """An id nobody else has."""
    ahead = _ahead.setdefault(session, [])
    if not ahead:
        taken = _taken[session] = min(_taken.get(session, 0) * 2 or 1, _AHEAD_MOST)
        ahead.extend(sorted((number for (number,) in statements.rows_on(session, _NEXT_IDS, taken)), reverse=True))
    return EventId(ahead.pop())
