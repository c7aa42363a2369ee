"""Questions asked all day, put to the server by the protocol itself: planned once per connection, no cursor built.

The framework's layers cost more than many of these questions do (docs/decisions/0008). They run on the framework's own
connection, inside its transaction where there is one. Places are written $1, $2, …; a value has the type the statement
gives its place. What is answered comes typed, as the driver reads it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

Session = psycopg.Connection[Any]
Value = int | str | bytes | date | Sequence[int] | Sequence[str] | None

_DONE: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_plans: "WeakKeyDictionary[Session, dict[str, bytes]]" = WeakKeyDictionary()


def rows(statement: str, *values: Value) -> list[tuple[Any, ...]]:
    """Every row of the answer. Whoever watches the framework's questions (`execute_wrapper`, `queries_log`) sees it."""
    framework = connections[DEFAULT_DB_ALIAS]
    if framework.queries_logged:
        framework.queries_log.append({"sql": statement, "time": "0"})
    ask: Callable[..., list[tuple[Any, ...]]] = _ask
    for watcher in reversed(framework.execute_wrappers):
        ask = partial(watcher, ask)
    return ask(statement, values, False, {"connection": framework, "cursor": None})


def row(statement: str, *values: Value) -> tuple[Any, ...] | None:
    """The first row of the answer, or None."""
    found = rows(statement, *values)
    return found[0] if found else None


def _ask(statement: str, values: Sequence[Value], _many: bool, _context: object) -> list[tuple[Any, ...]]:
    return rows_on(connected(), statement, *values)


def rows_on(session: Session, statement: str, *values: Value) -> list[tuple[Any, ...]]:
    """The same on a connection in hand, unwatched."""
    result = run(session, statement, *values)
    loads = Transformer(session)
    loads.set_pgresult(result)
    return loads.load_rows(0, result.ntuples, tuple)


def connected() -> Session:
    """The framework's connection of this thread, as sound as it keeps its own."""
    framework = connections[DEFAULT_DB_ALIAS]  # looked up once: the module's proxy looks it up at every attribute
    framework.close_if_health_check_failed()
    if framework.connection is None:
        framework.ensure_connection()
    session: Session = framework.connection
    return session


def run(session: Session, statement: str, *values: Value) -> PGresult:
    """The statement's result. A transaction is begun where the driver would have begun one.

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
        # The driver takes None for NULL; its annotation does not say so.
        return _checked(session, server.exec_prepared(plan, given, formats, Format.BINARY))  # type: ignore[arg-type]


def _given(value: Value) -> bytes | None:
    """A value as the protocol takes it; an aware moment or a day in ISO 8601."""
    match value:
        case None | bytes():
            return value
        case bool():
            return b"t" if value else b"f"
        case int() | str():
            return str(value).encode()
        case date():
            return value.isoformat().encode()
        case _:
            return ("{" + ",".join(map(_element, value)) + "}").encode()


def _element(value: int | str) -> str:
    """One of a list, as PostgreSQL writes arrays."""
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _checked(session: Session, result: PGresult) -> PGresult:
    """Raises what went wrong, as the framework raises all faults of the database."""
    if result.status in _DONE:
        return result
    fault = psycopg.errors.error_from_result(result)
    if isinstance(fault, psycopg.errors.InvalidSqlStatementName):
        _plans.pop(session, None)  # somebody dropped them: this act is lost, the next makes them anew
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        raise psycopg.OperationalError(str(fault)) if session.closed else fault
