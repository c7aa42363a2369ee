"""The chunk-at-a-time JSON, keys, days and terms are, row by row, what plain code says."""

import dataclasses
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.creditfile.builders import ARREARS, SALES, a_frame, item
from xinqiao import catalogue
from xinqiao.catalogue import meaning
from xinqiao.catalogue.schema import FieldType, Item
from xinqiao.creditfile.rules.values import canonical, chunk_of

# Anything a row may hold after intake; NUL and half characters never get past it.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
days = st.dates(date(1949, 10, 1))  # up to 9999-12-31, by which offices mean that there is no end


def as_kept(row: dict[str, Any]) -> dict[str, Any]:
    def text(value: Any) -> Any:
        return f"{value:f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value

    return {name: text(value) for name, value in row.items() if value is not None}


@settings(deadline=None)
@given(st.lists(st.tuples(words, st.none() | words, amounts, st.none() | days), min_size=1, max_size=4))
def test_the_fast_way_and_the_plain_way_give_the_same_text(
    said: list[tuple[str, str | None, Decimal, date | None]],
) -> None:
    names = ("subject_name", "notice_no", "arrears_balance", "settled_on")
    rows = [ARREARS | dict(zip(names, one, strict=True)) for one in said]
    chunk = chunk_of(a_frame("tax_arrears", rows), item("tax_arrears"))
    assert chunk.opened.to_list() == [canonical(as_kept(row)) for row in rows]
    assert chunk.sealed.to_list() == [None] * len(rows)
    assert chunk.valid_to.to_list() == [row["settled_on"] for row in rows]


@settings(deadline=None)
@given(words, words)
def test_no_two_business_keys_read_alike(one: str, other: str) -> None:
    rows = [{"doc_no": one}, {"doc_no": other}]
    keys = chunk_of(a_frame("administrative_penalty", rows), item("administrative_penalty")).keys
    assert [json.loads(key) for key in keys] == [[one], [other]]


def test_a_business_key_too_long_for_an_index_is_kept_by_its_hash() -> None:
    rows = [{"doc_no": "豫" * 900}, {"doc_no": "豫" * 901}, {"doc_no": "豫"}]
    keys = chunk_of(a_frame("administrative_penalty", rows), item("administrative_penalty")).keys.to_list()
    assert len(set(keys)) == 3
    assert max(len(key) for key in keys) < 100


def test_secret_fields_are_kept_apart_but_for_what_says_whose_and_when() -> None:
    chunk = chunk_of(a_frame("tax_declared_sales", [SALES]), item("tax_declared_sales"))
    assert set(json.loads(chunk.opened[0])) == {"subject_name", "uscc", "period"}
    assert json.loads(chunk.sealed[0]) == {"sales": "412000.50", "exempt_sales": "0.00", "tax_declared": "12360.02"}


def test_a_row_with_nothing_secret_in_it_has_nothing_sealed() -> None:
    bare = {name: SALES[name] for name in ("subject_name", "uscc", "period")}
    assert chunk_of(a_frame("tax_declared_sales", [bare]), item("tax_declared_sales")).sealed.to_list() == [None]


def test_a_fact_of_a_month_holds_from_its_first_day() -> None:
    chunk = chunk_of(a_frame("tax_declared_sales", [SALES]), item("tax_declared_sales"))
    assert chunk.valid_from.to_list() == [date(2026, 9, 1)]


def test_fractions_are_kept_without_idle_zeros_and_years_as_numbers() -> None:
    row = {"year": 2026, "score": Decimal("92.500000"), "grade": "A"}
    none = row | {"score": Decimal("100.000000")}
    chunk = chunk_of(a_frame("tax_credit_level", [row, none]), item("tax_credit_level"))
    assert [json.loads(text)["score"] for text in chunk.opened] == ["92.5", "100"]
    assert [json.loads(text)["year"] for text in chunk.opened] == [2026, 2026]
    assert chunk.keys.to_list() == ["[2026]", "[2026]"]


def rows_of(entry: Item) -> st.SearchStrategy[dict[str, Any]]:
    """Rows that fill whatever the item's term could turn on: its conditions' fields, and the days it counts from."""
    shown = [when for case in entry.adverse.cases for when in case.when]
    shown += [when for case in entry.retention.shown for when in case.when]
    named = {when.field: [*(when.is_in or ()), *(when.starts_with or ()), "其他"] for when in shown}
    named |= {name: [] for name in (entry.retention.counted_from, entry.retention.while_empty) if name is not None}
    return st.fixed_dictionaries({name: st.none() | _values(entry, name, said) for name, said in named.items()})


def _values(entry: Item, name: str, said: list[str]) -> st.SearchStrategy[Any]:
    if entry.fields[name].several:
        return st.lists(st.sampled_from(said), min_size=1, max_size=3, unique=True)
    match entry.fields[name].type:
        case FieldType.DATE:
            return days
        case FieldType.MONTH:
            return days.map(lambda day: f"{day:%Y-%m}")
        case FieldType.YEAR:
            return days.map(lambda day: day.year)
        case FieldType.BOOLEAN:
            return st.booleans()
        case _:
            return st.sampled_from(said)


@pytest.mark.parametrize("name", [entry.item for entry in catalogue.city().whole_items()])
@settings(deadline=None)
@given(st.data())
def test_the_term_of_every_item_is_what_the_catalogue_means(name: str, data: st.DataObject) -> None:
    """What is good may be shown for ever where only what is adverse has a term; on a list no term runs (条例 §19)."""
    entry = item(name)
    rows = data.draw(st.lists(rows_of(entry), min_size=1, max_size=5))
    chunk = chunk_of(a_frame(name, rows), entry)
    assert chunk.opened.to_list() == [canonical(as_kept(row)) for row in rows]
    assert chunk.shown_until.to_list() == [meaning.shown_until(entry, as_kept(row)) for row in rows]


def test_a_green_rating_and_a_plain_deregistration_have_no_term_and_a_revocation_has() -> None:
    ratings = [{"published_on": date(2020, 6, 1), "grade": grade} for grade in ("1", "4")]
    exits = [{"exit_on": date(2020, 6, 1), "exit_type": kind} for kind in ("1", "2")]
    for name, rows in (("environmental_rating", ratings), ("registration_exit", exits)):
        assert chunk_of(a_frame(name, rows), item(name)).shown_until.to_list() == [None, date(2025, 6, 1)], name


def test_every_item_gives_a_chunk_as_long_as_its_rows() -> None:
    for entry in catalogue.city().whole_items():
        chunk = chunk_of(a_frame(entry.item, [{}, {}, {}]), entry)
        for column in dataclasses.fields(chunk):
            assert len(getattr(chunk, column.name)) == 3, (entry.item, column.name)
