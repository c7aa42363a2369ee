"""Reading credit files. Only evaluation, disclosure, the safe house and rights may: nothing here asks who is asking."""

import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg import sql

from xinqiao import catalogue
from xinqiao.catalogue import sealed_fields
from xinqiao.catalogue.schema import FieldType
from xinqiao.creditfile import facts
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import DeliveryNumber, EventId, FactId, Position, SubjectId


@dataclass(frozen=True)
class Note:
    """An annotation as it is shown."""

    kind: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Fact:
    """One fact. `values` by field name: dates ISO, money as text in yuan with two decimals, codes as text.

    `known_from` is the log position from which it was known (None: stored and not yet placed); `known_to` the one at
    which a later version or its source's silence ended it. `leaf_event` and `ordinal` say where its leaf is.
    """

    id: FactId
    subject_id: SubjectId
    item: str
    provider: str
    values: Mapping[str, Any]
    valid_from: date | None
    valid_to: date | None
    delivery: DeliveryNumber
    line: int
    received_on: date
    known_from: Position | None
    known_to: Position | None
    standing: Standing
    annotations: tuple[Note, ...]
    leaf_event: EventId
    ordinal: int


# Current facts, or those known at a position: stored at or before it and not closed by then.
_AT: Final = """
    (%(at)s::bigint IS NULL AND f.closed_event IS NULL OR opened.position <= %(at)s::bigint
     AND (closed.position IS NULL OR closed.position > %(at)s::bigint))
"""
_FACTS: Final = f"""
SELECT f.id, f.subject_id, f.item, f.source, f.payload::text, f.valid_from, f.valid_to, f.delivery, f.line,
    f.received_on, opened.position, closed.position,
    (SELECT s.standing FROM creditfile_standing s WHERE s.fact = f.id ORDER BY s.id DESC LIMIT 1),
    (SELECT json_agg(json_build_array(a.kind, a.text, a.by, a.at) ORDER BY a.id)::text FROM creditfile_annotation a
     WHERE a.fact = f.id),
    f.stored_event, f.ordinal
FROM creditfile_fact f
LEFT JOIN ledger_position opened ON opened.event = f.stored_event
LEFT JOIN ledger_position closed ON closed.event = f.closed_event
WHERE f.subject_id = %(subject)s AND (%(items)s::text[] IS NULL OR f.item = ANY(%(items)s::text[]))
    AND f.payload IS NOT NULL AND {_AT}
ORDER BY f.item, f.valid_from DESC NULLS LAST, f.id DESC
"""


