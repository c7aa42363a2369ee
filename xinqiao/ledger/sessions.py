"""The driver's connection under an act's transaction: the framework's layers would double the cost of an entry."""

from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.rows import scalar_row
from psycopg.types.numeric import Int8

from xinqiao.kernel.ids import EventId
from xinqiao.ledger.errors import NotInTransaction

Session = psycopg.Connection[Any]

# A connection takes event ids ahead, more at a time the more it writes. Some are never used; a gap says nothing.
_AHEAD_MOST: Final = 64
_ahead: "WeakKeyDictionary[Session, list[int]]" = WeakKeyDictionary()
_taken: "WeakKeyDictionary[Session, int]" = WeakKeyDictionary()

_NEXT_IDS: Final = "SELECT nextval('ledger_event_id') FROM generate_series(1, %s)"


def current() -> Session:
    """The connection of the act that is going on. Raises `NotInTransaction`."""
    framework = connections[DEFAULT_DB_ALIAS]  # looked up once: the module's proxy looks it up at every attribute
    if not framework.in_atomic_block:
        raise NotInTransaction("an event is appended inside transaction.atomic(), with the act it speaks of")
    framework.validate_no_broken_transaction()
    if framework.connection is None:
        framework.ensure_connection()
    session: Session = framework.connection
    return session


def write(session: Session, statement: str, *values: object) -> None:
    """Run a statement we run all day: planned once per connection, whatever the framework thinks of prepared ones.

    (It leaves them off for the sake of poolers that hand a connection to another client between transactions; the log
    needs a connection of its own anyway, for its advisory locks.)
    """
    kept = session.prepare_threshold
    session.prepare_threshold = 0
    try:
        psycopg.Cursor(session).execute(statement, values, prepare=True)
    except psycopg.Error as error:
        _as_the_framework_says(error)
    finally:
        session.prepare_threshold = kept


def _as_the_framework_says(error: psycopg.Error) -> None:
    """Raise the framework's error for the driver's, as every other statement of the act would."""
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        raise error


def next_id(session: Session) -> EventId:
    """An id nobody else has."""
    ahead = _ahead.setdefault(session, [])
    if not ahead:
        taken = _taken[session] = min(_taken.get(session, 0) * 2 or 1, _AHEAD_MOST)
        found = psycopg.Cursor(session, row_factory=scalar_row).execute(_NEXT_IDS, (Int8(taken),)).fetchall()
        ahead.extend(sorted(found, reverse=True))
    return EventId(ahead.pop())
