"""Another value for a cell, as a forger might choose it: close enough to be overlooked, or such as no program writes.

Knows nothing of any domain: a type's name in the database's own catalogue is all it goes by.
"""

import json
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

TO_NULL: Final = 0.05
TO_ODD: Final = 0.15
_FRESH: Final = {
    "smallint": 1, "integer": 1, "bigint": 1, "numeric": Decimal(1), "boolean": True, "text": "x",
    "character varying": "x", "bytea": b"\x01" * 32, "date": date(2026, 1, 1), "jsonb": "{}", "json": "{}",
    "timestamp with time zone": "2026-01-01 00:00+00", "text[]": ["x"], "character varying[]": ["x"], "bigint[]": [1],
}  # fmt: skip
_DEEP: Final = "[" * 3_000 + "]" * 3_000
_ODD: Final[dict[str, tuple[Any, ...]]] = {
    "smallint": (0, -1, 2**15 - 1),
    "integer": (0, -1, 2**31 - 1),
    "bigint": (0, -1, 2**63 - 1, -(2**63)),
    "numeric": ("NaN", "1e300", "-0.0001"),
    "text": ("", "\u202e", "a\nb", "\t", "改" * 5_000),
    "character varying": ("", "\u202e", "a\nb"),
    "bytea": (b"", b"\x00"),
    "date": ("infinity", "-infinity", "0044-03-15 BC", "99999-01-01"),
    "timestamp with time zone": ("infinity", "-infinity", "0044-03-15 BC", "99999-01-01"),
    "jsonb": ("1.5", "null", _DEEP, "1e400", "9" * 5_000, '[{"a": []}]'),
    "json": ("1.5", "null", _DEEP, "1e400", "9" * 5_000),
    "text[]": ([], [""], [None]),
    "character varying[]": ([], [""], [None]),
    "bigint[]": ([], [0], [None]),
    "xid8": ("0", str(2**64 - 1)),
}


def another(rng: random.Random, kind: str, value: Any) -> Any:
    """Another value of a column's type."""
    if value is None:
        return _FRESH[kind]
    chance = rng.random()
    if chance < TO_NULL:
        return None
    if chance < TO_NULL + TO_ODD and kind in _ODD:
        return rng.choice(_ODD[kind])
    return near(rng, kind, value)


def near(rng: random.Random, kind: str, value: Any) -> Any:  # noqa: PLR0911 - one for each type
    """A value next to this one."""
    match value:
        case str():
            return _WRITTEN.get(kind, _near_text)(rng, value)
        case bytes():
            return _near_bytes(rng, value)
        case list():
            return value[:-1] if value and rng.random() < 0.5 else [*value, value[-1] if value else "x"]
        case datetime():
            return value + timedelta(microseconds=rng.choice((1, 86_400_000_000)))
        case date():
            return value + timedelta(days=rng.choice((-1, 1, 365)))
        case bool():
            return not value
    return value + (Decimal("0.01") if value % 1 else rng.choice((-1, 1, 7, 100)))


def _near_bytes(rng: random.Random, value: bytes) -> bytes:
    if not value:
        return b"\x01"
    at = rng.randrange(len(value))
    return value[:at] + bytes([value[at] ^ 1 << rng.randrange(8)]) + value[at + 1 :]


def _near_text(rng: random.Random, text: str) -> str:
    if not text:
        return "x"
    at = rng.randrange(len(text))
    other = rng.choice([sign for sign in "0123456789x改" if sign != text[at]])
    return text[:at] + other + text[at + 1 :]


def _near_json(rng: random.Random, value: Any) -> str:
    def changed(inner: Any) -> Any:
        match inner:
            case dict() if inner:
                key = rng.choice(list(inner))
                return inner | {key: changed(inner[key])}
            case list() if inner:
                return [*inner[:-1], changed(inner[-1])]
            case bool() | None:
                return not inner
            case int():
                return inner + 1
            case str():
                return _near_text(rng, inner)
        return "x"

    return json.dumps(changed(value), ensure_ascii=False)


# Types that are read and written as text.
_WRITTEN: Final[dict[str, Callable[[random.Random, str], str]]] = {
    "jsonb": lambda rng, text: _near_json(rng, json.loads(text)),
    "json": lambda rng, text: _near_json(rng, json.loads(text)),
    "xid8": lambda rng, text: str(int(text) + rng.choice((1, 100))),
    "pg_snapshot": lambda rng, text: "1:1:",
}


def as_read(kind: str) -> str:
    """How a column is cast so that what is read can be written back."""
    return "::text" if kind in _WRITTEN else ""
