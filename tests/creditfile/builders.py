"""Accepted rows as intake hands them on, and facts made of them by the verbs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import transaction

from xinqiao import catalogue
from xinqiao.catalogue.schema import FieldType, Item
from xinqiao.creditfile import facts
from xinqiao.creditfile.facts import Origin, Stored
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import sequencing

NOW = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)
ARREARS: dict[str, Any] = {
    "subject_name": "鲁山县示例农产品有限公司",
    "uscc": "91410402MA40TE5TXF",
    "taxpayer_id": "91410402MA40TE5TXF",
    "tax_kind": "10101",
    "arrears_balance": Decimal("8000.00"),
    "notice_on": date(2026, 9, 30),
    "authority": "国家税务总局鲁山县税务局",
}
SALES: dict[str, Any] = {
    "subject_name": "鲁山县示例农产品有限公司",
    "uscc": "91410402MA40TE5TXF",
    "period": "2026-09",
    "sales": Decimal("412000.50"),
    "exempt_sales": Decimal("0.00"),
    "tax_declared": Decimal("12360.02"),
}

DTYPES: dict[FieldType, Any] = {
    FieldType.INTEGER: pl.Int64,
    FieldType.YEAR: pl.Int64,
    FieldType.BOOLEAN: pl.Boolean,
    FieldType.DATE: pl.Date,
    FieldType.MONEY_YUAN: pl.Decimal(18, 2),
    FieldType.MONEY_WAN: pl.Decimal(18, 2),
    FieldType.DECIMAL: pl.Decimal(24, 6),
}


def item(name: str) -> Item:
    return catalogue.city().item(name)


def a_frame(name: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows of an item by field name, with `line` and `subject_id` (1 unless said)."""
    fields = item(name).fields
    schema: dict[str, Any] = {"line": pl.Int64, "subject_id": pl.Int64}
    schema |= {f: pl.List(pl.String) if d.several else DTYPES.get(d.type, pl.String) for f, d in fields.items()}
    full = [{"line": n + 2, "subject_id": 1} | row for n, row in enumerate(rows)]
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in full], schema=schema)


def stored(name: str, *rows: dict[str, Any], delivery: int = 1, source: str | None = None) -> Stored:
    """Facts filed from these rows, in the log and in their place."""
    entry = item(name)
    origin = Origin(entry, source or entry.sources[0], DeliveryNumber(delivery), date(2026, 11, 23))
    with transaction.atomic():
        done = facts.store(origin, a_frame(name, rows), now=NOW)
    sequencing.sequence(NOW)
    return done
