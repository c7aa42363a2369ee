"""Edits of a table's rows, as somebody with the database's password might make them, chosen at random.

Triggers are switched off and references dropped first, and the triggers switched on again afterwards: both are the
owner's to change. Knows nothing of any domain.
"""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import Error, connection, transaction

from tests.soak import forging, past

# Between them the ways of an attack: most people who forge, change something; some take out; few put in.
WAYS: Final = {"update": 8, "many": 2, "swap": 2, "replay": 2, "delete": 5, "insert": 4, "truncate": 1}
MANY: Final = 5  # rows at most that one statement changes

Row = dict[str, Any]
_GAP: Final = re.compile(r"(.*?)(\d+)–(\d+)")  # rows that are missed together are named from the first to the last


def _in(name: str, gap: re.Match[str]) -> bool:
    """Whether a row's key, its last part a number, lies in a gap a finding names."""
    before, first, last = gap.groups()
    number = name.removeprefix(before)
    return name.startswith(before) and number.isdecimal() and int(first) <= int(number) <= int(last)


@dataclass(frozen=True)
class Edit:
    """What was done. Of each row it touched: everything a finding may call this row and no other by."""

    way: str
    table: str
    column: str
    rows: tuple[frozenset[str], ...]

    def __str__(self) -> str:
        return f"{self.way} {self.table}.{self.column}"

    def unnamed(self, found: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
        """The rows no finding (table and key) names; a table that was emptied is to be named itself."""
        keys = {key for table, key in found if table.partition("/")[0] == self.table}
        if self.way == "truncate":
            return [] if keys else [frozenset()]
        gaps = [gap for key in keys if (gap := _GAP.fullmatch(key))]
        return [row for row in self.rows if not row & keys and not any(_in(name, gap) for name in row for gap in gaps)]


class Refused(Exception):
    """The table's constraints do not let this edit be made, or it would change nothing; another one is tried."""


def make(rng: random.Random, table: str) -> Edit:
    """Make a random edit of the table, inside the caller's transaction. Raises `Refused`."""
    way = rng.choices(list(WAYS), list(WAYS.values()))[0]
    _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _drop_references(table)
    try:
        with transaction.atomic():
            edit = _WAYS[way](rng, table)
            _run("SET CONSTRAINTS ALL IMMEDIATE")
    except Error as error:
        raise Refused(str(error)) from error
    _run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return edit


# ── the ways ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _update(rng: random.Random, table: str) -> Edit:
    """One cell of one row."""
    return _change(rng, "update", table, _some_rows(rng, table, 1))


def _many(rng: random.Random, table: str) -> Edit:
    """One column of several rows."""
    return _change(rng, "many", table, _some_rows(rng, table, rng.randint(2, MANY)))


def _change(rng: random.Random, way: str, table: str, places: list[str]) -> Edit:
    columns = _columns(table)
    column = rng.choice(list(columns))
    touched = []
    for place in places:
        names, forged = _names(table, place), forging.another(rng, columns[column], _read(table, place)[column])
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {_q(column)} = %s::{columns[column]} WHERE ctid = %s AND {_q(column)}"
                f" IS DISTINCT FROM %s::{columns[column]} RETURNING ctid::text",
                (forged, place, forged),
            )
            row = cursor.fetchone()
        if row is not None:
            touched.append(names | _names(table, row[0]))
    if not touched:
        raise Refused("the same values again")
    return Edit(way, table, column, tuple(touched))


def _swap(rng: random.Random, table: str) -> Edit:
    """Two rows exchange one of their values."""
    places = _some_rows(rng, table, 2)
    (one, other), names = [_read(table, place) for place in places], [_names(table, place) for place in places]
    column = rng.choice([name for name in one if one[name] != other[name]])
    _take(table, places)
    put = [_put(table, one | {column: other[column]}), _put(table, other | {column: one[column]})]
    return Edit("swap", table, column, tuple(was | _names(table, place) for was, place in zip(names, put, strict=True)))


def _replay(rng: random.Random, table: str) -> Edit:
    """A row as it once stood takes the place of the one that stands, or of none."""
    if table in past.HARMLESS:
        raise Refused(past.HARMLESS[table])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row FROM {past.TABLE} WHERE relation = %s", (table,))
        earlier = [row for (row,) in cursor.fetchall()]
        if not earlier:
            raise Refused("no row of this table was ever changed")
        columns = ", ".join(map(_q, _columns(table)))
        old = f"jsonb_populate_record(NULL::{table}, %s::jsonb)"
        told = rng.choice(earlier)
        same = " AND ".join(f"t.{_q(c)} = o.{_q(c)}" for c in _unique(table)[0])
        cursor.execute(f"DELETE FROM {table} t USING {old} o WHERE {same} AND t IS DISTINCT FROM o", (told,))
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {old} RETURNING ctid::text", (told,))
        (made,) = cursor.fetchone()
    return Edit("replay", table, "*", (_names(table, made),))


