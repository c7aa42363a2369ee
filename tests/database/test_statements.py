"""Statements by the protocol itself: what is given comes back typed, and the framework's ways hold."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.database import statements

pytestmark = pytest.mark.usefixtures("city_db")
MOMENT = datetime(2026, 11, 28, 1, 2, 3, 456789, tzinfo=UTC)
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bigint", 2**62),
        ("boolean", True),
        ("boolean", False),
        ("bytea", b"\x00\xff"),
        ("date", date(2026, 11, 28)),
        ("timestamptz", MOMENT),
        ("text", None),
        ("bigint[]", [1, -2]),
        ("text[]", []),
    ],
)
def test_what_is_given_comes_back(kind: str, value: Any) -> None:
    assert statements.row(f"SELECT $1::{kind}", value) == (value,)


def test_any_text_comes_back_alone_and_in_a_list() -> None:
    @given(TEXT, st.lists(TEXT, max_size=3))
    def holds(text: str, several: list[str]) -> None:
        assert statements.row("SELECT $1::text, $2::text[]", text, several) == (text, several)

    holds()


def test_they_are_part_of_the_transaction_they_stand_in() -> None:
    make = "INSERT INTO parties_tries (key, since, counted) VALUES ($1, $2, 1)"
    with transaction.atomic():
        statements.rows(make, b"undone", MOMENT)
        transaction.set_rollback(True)
    statements.rows(make, b"kept", MOMENT)
    assert statements.rows("SELECT key FROM parties_tries WHERE since = $1", MOMENT) == [(b"kept",)]
    with pytest.raises(IntegrityError):
        statements.rows(make, b"kept", MOMENT)


def test_a_fault_is_the_frameworks_and_the_next_statement_works() -> None:
    with pytest.raises(ProgrammingError):
        statements.rows("SELECT nothing_of_the_kind")
    assert statements.row("SELECT 1") == (1,)


def test_whoever_watches_the_frameworks_questions_sees_them_too() -> None:
    with CaptureQueriesContext(connection) as asked:
        statements.row("SELECT 1")
    assert [one["sql"] for one in asked.captured_queries] == ["SELECT 1"]
