"""From accepted rows to the JSON that facts keep, a whole frame at a time. Pure.

Row by row, Python's encoder would cost more than the database. The text is the same as `rules.canonical` gives: a test
holds the two against each other.
"""

from typing import Final

import polars as pl

from xinqiao.catalogue import sealed_fields
from xinqiao.catalogue.schema import FieldType, Item

MONEY: Final = frozenset({FieldType.MONEY_YUAN, FieldType.MONEY_WAN})
_CONTROLS: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def with_payloads(item: Item, frame: pl.DataFrame) -> pl.DataFrame:
    """`line, subject_id, key, valid_from, valid_to, payload, secret` of every row, all but the first two as text.

    `frame` has the columns intake promises: line, subject_id and every field by name, typed. `secret` is "{}" where
    nothing is secret.
    """
    sealed = sealed_fields(item)
    names = [name for name in item.fields if name in frame.columns]
    return frame.select(
        "line",
        "subject_id",
        _key(item, frame).alias("key"),
        _day(item.validity.since, item).alias("valid_from"),
        _day(item.validity.until, item).alias("valid_to"),
        _object([n for n in names if n not in sealed], item, frame).alias("payload"),
        _object([n for n in names if n in sealed], item, frame).alias("secret"),
    )


def key_of(item: Item, frame: pl.DataFrame) -> pl.Expr:
    """The business key of every row."""
    return _key(item, frame).alias("key")


def plain(name: str, item: Item, frame: pl.DataFrame) -> pl.Series:
    """One field as the text facts keep."""
    return frame.select(_plain(name, item, frame)).to_series()


def _day(name: str | None, item: Item) -> pl.Expr:
    """A date field as ISO text; a month or a year stands for its first day."""
    if name is None:
        return pl.lit(None, pl.String)
    text = pl.col(name).cast(pl.String)
    match item.fields[name].type:
        case FieldType.MONTH:
            return text + "-01"
        case FieldType.YEAR:
            return text + "-01-01"
        case _:
            return text


def _key(item: Item, frame: pl.DataFrame) -> pl.Expr:
    parts = [_plain(name, item, frame).fill_null("") for name in item.delivery.key]
    return pl.concat_str(parts, separator="\x1f")


def _object(names: list[str], item: Item, frame: pl.DataFrame) -> pl.Expr:
    """A JSON object of the fields that are there, names sorted."""
    members = [_member(name, item, frame) for name in sorted(names)]
    if not members:
        return pl.lit("{}")
    body = pl.concat_str(members, ignore_nulls=True).str.strip_suffix(",")
    return pl.concat_str([pl.lit("{"), body, pl.lit("}")])


def _member(name: str, item: Item, frame: pl.DataFrame) -> pl.Expr:
    dtype = frame.schema[name]
    value = _plain(name, item, frame)
    if dtype == pl.Boolean or dtype.is_integer():
        return pl.concat_str([pl.lit(f'"{name}":'), value, pl.lit(",")])
    return pl.concat_str([pl.lit(f'"{name}":"'), _escaped(value), pl.lit('",')])


def _plain(name: str, item: Item, frame: pl.DataFrame) -> pl.Expr:
    """A value as the text facts keep: money with two decimals, dates ISO, true and false."""
    column = pl.col(name)
    if item.fields[name].type in MONEY:
        return column.cast(pl.Decimal(38, 2)).cast(pl.String)
    return column.cast(pl.String)


def _escaped(text: pl.Expr) -> pl.Expr:
    """JSON's escapes; other control characters never get this far, intake refuses them."""
    text = text.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    for raw, written in _CONTROLS.items():
        text = text.str.replace_all(raw, written, literal=True)
    return text
