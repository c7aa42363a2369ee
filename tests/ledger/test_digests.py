"""A row's digest: the same from the program and the database, another with every change, and not to be guessed."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from xinqiao.ledger.digests import row_digest


def test_a_row_has_one_digest_whether_it_comes_from_the_program_or_the_database(db: None) -> None:
    written: dict[str, Any] = {
        "name": "平顶山𠮷记商行",
        "amount": Decimal("1200.50"),
        "day": date(2026, 3, 1),
        "at": datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        "mark": b"\x00\xff",
        "values": {"b": [1, None, "二"], "a": True},
        "items": ("x", "y"),
        "id": UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        "nothing": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::text, 1200.5::numeric(12, 4), DATE '2026-03-01', TIMESTAMPTZ '2026-03-01 01:30:00+00',"
            " '\\x00ff'::bytea,"
            " '{\"a\": true, \"b\": [1, null, \"二\"]}'::json, ARRAY['x', 'y'],"
            " '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid, NULL",
            (written["name"],),
        )
        read = dict(zip(written, cursor.fetchone(), strict=True))
    assert row_digest("t", "1", read | {"values": written["values"]}) == row_digest("t", "1", written)


@pytest.mark.parametrize(
    ("table", "key", "columns"),
    [
        ("u", "1", {"a": "x"}),
        ("t", "2", {"a": "x"}),
        ("t", "1", {"a": "y"}),
        ("t", "1", {"b": "x"}),
        ("t", "1", {"a": None}),
        ("t", "1", {"a": ""}),
        ("t", "1", {"a": "x", "b": None}),
    ],
)
def test_any_change_of_table_key_column_or_value_is_another_digest(
    table: str, key: str, columns: dict[str, str]
) -> None:
    assert row_digest(table, key, columns) != row_digest("t", "1", {"a": "x"})


def test_nobody_without_the_key_can_try_contents_until_one_fits() -> None:
    plain = sha256(b'["t","1",{"a":"x"}]').digest()
    assert row_digest("t", "1", {"a": "x"}) != plain


@pytest.mark.parametrize(
    "value", [1.5, {"a": [0.1]}, datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None), Decimal("NaN")]
)
def test_a_value_that_would_not_come_back_the_same_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        row_digest("t", "1", {"a": value})
