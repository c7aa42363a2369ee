"""How one value is written in a fact: as the text the catalogue's conditions name it by, and as JSON (RFC 8785)."""

from json.encoder import encode_basestring
from typing import Final

import polars as pl

# What JSON writes with a backslash. Columns without any, nearly all of them, are written by concatenation alone.
_SPECIAL: Final = r'["\\\x00-\x1f]'


def plain(values: pl.Series) -> pl.Series:
    """A column's values as text: days in ISO form, money with two decimals, fractions without idle zeros."""
    return values.to_frame().select(_plain(values))[values.name]


def json_of(values: pl.Series) -> pl.Expr:
    """The JSON of one column's values, None where empty; to be selected from the frame the column stands in."""
    if isinstance(values.dtype, pl.String) and values.str.contains(_SPECIAL).any():
        written = [None if value is None else encode_basestring(value) for value in values]
        return pl.lit(pl.Series(values.name, written, dtype=pl.String))
    if isinstance(values.dtype, pl.List):  # of codes, which need no escaping: the catalogue sees to it
        return pl.format('["{}"]', pl.col(values.name).list.join('","')).alias(values.name)
    text = _plain(values)
    bare = values.dtype.is_integer() or isinstance(values.dtype, pl.Boolean)
    return text if bare else pl.format('"{}"', text).alias(values.name)


def _plain(values: pl.Series) -> pl.Expr:
    column = pl.col(values.name)
    match values.dtype:
        case pl.String():
            return column
        case pl.Decimal(scale=scale) if scale not in {0, 2}:
            return column.cast(pl.String).str.replace(r"\.?0*$", "")
        case kind if kind.is_decimal() or kind.is_integer() or isinstance(kind, pl.Date | pl.Boolean | pl.Null):
            return column.cast(pl.String)
        case kind:
            raise TypeError(f"{values.name}: facts hold no {kind}")
