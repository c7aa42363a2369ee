"""Facts of one business, as they were read for somebody, as the table evaluation reads: sealed values opened, and no
more of them than whoever asks may be told."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from xinqiao.catalogue.schema import Item, ItemField
from xinqiao.creditfile.queries import Fact
from xinqiao.evaluation import rows
from xinqiao.evaluation.selecting import DTYPES


def frame(item: Item, facts: Sequence[Fact], first: int) -> pl.DataFrame:
    """Facts of one item, numbered from `first` on: some of them have no number of their own (asked for live)."""
    return rows.frame(item, [_of_fact(item, fact, first + place) for place, fact in enumerate(facts)])


def _of_fact(item: Item, fact: Fact, number: int) -> dict[str, Any]:
    values = {name: _kept(field, fact.values.get(name)) for name, field in rows.fields_of(item).items()}
    own = {"fact_id": number, "subject_id": fact.subject_id, "standing": str(fact.standing)}
    return own | values | {"valid_from": fact.valid_from, "valid_to": fact.valid_to}


def _kept(field: ItemField, value: Any) -> Any:
    """As the credit file holds it: dates and money as text, several codes as a list, numbers as themselves."""
    if value in (None, ""):
        return None
    match DTYPES.get(field.type):
        case "date":
            return date.fromisoformat(value)
        case "int64":
            return int(value)
        case "boolean":
            return value if isinstance(value, bool) else value == "true"
        case None:
            return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
        case _:
            return Decimal(value)
