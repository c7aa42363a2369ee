"""Storing and closing facts, a chunk at a time, each chunk one transaction with its events.

The bulk road: one look at the current versions, then COPY of what is new. A lock per item and source keeps two storers
of the same list apart; the partial unique index is there should anybody forget it.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.db import connection

from xinqiao import catalogue, keys
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile import payloads, rules
from xinqiao.kernel.ids import DeliveryNumber, EventId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

CHUNK: Final = 10_000  # rows a transaction: long enough to pay for itself, short enough to lose little when killed
SECRET: Final = "creditfile-secret"  # noqa: S105 - the purpose under which the key room seals them
NOTHING: Final = "{}"

_COLUMNS: Final = (
    "id, city, item, source, subject_id, business_key, delivery, line, received_on, valid_from, valid_to,"
    " content, salt, payload, stored_event, ordinal"
)
_CURRENT: Final = """
SELECT f.subject_id, f.business_key, f.id, f.content
FROM unnest(%s::bigint[], %s::text[]) AS k(subject_id, business_key)
JOIN creditfile_fact f USING (subject_id, business_key)
WHERE f.closed_event IS NULL AND f.item = %s AND f.source = %s AND f.city = %s
"""


@dataclass(frozen=True)
class Origin:
    """Where a chunk of rows comes from."""

    item: Item
    source: str
    delivery: DeliveryNumber
    received_on: date


@dataclass(frozen=True)
class Stored:
    """What became of a chunk: new versions, versions they closed, and rows that said nothing new."""

    stored: int
    closed: int
    confirmed: int


def lock(item: str, source: str) -> None:
    """Held to the end of the transaction: one storer of an item of a source at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"creditfile:{item}:{source}",))


def store(origin: Origin, frame: pl.DataFrame, *, now: datetime) -> Stored:
    """File accepted rows as facts. Inside the caller's transaction; the same row again stores nothing."""
    rows = payloads.with_payloads(origin.item, frame).rows()
    lock(origin.item.item, origin.source)
    marks = _marks(rows)
    current = _current(origin, rows)
    fresh, outdated = [], []
    for row, mark in zip(rows, marks, strict=True):
        known = current.get((row[1], row[2]))
        if known is None or known[1] != mark:
            fresh.append((row, mark))
            if known is not None:
                outdated.append(known[0])
    close(outdated, because="superseded", about={"delivery": origin.delivery}, now=now)
    _write(origin, fresh, now)
    return Stored(len(fresh), len(outdated), len(rows) - len(fresh))


def close(facts: Sequence[int], *, because: str, about: Mapping[str, Any], now: datetime) -> EventId | None:
    """End facts' being current, once and for ever; one event over all of them."""
    if not facts:
        return None
    event = log.append_chunk(
        Kind.FACTS_CLOSED,
        now=now,
        about={**about, "because": because, "count": len(facts)},
        table="creditfile_fact/closing",
        leaves=[rules.closing_leaf(fact) for fact in facts],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE creditfile_fact f SET closed_event = %s, closed_ordinal = c.n - 1"
            " FROM unnest(%s::bigint[]) WITH ORDINALITY AS c(id, n) WHERE f.id = c.id AND f.closed_event IS NULL",
            (event, list(facts)),
        )
    return event


def _marks(rows: Iterable[Sequence[Any]]) -> list[bytes]:
    mark = keys.provider().mark
    return [mark("fact-content", f"{row[5]}{row[6]}".encode())[:16] for row in rows]


def _current(origin: Origin, rows: Sequence[Sequence[Any]]) -> dict[tuple[int, str], tuple[int, bytes]]:
    values = ([r[1] for r in rows], [r[2] for r in rows], origin.item.item, origin.source, catalogue.city().code)
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, values)
        return {(subject, key): (fact, bytes(mark)) for subject, key, fact, mark in cursor.fetchall()}


def _write(origin: Origin, fresh: Sequence[tuple[Sequence[Any], bytes]], now: datetime) -> None:
    if not fresh:
        return
    event, ids = log.reserve_event_id(), _reserve(len(fresh))
    city, item, source = catalogue.city().code, origin.item.item, origin.source
    received, salts = origin.received_on.isoformat(), os.urandom(16 * len(fresh))
    leaves, secrets = [], []
    with connection.cursor() as cursor, cursor.copy(f"COPY creditfile_fact ({_COLUMNS}) FROM STDIN") as copy:
        for n, ((line, subject, key, since, until, payload, secret), mark) in enumerate(fresh):
            fact, salt = ids[n], salts[16 * n : 16 * n + 16]
            text = rules.envelope(fact, city, item, source, subject, key, origin.delivery, line, received, since, until)
            leaves.append(rules.leaf(text, salt, payload, secret))
            if secret != NOTHING:
                secrets.append((fact, secret))
            named = (fact, city, item, source, subject, key, origin.delivery, line, received, since, until)
            copy.write_row((*named, mark, salt, payload, event, n))
    about = {"delivery": origin.delivery, "item": item, "source": source, "count": len(fresh)}
    log.append_chunk(Kind.FACTS_STORED, now=now, about=about, table="creditfile_fact", leaves=leaves, event_id=event)
    _seal(secrets, origin.delivery, now)


def _seal(secrets: Sequence[tuple[int, str]], delivery: DeliveryNumber, now: datetime) -> None:
    if not secrets:
        return
    event = log.reserve_event_id()
    sealed = keys.seal_many(SECRET, [(str(fact), secret.encode()) for fact, secret in secrets])
    leaves = []
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY creditfile_secret (fact_id, sealed, event, ordinal) FROM STDIN") as copy,
    ):
        for n, ((fact, _), body) in enumerate(zip(secrets, sealed, strict=True)):
            leaves.append(rules.secret_leaf(fact, body))
            copy.write_row((fact, body, event, n))
    about = {"delivery": delivery, "count": len(leaves)}
    log.append_chunk(
        Kind.SECRETS_SEALED, now=now, about=about, table="creditfile_secret", leaves=leaves, event_id=event
    )


def _reserve(count: int) -> list[int]:
    """Ids for so many facts, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('creditfile_fact_id') FROM generate_series(1, %s)", (count,))
        return sorted(row[0] for row in cursor.fetchall())


def unseal(fact: int, sealed: bytes) -> str:
    """The secret part of a fact, as the JSON that was sealed."""
    return keys.unseal(SECRET, str(fact), sealed).decode()
