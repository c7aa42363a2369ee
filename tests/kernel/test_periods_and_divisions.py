from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.divisions import DivisionCode, NotADivisionCode
from xinqiao.kernel.period import Period, PeriodBackwards

days = st.dates(date(2020, 1, 1), date(2020, 3, 1))
ends = st.none() | days
periods = st.builds(
    lambda a, b: Period(*sorted((a, b))) if a and b else Period(a, b),
    ends,
    ends,
)
EVERY = [date(2019, 12, 31) + timedelta(days=i) for i in range(63)]


@given(periods, periods)
def test_two_periods_overlap_when_they_share_a_day(one: Period, other: Period) -> None:
    shared = any(one.holds_on(day) and other.holds_on(day) for day in EVERY)
    assert one.overlaps(other) == other.overlaps(one) == shared


@given(periods, periods)
def test_a_period_is_within_another_when_all_its_days_are(one: Period, other: Period) -> None:
    assert one.within(other) == all(other.holds_on(day) for day in EVERY if one.holds_on(day))


def test_both_ends_belong_to_a_period_and_an_open_one_never_ends() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert period.holds_on(date(2026, 1, 1))
    assert period.holds_on(date(2026, 1, 31))
    assert not period.holds_on(date(2026, 2, 1))
    assert Period(date(2026, 1, 1)).holds_on(date.max)
    assert Period().is_open


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodBackwards):
        Period(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("outer", "inner", "inside"),
    [
        ("410400", "410402", True),
        ("410400", "410471", True),
        ("410000", "410402", True),
        ("410402", "410402", True),
        ("410402", "410403", False),
        ("410400", "410502", False),
    ],
)
def test_a_division_holds_those_inside_it(outer: str, inner: str, inside: bool) -> None:
    assert DivisionCode.parse(outer).holds(DivisionCode.parse(inner)) is inside


@pytest.mark.parametrize("text", ["", "41040", "4104022", "４10402", "010000", "41040X"])
def test_what_is_no_division_code_is_refused(text: str) -> None:
    with pytest.raises(NotADivisionCode):
        DivisionCode.parse(text)
