"""The driver's connection under an act's transaction: the framework's layers would double the cost of an entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
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
    return _connected(framework)


def write(session: Session, statement: str, *values: object) -> None:
    """Run a statement we run all day."""
    with _planned_once(session):
        psycopg.Cursor(session).execute(statement, values, prepare=True)


def read(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The answer to a question we ask all day, inside a transaction or not."""
    session = _connected(connections[DEFAULT_DB_ALIAS])
    with _planned_once(session):
        return psycopg.Cursor(session).execute(statement, values, prepare=True, binary=True).fetchall()


@contextmanager
def cursor() -> Iterator["psycopg.Cursor[Any]"]:
    """The driver's own cursor in the act's transaction; its faults are raised as the framework's, like all others."""
    session = current()
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        yield psycopg.Cursor(session)


def _connected(framework: BaseDatabaseWrapper) -> Session:
    if framework.connection is None:
        framework.ensure_connection()
    session: Session = framework.connection
    return session


@contextmanager
def _planned_once(session: Session) -> Iterator[None]:
    """Statements are planned once per connection inside, whatever the framework thinks of prepared ones.

    (It leaves them off for the sake of poolers that hand a connection to another client between transactions; the log
    needs a connection of its own anyway, for its advisory locks.)
    """
    kept = session.prepare_threshold
    session.prepare_threshold = 0
    try:
        yield
    except psycopg.Error as error:
        with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
            raise error
    finally:
        session.prepare_threshold = kept


def next_id(session: Session) -> EventId:
    """An id nobody else has."""
    ahead = _ahead.setdefault(session, [])
    if not ahead:
        taken = _taken[session] = min(_taken.get(session, 0) * 2 or 1, _AHEAD_MOST)
        found = psycopg.Cursor(session, row_factory=scalar_row).execute(_NEXT_IDS, (Int8(taken),)).fetchall()
        ahead.extend(sorted(found, reverse=True))
    return EventId(ahead.pop())
