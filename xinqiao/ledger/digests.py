"""What a covered row is worth in the log: a keyed mark over all of it, so that nobody can guess its content back."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from xinqiao import keys

PURPOSE: Final = "ledger-row"


def row_digest(table: str, key: str, columns: Mapping[str, Any]) -> bytes:
    """32 bytes over table, key and named columns; the same whether the values come from the program or the database.

    Text, whole numbers, true, false, None, Decimal (trailing zeros do not count), dates, aware datetimes, bytes, UUIDs,
    and lists and objects of these. Raises `TypeError` for anything else: a float would not survive the round trip.
    """
    return digester()(table, key, columns)


def digester() -> Callable[[str, str, Mapping[str, Any]], bytes]:
    """`row_digest` with the key at hand, for a loop over many rows."""
    mark = keys.provider().mark

    def digest(table: str, key: str, columns: Mapping[str, Any]) -> bytes:
        _no_fraction(columns)
        return mark(PURPOSE, _encode((table, key, columns)).encode())

    return digest


def moment_in_sql(column: str) -> str:
    """SQL for a moment as the text a digest is made of. One that Python cannot hold is some text too, and no genuine
    one's: a single forged row must not keep the others from being read."""
    return _in_sql(column, f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""")


def day_in_sql(column: str) -> str:
    """The same for a day."""
    return _in_sql(column, f"to_char({column}, 'YYYY-MM-DD')")


def _in_sql(column: str, written: str) -> str:
    """`to_char` forgets that a year is before our era, and has nothing to say of infinity."""
    return f"CASE WHEN {column} >= '0001-01-01' AND isfinite({column}) THEN {written} ELSE {column}::text END"


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case Decimal():
            return _number(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case UUID():
            return str(value)
        case Mapping():
            return dict(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no one form in the log")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a moment without a time zone has no one form in the log")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(f"{value} is no amount")
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _no_fraction(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no one form in the log")
    if isinstance(value, dict):
        for inner in value.values():
            _no_fraction(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _no_fraction(inner)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain).encode
