"""Accepted rows become the JSON of facts, a whole chunk at a time.

One form for one value (RFC 8785): keys sorted, no idle space, empty fields left out, money and fractions as text, dates
and months as ISO text, whole numbers and booleans as themselves. The hash of a fact is taken over exactly this text.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Final

import polars as pl

from xinqiao.catalogue import meaning
from xinqiao.catalogue.schema import FieldType, Item
from xinqiao.creditfile.rules.terms import first_day, last_day, shown_until
from xinqiao.creditfile.rules.texts import json_of

# Made once: a new encoder for each of a million facts would cost more than the encoding.
_encode: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_KEY_MAX: Final = 1_000  # bytes; an index entry of PostgreSQL holds 2,700, the rest of the key included


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one delivery as facts will hold them: series of one length, in the order of their lines.

    `opened` is the JSON of the fields kept in plain columns; `sealed` that of the fields kept encrypted, None where a
    row has no such value. `keys` are the JSON lists of the business key's values.
    """

    lines: pl.Series
    subjects: pl.Series
    keys: pl.Series
    valid_from: pl.Series
    valid_to: pl.Series
    shown_until: pl.Series
    opened: pl.Series
    sealed: pl.Series

    def __len__(self) -> int:
        return len(self.lines)

    def waves(self) -> Iterator["Chunk"]:
        """The same rows so that no wave has a business key twice: of two rows with one key the later line wins."""
        rank = pl.DataFrame([self.subjects.alias("s"), self.keys.alias("k")]).select(
            pl.int_range(pl.len()).over("s", "k")
        )
        times = rank.to_series()
        for turn in range(int(times.max() or 0) + 1):  # type: ignore[arg-type]
            yield self.only(times == turn)

    def only(self, wanted: pl.Series) -> "Chunk":
        """The rows where `wanted` is true."""
        if wanted.all():
            return self
        return Chunk(**{field.name: getattr(self, field.name).filter(wanted) for field in fields(self)})


def chunk_of(rows: pl.DataFrame, item: Item) -> Chunk:
    """Accepted rows of an item, with `line`, `subject_id` and its fields typed, as facts."""
    secret = meaning.sealed_fields(item)
    present = [name for name in sorted(item.fields) if name in rows.columns]
    encoded = rows.select(json_of(rows[name]) for name in present)
    validity = item.validity
    return Chunk(
        lines=rows["line"],
        subjects=rows["subject_id"],
        keys=key_of(rows, item),
        valid_from=_day(rows, item, validity.since, last=False),
        valid_to=_day(rows, item, validity.until, last=True),
        shown_until=shown_until(rows, item),
        opened=_object(encoded, [name for name in present if name not in secret]).fill_null("{}"),
        sealed=_object(encoded, [name for name in present if name in secret]),
    )


def key_of(rows: pl.DataFrame, item: Item) -> pl.Series:
    """The business key within a subject: a JSON list, so that no two keys read alike."""
    parts = [json_of(rows[name]).fill_null("null") for name in item.delivery.key]
    keys = rows.select(pl.format("[{}]", pl.concat_str(parts, separator=",")).alias("key"))["key"]
    if (keys.str.len_bytes() > _KEY_MAX).any():
        keys = pl.Series("key", [_short(key) for key in keys], dtype=pl.String)
    return keys


def _short(key: str) -> str:
    return key if len(key.encode()) <= _KEY_MAX else f'["sha256:{sha256(key.encode()).hexdigest()}"]'


def typed(field: FieldType) -> pl.DataType | type[pl.DataType]:
    """How a field of a fact is read back for reckoning."""
    match field:
        case FieldType.DATE:
            return pl.Date
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
            return pl.Decimal(18, 2)
        case FieldType.DECIMAL:
            return pl.Decimal(24, 6)
        case FieldType.INTEGER | FieldType.YEAR:
            return pl.Int64
        case FieldType.BOOLEAN:
            return pl.Boolean
        case _:
            return pl.String


def canonical(values: object) -> str:
    """The one form of an object of values: what `chunk_of` writes, from what the database gives back."""
    return _encode(values)


def _object(encoded: pl.DataFrame, names: list[str]) -> pl.Series:
    """One JSON object a row, of the fields that have a value; None where none has."""
    if not names:
        return _nothing(encoded.height, pl.String)
    pieces = [pl.format(f'"{name}":{{}},', name) for name in names]
    joined = pl.concat_str(pieces, ignore_nulls=True).str.strip_suffix(",")
    return encoded.select(pl.when(joined != "").then(pl.format("{}{}{}", pl.lit("{"), joined, pl.lit("}"))).alias("o"))[
        "o"
    ]


def _day(rows: pl.DataFrame, item: Item, name: str | None, *, last: bool) -> pl.Series:
    """The day a field names; of a month or year its first, or its last where the fact ends with it."""
    if name is None:
        return _nothing(len(rows), pl.Date)
    kind = item.fields[name].type
    return last_day(rows[name], kind) if last else first_day(rows[name], kind)


def _nothing(size: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    return pl.repeat(None, size, dtype=dtype, eager=True)
