"""Working days: weekends, announced holidays, and weekend days worked in exchange."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.calendar import LONGEST_COUNT, WorkingCalendar

SPRING = WorkingCalendar.of(
    holidays=(date(2026, 2, 15) + timedelta(days=i) for i in range(9)),
    working=[date(2026, 2, 14), date(2026, 2, 28)],
    years=[2026],
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(-300, 300)


def test_a_holiday_is_no_working_day_and_the_weekend_worked_for_it_is() -> None:
    assert not SPRING.is_working(date(2026, 2, 16))  # a Monday
    assert SPRING.is_working(date(2026, 2, 14))  # a Saturday
    assert not SPRING.is_working(date(2026, 3, 7))


def test_five_working_days_from_the_eve_of_spring_festival() -> None:
    assert SPRING.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert SPRING.add_working_days(date(2026, 2, 13), 5) == date(2026, 2, 27)
    assert SPRING.add_working_days(date(2026, 2, 13), 6) == date(2026, 2, 28)


def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    assert SPRING.add_working_days(date(2026, 2, 15), 0) == date(2026, 2, 24)
    assert SPRING.add_working_days(date(2026, 2, 13), 0) == date(2026, 2, 13)


def test_a_year_nobody_announced_is_an_estimate() -> None:
    assert SPRING.knows(date(2026, 12, 31))
    assert not SPRING.knows(date(2027, 1, 1))
    assert SPRING.is_working(date(2027, 1, 1))  # a Friday: counted as one until the notice is there


@given(day=DAYS, n=COUNTS)
def test_adding_working_days_lands_on_a_working_day(day: date, n: int) -> None:
    assert SPRING.is_working(SPRING.add_working_days(day, n))


@given(day=DAYS, n=st.integers(1, 300))
def test_what_was_added_is_what_lies_between(day: date, n: int) -> None:
    assert SPRING.working_days_between(day, SPRING.add_working_days(day, n)) == n


@given(one=DAYS, other=DAYS, third=DAYS)
def test_counting_over_a_stop_on_the_way_counts_the_same(one: date, other: date, third: date) -> None:
    count = SPRING.working_days_between
    assert count(one, third) == count(one, other) + count(other, third)
    assert count(one, other) == -count(other, one)


@given(day=DAYS, n=st.integers(0, 100), m=st.integers(0, 100))
def test_two_terms_one_after_the_other_are_one_long_term(day: date, n: int, m: int) -> None:
    start = SPRING.add_working_days(day, 0)
    assert SPRING.add_working_days(SPRING.add_working_days(start, n), m) == SPRING.add_working_days(start, n + m)


@given(day=DAYS, n=COUNTS)
def test_there_and_back_is_the_same_working_day(day: date, n: int) -> None:
    start = SPRING.add_working_days(day, 0)
    assert SPRING.add_working_days(SPRING.add_working_days(start, n), -n) == start


def test_no_law_counts_forty_years_of_working_days() -> None:
    try:
        SPRING.add_working_days(date(2026, 1, 5), LONGEST_COUNT + 1)
    except ValueError:
        return
    raise AssertionError("an absurd term was counted")
