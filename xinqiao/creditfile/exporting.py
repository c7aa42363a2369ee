"""The facts of one item as they were known at a place in the log, in a stream: for snapshots of the whole city.

Read by ADBC, PostgreSQL's own binary rows straight into Arrow's columns: no row is ever an object of Python's, which is
what a copy of twenty million costs (docs/decisions/0014). It looks at committed rows only, by a connection of its own.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_postgresql import dbapi
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from xinqiao.catalogue.schema import FieldType
from xinqiao.kernel.ids import Position

MONEY: Final = pa.decimal128(18, 2)
ENVELOPE: Final[Mapping[str, pa.DataType]] = {
    "fact_id": pa.int64(),
    "subject_id": pa.int64(),
    "standing": pa.string(),
    "valid_from": pa.date32(),
    "valid_to": pa.date32(),
    "received_on": pa.date32(),
    "shown_until": pa.date32(),
}
# Every fact of an item is read: going by an index, fact by fact, costs the server twice as much.
IN_BULK: Final = ("SET enable_indexscan = off", "SET enable_nestloop = off", "SET work_mem = '64MB'")
EXPIRED: Final = "expired"
BATCH: Final = 16 * 1024 * 1024  # bytes ADBC gathers before it hands a batch over
_TYPES: Final[Mapping[FieldType, tuple[str, pa.DataType]]] = {
    FieldType.INTEGER: ("({})::bigint", pa.int64()),
    FieldType.DATE: ("({})::date", pa.date32()),
    FieldType.BOOLEAN: ("({}) = 'true'", pa.bool_()),
    FieldType.MONEY_YUAN: ("{}", MONEY),
    FieldType.MONEY_WAN: ("{}", MONEY),
    FieldType.DECIMAL: ("({})::numeric(24, 6)::text", pa.string()),
}  # every other kind of field is text
# Marks are few: they are gathered once, not looked up fact by fact; and few facts are closed. What is marked expired is
# left out afterwards: of a condition on a mark the planner expects that hardly a fact is left, and then looks the event
# of each of them up by itself.
_EXPORT: Final = """
SELECT f.id, f.subject_id, coalesce(s.standing, 'good'), f.valid_from, f.valid_to, f.received_on,
    f.shown_until{fields}
FROM creditfile_fact f
JOIN ledger_position opened ON opened.event = f.stored_event AND opened.position <= {at}
LEFT JOIN (
    SELECT DISTINCT ON (m.fact) m.fact, m.standing FROM creditfile_standing m
    JOIN ledger_position p ON p.event = m.event AND p.position <= {at} ORDER BY m.fact, m.id DESC
) s ON s.fact = f.id
WHERE f.item = {item} AND (f.closed_event IS NULL OR NOT EXISTS (
    SELECT FROM ledger_position closed WHERE closed.event = f.closed_event AND closed.position <= {at}))
"""
_ITEMS: Final = "SELECT item FROM creditfile_fact GROUP BY item ORDER BY item"


def items_held() -> list[str]:
    """The items of which there are facts at all."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS)
        return [item for (item,) in cursor.fetchall()]


def schema(fields: Mapping[str, FieldType]) -> pa.Schema:
    """The columns of an export, typed as models read them; a field named like one of the file's own gives way."""
    named = {name: _TYPES.get(kind, ("", pa.string()))[1] for name, kind in _free(fields).items()}
    return pa.schema({**ENVELOPE, **named})


def export(item: str, fields: Mapping[str, FieldType], *, at: Position) -> Iterator[pa.Table]:
    """The facts of an item as known at a position, marks included, in no order; what is marked expired is left out.

    Which fields may be read is for whoever asks to know: secret ones are not in these rows at all.
    """
    wanted = schema(fields)
    with closing(dbapi.connect(address())) as session, closing(session.cursor()) as cursor:
        cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(BATCH)})
        for setting in IN_BULK:
            cursor.execute(setting)
        cursor.execute(_query(item, fields, at))
        for batch in _ahead(cursor.fetch_record_batch()):
            yield _unexpired(pa.Table.from_batches([batch]).rename_columns(wanted.names)).cast(wanted)


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The server fills the next while this one is worked on."""
    with ThreadPoolExecutor(1) as hand:
        coming = hand.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = hand.submit(next, batches, None)
            yield batch


def _unexpired(rows: pa.Table) -> pa.Table:
    """Hardly ever is there one, and to look costs next to nothing."""
    expired = pc.equal(rows["standing"], EXPIRED)
    return rows.filter(pc.invert(expired)) if pc.any(expired).as_py() else rows


def _query(item: str, fields: Mapping[str, FieldType], at: Position) -> str:
    columns = [sql.SQL(", ") + _column(name, kind) for name, kind in _free(fields).items()]
    query = sql.SQL(_EXPORT).format(fields=sql.SQL("").join(columns), at=sql.Literal(int(at)), item=sql.Literal(item))
    return query.as_string(None)


def _column(name: str, kind: FieldType) -> sql.Composable:
    as_text = sql.SQL("f.payload ->> {}").format(sql.Literal(name))
    return sql.SQL(_TYPES.get(kind, ("{}", None))[0]).format(as_text)


def _free(fields: Mapping[str, FieldType]) -> dict[str, FieldType]:
    return {name: kind for name, kind in fields.items() if name not in ENVELOPE}


def address() -> str:
    """The server Django speaks to, as libpq writes it."""
    known: dict[str, Any] = {k: v for k, v in connection.get_connection_params().items() if isinstance(v, str | int)}
    return make_conninfo(**{k: v for k, v in known.items() if k not in {"client_encoding", "prepare_threshold"}})
