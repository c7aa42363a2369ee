"""The driver's connection under an act's transaction: the framework's layers would double the cost of an entry."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

from xinqiao.kernel.ids import EventId
from xinqiao.ledger.errors import NotInTransaction

Session = psycopg.Connection[Any]
Value = int | str | bytes | Sequence[int]

_DONE: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_plans: "WeakKeyDictionary[Session, dict[str, bytes]]" = WeakKeyDictionary()

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
    return _connected(framework)


def write(session: Session, statement: str, *values: Value) -> None:
    """Run a statement we run all day; its places are written $1, $2, …"""
    _run(session, statement, values)


def read(statement: str, *values: Value) -> list[tuple[Any, ...]]:
    """The answer to a question we ask all day, inside a transaction or not; its places are written $1, $2, …"""
    return _rows(_connected(connections[DEFAULT_DB_ALIAS]), statement, values)


def _rows(session: Session, statement: str, values: Sequence[Value]) -> list[tuple[Any, ...]]:
    result = _run(session, statement, values)
    loads = Transformer(session)
    loads.set_pgresult(result)
    return loads.load_rows(0, result.ntuples, tuple)


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


def _run(session: Session, statement: str, values: Sequence[Value]) -> PGresult:
    """The statement's result, by the protocol itself: planned once per connection, with no cursor built around it.

    The driver leaves its own plans off here, for the sake of poolers that hand a connection to another client between
    transactions; the log needs a connection of its own anyway, for its advisory locks. No rollback takes our plans
    away: the driver drops a connection's plans then, but only where it made one itself.
    """
    with session.lock:
        server = session.pgconn
        if not session.autocommit and server.transaction_status == TransactionStatus.IDLE:
            _checked(session, server.exec_(b"BEGIN"))
        plans = _plans.setdefault(session, {})
        if (plan := plans.get(statement)) is None:
            plan = b"xinqiao_%d" % len(plans)
            _checked(session, server.prepare(plan, statement.encode()))
            plans[statement] = plan
        given = [_given(value) for value in values]
        formats = [Format.BINARY if isinstance(value, bytes) else Format.TEXT for value in values]
        return _checked(session, server.exec_prepared(plan, given, formats, Format.BINARY))


def _given(value: Value) -> bytes:
    """A value as the protocol takes it; its type is the one the statement has at that place."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, int | str):
        return str(value).encode()
    return b"{%s}" % ",".join(map(str, value)).encode()


def _checked(session: Session, result: PGresult) -> PGresult:
    """Raises what went wrong, as the framework raises all faults of the database."""
    if result.status in _DONE:
        return result
    fault = psycopg.errors.error_from_result(result)
    if isinstance(fault, psycopg.errors.InvalidSqlStatementName):
        _plans.pop(session, None)  # somebody dropped them: this act is lost, the next makes them anew
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        raise psycopg.OperationalError(str(fault)) if session.closed else fault


def next_id(session: Session) -> EventId:
    """An id nobody else has."""
    ahead = _ahead.setdefault(session, [])
    if not ahead:
        taken = _taken[session] = min(_taken.get(session, 0) * 2 or 1, _AHEAD_MOST)
        ahead.extend(sorted((number for (number,) in _rows(session, _NEXT_IDS, (taken,))), reverse=True))
    return EventId(ahead.pop())
