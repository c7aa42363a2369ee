"""What an accepted row means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.builders import the_city
from xinqiao import catalogue
from xinqiao.catalogue.meaning import frame_fields, kept_until, months_after
from xinqiao.catalogue.schema import AdverseNature, SharingClass, When

FINAL = {"decided_on": "2026-01-31", "severity": "2", "is_final": True, "penalty_kind": "2"}


def test_a_penalty_that_can_still_be_appealed_is_no_breach() -> None:
    penalty = the_city().item("administrative_penalty")
    assert catalogue.adverse_nature(penalty, FINAL) is AdverseNature.BREACH
    assert catalogue.adverse_nature(penalty, FINAL | {"is_final": False}) is AdverseNature.ATTENTION
    assert catalogue.adverse_nature(penalty, FINAL | {"is_final": None}) is AdverseNature.ATTENTION
    assert catalogue.adverse_nature(penalty, FINAL | {"severity": "1"}) is AdverseNature.NONE


@pytest.mark.parametrize(("severity", "until"), [("1", "2026-04-30"), ("2", "2027-01-31"), ("3", "2029-01-31")])
def test_a_penalty_is_shown_as_long_as_its_severity_allows(severity: str, until: str) -> None:
    penalty = the_city().item("administrative_penalty")
    assert catalogue.shown_until(penalty, FINAL | {"severity": severity}) == date.fromisoformat(until)


def test_who_still_stands_on_a_list_stays_shown_and_who_left_it_is_shown_five_years_at_most() -> None:
    defaulter = the_city().item("judgment_defaulter")
    listed = {"published_on": "2019-03-01", "removed_on": None}
    assert catalogue.shown_until(defaulter, listed) is None
    assert catalogue.shown_until(defaulter, listed | {"removed_on": "2026-02-01"}) == date(2024, 3, 1)


def test_a_row_that_is_nothing_bad_has_no_end_where_only_the_adverse_have_one() -> None:
    rating = the_city().item("environmental_rating")
    assert kept_until(rating, {"published_on": "2020-05-20", "grade": "1"}) is None
    assert kept_until(rating, {"published_on": "2020-05-20", "grade": "4"}) == date(2025, 5, 20)


def test_a_minor_penalty_is_told_only_with_the_businesss_consent() -> None:
    penalty = the_city().item("administrative_penalty")
    assert catalogue.row_class(penalty, FINAL) is SharingClass.OPEN
    assert catalogue.row_class(penalty, FINAL | {"severity": "1"}) is SharingClass.AUTHORISED


def test_grade_a_taxpayers_are_public_and_the_others_are_not() -> None:
    level = the_city().item("tax_credit_level")
    assert catalogue.row_class(level, {"grade": "A"}) is SharingClass.OPEN
    assert catalogue.row_class(level, {"grade": "C"}) is SharingClass.AUTHORISED


def test_a_secret_items_frame_stays_readable_and_everything_else_is_sealed() -> None:
    for item in the_city().items.values():
        assert not catalogue.sealed_fields(item) & frame_fields(item)
    sales = the_city().item("tax_declared_sales")
    assert catalogue.sealed_fields(sales) == {"sales", "exempt_sales", "tax_declared"}
    assert "counterparty" in catalogue.sealed_fields(the_city().item("invoice_line"))


@given(
    one=st.sampled_from(SharingClass),
    other=st.sampled_from(SharingClass),
    third=st.sampled_from(SharingClass),
)
def test_the_stricter_of_two_classes_does_not_depend_on_their_order(
    one: SharingClass, other: SharingClass, third: SharingClass
) -> None:
    stricter = catalogue.stricter
    assert stricter(one, other) is stricter(other, one)
    assert stricter(one, stricter(other, third)) is stricter(stricter(one, other), third)
    assert stricter(one, SharingClass.SECRET) is SharingClass.SECRET


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 120))
def test_a_period_of_months_ends_on_the_corresponding_day_or_the_months_last(day: date, months: int) -> None:
    end = months_after(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (
        end.day < day.day and months_after(end, 0).month != date.fromordinal(end.toordinal() + 1).month
    )


def test_a_term_that_would_end_after_the_last_day_there_is_ends_on_it() -> None:
    assert months_after(date(9999, 12, 31), 36) == date.max == date(9999, 12, 31)


def test_an_empty_value_meets_only_the_condition_that_it_be_empty() -> None:
    empty: dict[str, object] = {"a": None}
    assert catalogue.holds(When(field="a", filled=False), empty)
    assert not catalogue.holds(When(field="a", filled=True), empty)
    assert not catalogue.holds(When(field="a", is_in=("x",)), empty)
    assert not catalogue.holds(When(field="a", starts_with=("9",)), empty)
    assert not catalogue.holds(When(field="a", starts_with=()), {"a": "92"})
    assert catalogue.holds(When(field="a", is_in=("true",)), {"a": True})
