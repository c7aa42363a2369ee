"""What engines agree about, enforced on the expression itself rather than remembered by authors.

DuckDB and Spark differ on division, casts, time stamps, date parts beyond the day, hashes, letters, substrings and
logarithms. Only operations tried on both are let through; a division needs a divisor that cannot be nought; there are
no floating numbers and no instants, and a decimal has two places.
"""

from typing import Any, Final

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops

from xinqiao.evaluation.errors import NotPortable

AGREED: Final = (
    # tables
    ops.UnboundTable,
    ops.Project,
    ops.Aggregate,
    ops.JoinChain,
    ops.JoinLink,
    ops.JoinReference,
    ops.Field,
    ops.DropColumns,
    # truth
    ops.Literal,
    ops.And,
    ops.Or,
    ops.Not,
    ops.Equals,
    ops.Less,
    ops.LessEqual,
    ops.Greater,
    ops.GreaterEqual,
    ops.IsNull,
    ops.NotNull,
    ops.InValues,
    ops.StartsWith,
    ops.StringContains,
    ops.IfElse,
    ops.SearchedCase,
    ops.Coalesce,
    ops.NullIf,
    # numbers and days
    ops.Add,
    ops.Subtract,
    ops.Multiply,
    ops.FloorDivide,
    ops.Greatest,
    ops.Least,
    ops.Cast,
    ops.DateDelta,
    ops.DateFromYMD,
    ops.ExtractYear,
    ops.ExtractMonth,
    ops.ExtractDay,
    # aggregates
    ops.CountStar,
    ops.CountDistinct,
    ops.Sum,
    ops.Min,
    ops.Max,
    ops.ArgMax,
    ops.ArrayCollect,
    ops.ArraySort,
    # a group's sums carried as one value, of which there is one at most
    ops.StructColumn,
    ops.StructField,
    ops.Arbitrary,
)
PLACES: Final = 2
HUNDRED: Final = 100
CAST_TO: Final = (dt.Int64,)


def check(expression: Any) -> None:
    """Refuse an expression that could mean two things; raises `NotPortable` naming what it met."""
    for node in expression.op().find(object, filter=None):
        _check_node(node)


def _check_node(node: Any) -> None:
    if not isinstance(node, AGREED):
        raise NotPortable(type(node).__name__)
    if isinstance(node, ops.FloorDivide) and not isinstance(node.right, ops.NullIf):
        raise NotPortable("division by what may be nought")
    if isinstance(node, ops.Arbitrary) and not isinstance(node.arg, ops.StructColumn):
        raise NotPortable("any one of several values")
    if isinstance(node, ops.Cast):
        _check_cast(node)
    if isinstance(node, ops.DateDelta) and str(node.part.value) != "day":
        raise NotPortable("a difference of dates in anything but days")
    if isinstance(node, ops.Value):
        _check_type(node.dtype)


def _check_cast(node: Any) -> None:
    """Only widening, a sum brought back to the width of what was summed, or yuan to fen: no rounding, no reading of
    text."""
    widened = node.arg.dtype.is_integer() and node.to.is_integer()
    summed = isinstance(node.arg, ops.Sum | ops.Add) and node.to.is_decimal()
    if not (widened or summed or _in_fen(node)):
        raise NotPortable(f"a cast from {node.arg.dtype} to {node.to}")


def _in_fen(node: Any) -> bool:
    """An amount of two places times a hundred is whole as it stands."""
    times = node.arg
    hundred = isinstance(times, ops.Multiply) and getattr(times.right, "value", None) == HUNDRED
    return hundred and times.left.dtype.is_decimal() and times.left.dtype.scale == PLACES and node.to.is_integer()


def _check_type(dtype: Any) -> None:
    if dtype.is_floating() or dtype.is_timestamp() or dtype.is_time() or dtype.is_interval():
        raise NotPortable(f"a value of type {dtype}")
    if dtype.is_decimal() and dtype.scale not in (PLACES, None):
        raise NotPortable(f"a decimal of {dtype.scale} places")