def _delete(rng: random.Random, table: str) -> Edit:
    places = _some_rows(rng, table, rng.choice((1, 1, 1, 3)))
    names = tuple(_names(table, place) for place in places)
    _take(table, places)
    return Edit("delete", table, "*", names)


def _insert(rng: random.Random, table: str) -> Edit:
    """A copy of a row under another key, as near to a genuine one as a forger gets."""
    (place,) = _some_rows(rng, table, 1)
    columns, row = _columns(table), _read(table, place)
    fresh = {index[-1] for index in _unique(table)}
    row |= {column: forging.near(rng, columns[column], row[column]) for column in fresh if row[column] is not None}
    return Edit("insert", table, "*", (_names(table, _put(table, row)),))


def _truncate(rng: random.Random, table: str) -> Edit:
    del rng
    _run(f"TRUNCATE {table} CASCADE")
    return Edit("truncate", table, "*", ())


_WAYS: Final[Mapping[str, Callable[[random.Random, str], Edit]]] = {
    "update": _update, "many": _many, "swap": _swap, "replay": _replay, "delete": _delete, "insert": _insert,
    "truncate": _truncate,
}  # fmt: skip


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _some_rows(rng: random.Random, table: str, count: int) -> list[str]:
    """Where so many rows are, fewer where there are not so many. Raises `Refused` where there is none, or no second."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table} ORDER BY ctid")
        places = [place for (place,) in cursor.fetchall()]
    if len(places) < min(count, 2):
        raise Refused("the table has too few rows")
    return rng.sample(places, min(count, len(places)))


def _read(table: str, place: str) -> Row:
    """A row, each value as it can be written back."""
    columns = _columns(table)
    told = ", ".join(f"{_q(name)}{forging.as_read(kind)}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told} FROM {table} WHERE ctid = %s", (place,))
        return dict(zip(columns, cursor.fetchone(), strict=True))


def _take(table: str, places: list[str]) -> None:
    _run(f"DELETE FROM {table} WHERE ctid = ANY(%s::tid[])", places)


def _put(table: str, row: Row) -> str:
    """Write the row; returns where."""
    columns = _columns(table)
    names, marks = ", ".join(map(_q, columns)), ", ".join(f"%s::{kind}" for kind in columns.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING ctid::text", [row[name] for name in columns]
        )
        (place,) = cursor.fetchone()
    return str(place)


def _names(table: str, place: str) -> frozenset[str]:
    """What a finding may call the row by: the values of any of its unique keys, and its place in its bulk act."""
    columns = _columns(table)
    told = ", ".join(f"{_q(name)}::text" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told} FROM {table} WHERE ctid = %s", (place,))
        row = {name: str(value) for name, value in zip(columns, cursor.fetchone(), strict=True)}
    keys = [[row[column] for column in index] for index in _unique(table)]
    keys += [[row["event"], row["ordinal"]]] if {"event", "ordinal"} <= row.keys() else []
    said = {sign.join(key) for key in keys for sign in ("/", " ")}
    return frozenset(said | {f"event {row['event']}"} if "event" in row else said)


# ── the database's own catalogue ─────────────────────────────────────────────────────────────────────────────────────

_COLUMNS: Final = """
SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
"""
_UNIQUE: Final = """
SELECT (SELECT array_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)
FROM pg_index i WHERE i.indrelid = %s::regclass AND i.indisunique ORDER BY i.indisprimary DESC, i.indexrelid
"""
_REFERENCES: Final = """
SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint
WHERE contype = 'f' AND %s::regclass IN (conrelid, confrelid)
"""


def _columns(table: str) -> dict[str, str]:
    """Every column and its type, but those the database makes itself."""
    return dict(_all(_COLUMNS, table))


def _unique(table: str) -> list[list[str]]:
    """The columns of every unique index, the primary key first."""
    return [columns for (columns,) in _all(_UNIQUE, table)]


def _drop_references(table: str) -> None:
    for relation, name in _all(_REFERENCES, table):
        _run(f"ALTER TABLE {relation} DROP CONSTRAINT {name}")


def _all(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
