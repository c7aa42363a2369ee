"""One edit of one row, as somebody with the database's password might make it, chosen at random.

Knows nothing of any domain: columns and their types come from the database's own catalogue.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import Error, connection, transaction

# Between them the kinds of an attack: most people who forge, change something; some take out; few put in.
WAYS: Final = {"update": 6, "delete": 3, "insert": 2, "truncate": 1}
# Row numbers the framework gives to rows written in bulk: nothing refers to them and nobody reads them, so the log does
# not speak of them. (event, ordinal) is what these rows are known by.
UNSAID: Final = {("intake_finding", "id"), ("intake_unplaced", "id"), ("intake_placement", "id")}
_COLUMNS: Final = """
SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
"""


@dataclass(frozen=True)
class Edit:
    """What was done to which row. `values` are all of the row's, before and after, as the check might name them."""

    way: str
    table: str
    column: str
    values: frozenset[str]

    def __str__(self) -> str:
        return f"{self.way} {self.table}.{self.column}"

    def is_named(self, table: str, key: str) -> bool:
        """Whether a finding speaks of this row: its table, and nothing in its key that is not this row's."""
        if table.partition("/")[0] != self.table:
            return False
        if self.way == "truncate":
            return True
        own = self.values | {"event", "true", "*"}
        return all(part in own or set(part.split("/")) <= own for part in key.split(" "))


class Refused(Exception):
    """The table's constraints do not let this edit be made; another one is tried."""


def make(rng: random.Random, table: str) -> Edit:
    """Make a random edit of a random row of the table, inside the caller's transaction. Raises `Refused`."""
    way = rng.choices(list(WAYS), list(WAYS.values()))[0]
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _drop_references(table)
    try:
        with transaction.atomic():
            edit = _WAYS[way](rng, table)
    except Error as error:
        raise Refused(str(error)) from error
    run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return edit


def run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def columns_of(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, (table,))
        return dict(cursor.fetchall())


def _update(rng: random.Random, table: str) -> Edit:
    columns, place = columns_of(table), _a_row(rng, table)
    column = rng.choice([name for name in columns if (table, name) not in UNSAID])
    before = _values(table, place)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}{_as(columns[column])} FROM {table} WHERE ctid = %s", (place,))
        (value,) = cursor.fetchone()
        forged = another(rng, columns[column], value)
        cursor.execute(
            f"UPDATE {table} SET {column} = %s::{columns[column]} WHERE ctid = %s AND {column} IS DISTINCT FROM"
            f" %s::{columns[column]} RETURNING ctid::text",
            (forged, place, forged),
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused("the same value again")
    return Edit("update", table, column, before | _values(table, row[0]))


def _delete(rng: random.Random, table: str) -> Edit:
    place = _a_row(rng, table)
    values = _values(table, place)
    run(f"DELETE FROM {table} WHERE ctid = %s", place)
    return Edit("delete", table, "*", values)


def _insert(rng: random.Random, table: str) -> Edit:
    """A copy of a row under another key, as near to a genuine one as a forger gets."""
    columns, place = columns_of(table), _a_row(rng, table)
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(c + _as(t) for c, t in columns.items())} FROM {table} WHERE ctid = %s", (place,)
        )
        row = dict(zip(columns, cursor.fetchone(), strict=True))
        for column in _unique(table):
            row[column] = another(rng, columns[column], row[column])
        marks = ", ".join(f"%s::{kind}" for kind in columns.values())
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING ctid::text", list(row.values()))
        (made,) = cursor.fetchone()
    return Edit("insert", table, "*", _values(table, made))


def _truncate(rng: random.Random, table: str) -> Edit:
    del rng
    run(f"TRUNCATE {table} CASCADE")
    return Edit("truncate", table, "*", frozenset())


_WAYS: Final = {"update": _update, "delete": _delete, "insert": _insert, "truncate": _truncate}


def another(rng: random.Random, kind: str, value: Any) -> Any:
    """Another value of a column's type, close enough to be overlooked."""
    if value is None:
        return _FRESH[kind]
    if rng.random() < _TO_NULL:
        return None
    return _change(rng, kind, value)