def facts_of(
    subject_id: SubjectId,
    *,
    items: Collection[str] | None = None,
    at: Position | None = None,
    with_secret: Collection[str] = (),
) -> list[Fact]:
    """The facts on one subject, newest first within an item; at a log position the same answer for ever.

    Standing and annotations are those of now. Secret fields are opened for the items named in `with_secret` only.
    Whatever has run out or been repaired is among them: who tells decides.
    """
    values = {"subject": subject_id, "items": None if items is None else list(items), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        rows = cursor.fetchall()
    secrets = _secrets([row[0] for row in rows if row[2] in with_secret])
    return [_fact(row, secrets.get(row[0])) for row in rows]


def _fact(row: tuple[Any, ...], secret: str | None) -> Fact:
    values = json.loads(row[4])
    if secret is not None:
        values |= json.loads(secret)
    notes = tuple(Note(k, t, b, datetime.fromisoformat(at)) for k, t, b, at in json.loads(row[13] or "[]"))
    known = (None if p is None else Position(p) for p in row[10:12])
    return Fact(
        FactId(row[0]), SubjectId(row[1]), row[2], row[3], values, row[5], row[6], DeliveryNumber(row[7]), row[8],
        row[9], *known, Standing(row[12] or Standing.GOOD), notes, EventId(row[14]), row[15],
    )  # fmt: skip


def _secrets(ids: Iterable[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact_id, sealed FROM creditfile_secret WHERE fact_id = ANY(%s)", (list(ids),))
        return {fact: facts.unseal(fact, bytes(sealed)) for fact, sealed in cursor.fetchall()}


# ── for evaluation ───────────────────────────────────────────────────────────────────────────────────────────────────

_TYPES: Final[Mapping[FieldType, Any]] = {
    FieldType.INTEGER: pl.Int64,
    FieldType.YEAR: pl.Int64,
    FieldType.BOOLEAN: pl.Boolean,
    FieldType.DATE: pl.Date,
    FieldType.MONEY_YUAN: pl.Decimal(18, 2),
    FieldType.MONEY_WAN: pl.Decimal(18, 2),
    FieldType.DECIMAL: pl.Decimal(18, 6),
}
_ENVELOPE: Final = {
    "fact_id": pl.Int64,
    "subject_id": pl.Int64,
    "standing": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "received_on": pl.Date,
}


_FRAME: Final = (
    """
SELECT f.id, f.subject_id, coalesce(s.standing, 'good'), f.valid_from, f.valid_to, f.received_on{fields}
FROM creditfile_fact f
LEFT JOIN ledger_position opened ON opened.event = f.stored_event
LEFT JOIN ledger_position closed ON closed.event = f.closed_event
LEFT JOIN LATERAL (SELECT standing FROM creditfile_standing s WHERE s.fact = f.id ORDER BY s.id DESC LIMIT 1) s ON true
WHERE f.item = {item} AND f.payload IS NOT NULL
AND ({subjects}::bigint[] IS NULL OR f.subject_id = ANY({subjects}::bigint[])) AND
"""
    + _AT.replace("%(at)s", "{at}")
    + " ORDER BY f.id"
)


def frame(item: str, *, subjects: Collection[SubjectId] | None = None, at: Position | None = None) -> pl.DataFrame:
    """The facts of one item as a table, for all subjects or some, now or as known at a position.

    Columns: fact_id, subject_id, standing, valid_from, valid_to, received_on, and every field that is not secret,
    typed; codes, months and identifiers are text. A field named like one of the first six gives way to it: when a fact
    holds is said once. Rows by fact id.
    """
    entry = catalogue.city().item(item)
    names = [name for name in entry.fields if name not in sealed_fields(entry) and name not in _ENVELOPE]
    query = sql.SQL(_FRAME).format(
        fields=sql.SQL("").join(sql.SQL(", f.payload ->> {}").format(sql.Literal(name)) for name in names),
        item=sql.Literal(item),
        subjects=sql.Literal(None if subjects is None else list(subjects)),
        at=sql.Literal(at),
    )
    table = _table(query, [*_ENVELOPE, *(f"field:{name}" for name in names)])
    typed = [_read(pl.col(c), t) for c, t in _ENVELOPE.items()]
    return table.select(*typed, *(_typed(name, entry.fields[name].type) for name in names))


def _table(query: sql.Composable, columns: list[str]) -> pl.DataFrame:
    """A query's rows as text, through COPY: several times the speed of fetching them."""
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)) as copy:
        body = b"".join(bytes(part) for part in copy)
    if not body:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.read_csv(io.BytesIO(body), has_header=False, new_columns=columns, infer_schema=False)


def _typed(name: str, kind: FieldType) -> pl.Expr:
    column = pl.col(f"field:{name}").alias(name)
    if kind is FieldType.BOOLEAN:
        return column == "true"
    return _read(column, _TYPES.get(kind, pl.String))


def _read(column: pl.Expr, dtype: Any) -> pl.Expr:
    return column.str.to_date("%Y-%m-%d") if dtype == pl.Date else column.cast(dtype)


def subjects_of(events: Iterable[EventId]) -> Iterator[SubjectId]:
    """Whose facts these events stored or closed: whose grade may have moved."""
    ids = list(events)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject_id FROM creditfile_fact WHERE stored_event = ANY(%s) OR closed_event = ANY(%s)",
            (ids, ids),
        )
        yield from (SubjectId(row[0]) for row in cursor.fetchall())


# ── where facts come from, and nothing of what they say ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Place:
    """A fact's way here: its delivery and line, and its leaf (`stored_event`, `ordinal`) in the log."""

    id: FactId
    subject_id: SubjectId
    item: str
    source: str
    delivery: DeliveryNumber
    line: int
    stored_event: EventId
    ordinal: int
    closed_event: EventId | None


_PLACES: Final = (
    "SELECT id, subject_id, item, source, delivery, line, stored_event, ordinal, closed_event FROM creditfile_fact"
)


def places(ids: Iterable[int]) -> list[Place]:
    """Where these facts come from, in order; those that do not exist are not among them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLACES} WHERE id = ANY(%s) ORDER BY id", (list(ids),))
        return [Place(*row) for row in cursor.fetchall()]


def places_of(subject_id: SubjectId) -> list[Place]:
    """Where the current facts on a subject come from, in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLACES} WHERE subject_id = %s AND closed_event IS NULL ORDER BY id", (subject_id,))
        return [Place(*row) for row in cursor.fetchall()]


def places_in(delivery: DeliveryNumber, limit: int) -> list[Place]:
    """Where the first facts of a delivery went, in the order of its lines."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLACES} WHERE delivery = %s ORDER BY line LIMIT %s", (delivery, limit))
        return [Place(*row) for row in cursor.fetchall()]
