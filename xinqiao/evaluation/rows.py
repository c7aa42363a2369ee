"""Rows as people write them, in a model's cases and in what is supposed of a business, as facts they would be."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from xinqiao.catalogue.meaning import first_day
from xinqiao.catalogue.schema import FieldType, Item, ItemField
from xinqiao.evaluation.engine import POLARS
from xinqiao.evaluation.selecting import DTYPES
from xinqiao.evaluation.soundness import OWN_COLUMNS

WAN: Final = {FieldType.MONEY_WAN: 10_000}


def frame(item: Item, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of `row` as the table evaluation reads of an item."""
    columns: dict[str, Any] = {"fact_id": pl.Int64, "subject_id": pl.Int64, "standing": pl.String}
    columns |= {"valid_from": pl.Date, "valid_to": pl.Date}
    columns |= {name: POLARS[DTYPES.get(field.type, "string")] for name, field in fields_of(item).items()}
    return pl.DataFrame(rows, schema=columns)


def fields_of(item: Item) -> dict[str, ItemField]:
    """The fields whose names the credit file's own columns leave free."""
    return {name: field for name, field in item.fields.items() if name not in OWN_COLUMNS}


def row(item: Item, written: Mapping[str, str], number: int, subject: int) -> dict[str, Any]:
    """`written` holds field → value as a source writes it, and may say `standing`. Values it cannot be raise
    `ValueError` or `ArithmeticError`."""
    values = {name: _value(field, written.get(name)) for name, field in item.fields.items()}
    valid = {
        "valid_from": _term(item, item.validity.since, written),
        "valid_to": _term(item, item.validity.until, written),
    }
    standing = written.get("standing", "good")
    return {"fact_id": number, "subject_id": subject, "standing": standing} | values | valid


def _term(item: Item, name: str | None, written: Mapping[str, str]) -> date | None:
    """The first day of what a term's field says: of a month or a year as well."""
    said = written.get(name or "")
    return date.fromisoformat(first_day(said, item.fields[name].type)) if said and name else None


def _value(field: ItemField, written: str | None) -> Any:
    """As the credit file would hold it: money in yuan, whatever unit the source uses; several codes as a list."""
    if not written:
        return None
    match DTYPES.get(field.type):
        case "int64":
            return int(written)
        case "date":
            return date.fromisoformat(written)
        case "boolean":
            return written == "true"
        case None:
            return json.dumps(written.split("、")) if field.several else written
        case _:
            return (Decimal(written) * WAN.get(field.type, 1)).quantize(Decimal("0.01"))
