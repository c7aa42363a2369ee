"""The bulk road into the tables of facts: text for COPY, made column by column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl
import psycopg
from django.db import connection

from xinqiao import catalogue, keys
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile import secrets
from xinqiao.creditfile.rules import leaves
from xinqiao.creditfile.rules.values import Chunk
from xinqiao.kernel.ids import DeliveryNumber, EventId, FactId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

_FACTS: Final = (
    "COPY creditfile_fact (id, city, item, source, subject_id, business_key, valid_from, valid_to, shown_until,"
    " payload, salt, content, delivery, line, received_on, stored_event, ordinal, closed_event, closed_ordinal)"
    " FROM STDIN"
)
_SECRETS: Final = "COPY creditfile_secret (fact_id, sealed, event, ordinal) FROM STDIN"
_NULL: Final = r"\N"
_BYTES: Final = r"\\x"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from. `received_on` is the business day the delivery came; periods of an item sort as text."""

    item: Item
    source: str
    delivery: DeliveryNumber
    received_on: date
    period: str = ""

    @property
    def city(self) -> str:
        return catalogue.city().code

    def about(self) -> dict[str, str | int]:
        """What events say of it."""
        return {"delivery": self.delivery, "item": self.item.item, "source": self.source}


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows about to be stored, and what was drawn for each: an id, a salt, the salted text of its secret fields."""

    chunk: Chunk
    ids: Sequence[int]
    salts: Sequence[bytes]
    opened: Sequence[bytes]
    salted: Sequence[bytes | None]


Closings = Mapping[FactId, tuple[EventId, int]]


def take_ids(count: int) -> list[int]:
    """So many new fact ids, ascending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(nextval('creditfile_fact_id')) FROM generate_series(1, %s)", [count])
        ids: list[int] = cursor.fetchone()[0]
    return ids


def copy_facts(batch: Batch, origin: Origin, event: EventId, born_closed: Closings) -> list[bytes]:
    """Write the rows as facts of this event; returns their leaves in order."""
    contents = [leaves.content(*row) for row in zip(batch.salts, batch.opened, batch.salted, strict=True)]
    _copy(_FACTS, _lines(batch, contents, origin, event, born_closed))
    return [leaves.leaf(*row) for row in zip(_envelopes(batch, origin), contents, strict=True)]


def copy_secrets(batch: Batch, origin: Origin, now: datetime) -> None:
    """Seal the secret fields of those rows that have any, each for its own row only."""
    plain = [(fact, text) for fact, text in zip(batch.ids, batch.salted, strict=True) if text is not None]
    if not plain:
        return
    event = log.reserve_event_id()
    sealed = keys.seal_many(secrets.PURPOSE, ((str(fact), text) for fact, text in plain))
    rows = [(fact, text) for (fact, _), text in zip(plain, sealed, strict=True)]
    _copy(_SECRETS, (f"{fact}\t{_BYTES}{text.hex()}\t{event}\t{n}" for n, (fact, text) in enumerate(rows)))
    about = origin.about() | {"count": len(rows)}
    digests = [secrets.leaf(fact, text) for fact, text in rows]
    log.append_chunk(Kind.SECRETS_SEALED, now=now, about=about, table=secrets.TABLE, leaves=digests, event_id=event)


def _copy(statement: str, lines: Iterable[str]) -> None:
    """The driver's own cursor: the framework has no COPY."""
    with psycopg.Cursor(connection.connection).copy(statement) as copy:
        copy.write("\n".join(lines).encode() + b"\n")


def _envelopes(batch: Batch, origin: Origin) -> list[bytes]:
    """`leaves.Envelope.encode` of every row at once."""
    chunk, item = batch.chunk, origin.item.item
    shared = (leaves.FACT, origin.city, item, origin.source, str(origin.delivery), origin.received_on.isoformat())
    own = [pl.Series(batch.ids), chunk.subjects, chunk.keys, *_days(chunk, ""), chunk.lines]
    return _joined([pl.lit("\n".join(shared)), *own], "\n").cast(pl.Binary).to_list()


def _lines(batch: Batch, contents: list[bytes], origin: Origin, event: EventId, born_closed: Closings) -> list[str]:
    """One line of COPY's text format a row, in the order of `_FACTS`."""
    chunk = batch.chunk
    columns = [
        pl.Series(batch.ids),
        pl.lit("\t".join((origin.city, origin.item.item, origin.source))),
        chunk.subjects,
        _escaped(chunk.keys),
        *_days(chunk, _NULL),
        _escaped(chunk.opened),
        _hex(batch.salts),
        _hex(contents),
        pl.lit(str(origin.delivery)),
        chunk.lines,
        pl.lit(f"{origin.received_on.isoformat()}\t{event}"),
        pl.int_range(len(chunk), eager=True),
        _closings(batch.ids, born_closed),
    ]
    return _joined(columns, "\t").to_list()


def _days(chunk: Chunk, none: str) -> list[pl.Series]:
    return [day.cast(pl.String).fill_null(none) for day in (chunk.valid_from, chunk.valid_to, chunk.shown_until)]


def _joined(columns: Sequence[pl.Series | pl.Expr], separator: str) -> pl.Series:
    """The columns side by side as text."""
    frame = pl.DataFrame([c.alias(str(n)) for n, c in enumerate(columns) if isinstance(c, pl.Series)])
    parts = [pl.col(str(n)) if isinstance(column, pl.Series) else column for n, column in enumerate(columns)]
    return frame.select(pl.concat_str(parts, separator=separator).alias("line"))["line"]


def _escaped(text: pl.Series) -> pl.Series:
    """COPY reads a backslash as the beginning of an escape; JSON has no raw tab or line break to escape beside it."""
    return text.str.replace_all("\\", "\\\\", literal=True)


def _hex(values: Sequence[bytes]) -> pl.Series:
    """Byte strings as COPY reads bytea."""
    return pl.Series([_BYTES + value.hex() for value in values])


def _closings(ids: Sequence[int], born_closed: Closings) -> pl.Series | pl.Expr:
    if not born_closed:
        return pl.lit(f"{_NULL}\t{_NULL}")
    places = (born_closed.get(FactId(fact), (_NULL, _NULL)) for fact in ids)
    return pl.Series([f"{event}\t{ordinal}" for event, ordinal in places])