_TO_NULL: Final = 0.05
_FRESH: Final = {
    "smallint": 1, "integer": 1, "bigint": 1, "numeric": Decimal(1), "boolean": True, "text": "x",
    "character varying": "x", "bytea": b"\x01" * 32, "date": date(2026, 1, 1), "jsonb": "{}", "json": "{}",
    "timestamp with time zone": "2026-01-01 00:00+00", "text[]": ["x"], "character varying[]": ["x"], "bigint[]": [1],
}  # fmt: skip


def _change(rng: random.Random, kind: str, value: Any) -> Any:  # noqa: PLR0911 - one for each type
    match value:
        case str():
            return _WRITTEN.get(kind, _change_text)(rng, value)
        case bytes():
            return _change_bytes(rng, value)
        case list():
            return value[:-1] if value and rng.random() < 0.5 else [*value, value[-1] if value else "x"]
        case datetime():
            return value + timedelta(microseconds=rng.choice((1, 86_400_000_000)))
        case date():
            return value + timedelta(days=rng.choice((-1, 1, 365)))
        case bool():
            return not value
    return value + (Decimal("0.01") if value % 1 else rng.choice((-1, 1, 7, 100)))


def _change_bytes(rng: random.Random, value: bytes) -> bytes:
    if not value:
        return b"\x01"
    at = rng.randrange(len(value))
    return value[:at] + bytes([value[at] ^ 1 << rng.randrange(8)]) + value[at + 1 :]


def _change_text(rng: random.Random, text: str) -> str:
    if not text:
        return "x"
    at = rng.randrange(len(text))
    other = rng.choice([sign for sign in "0123456789x改" if sign != text[at]])
    return text[:at] + other + text[at + 1 :]


def _change_json(rng: random.Random, value: Any) -> str:
    def changed(inner: Any) -> Any:
        match inner:
            case dict() if inner:
                key = rng.choice(list(inner))
                return inner | {key: changed(inner[key])}
            case list() if inner:
                return [*inner[:-1], changed(inner[-1])]
            case bool() | None:
                return not inner
            case int():
                return inner + 1
            case str():
                return _change_text(rng, inner)
        return "x"

    return json.dumps(changed(value), ensure_ascii=False)


# Types that are read and written as text.
_WRITTEN: Final[dict[str, Callable[[random.Random, str], str]]] = {
    "jsonb": lambda rng, text: _change_json(rng, json.loads(text)),
    "json": lambda rng, text: _change_json(rng, json.loads(text)),
    "xid8": lambda rng, text: str(int(text) + rng.choice((1, 100))),
    "pg_snapshot": lambda rng, text: "1:1:",
}


def _a_row(rng: random.Random, table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table} ORDER BY ctid")
        places = [place for (place,) in cursor.fetchall()]
    if not places:
        raise Refused("the table is empty")
    return str(rng.choice(places))


def _values(table: str, place: str) -> frozenset[str]:
    """All values of a row as text, and what the ledger's own findings call it by."""
    columns = columns_of(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'{c}::text' for c in columns)} FROM {table} WHERE ctid = %s", (place,))
        return frozenset("None" if value is None else str(value) for value in cursor.fetchone())


def _as(kind: str) -> str:
    """How a column is read so that it can be written back."""
    return "::text" if kind in _WRITTEN else ""


_KEYS: Final = """
SELECT DISTINCT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[indnkeyatts - 1]
WHERE indrelid = %s::regclass AND indisunique
"""
_REFERENCES: Final = """
SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint
WHERE contype = 'f' AND %s::regclass IN (conrelid, confrelid)
"""


def _unique(table: str) -> list[str]:
    """A column of every unique index, so that a copy of a row can stand beside it."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, (table,))
        return [name for (name,) in cursor.fetchall()]


def _drop_references(table: str) -> None:
    """Foreign keys are the owner's to drop; they keep honest programs in order, not forgers."""
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, (table,))
        for relation, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {relation} DROP CONSTRAINT {name}")
