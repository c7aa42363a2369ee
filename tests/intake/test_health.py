"""Whether a source is late is read off its cadence, the calendar and the day it last delivered."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao import catalogue
from xinqiao.intake import health
from xinqiao.intake.health import Timing
from xinqiao.intake.rules import periods


@dataclass(frozen=True)
class Came:
    period: str
    received_on: date
    number: int = 7
    delivered: int = 100
    rejected: int = 5


def timing(item: str, last: Came | None, on: date) -> Timing:
    city = catalogue.city()
    entry = city.item(item)
    return health.of_one(city, entry.sources[0], entry, last, on).timing


MONTHLY = "electricity_arrears"  # by the tenth of the following month
DAILY = "registration_basics"  # within one working day
YEARLY = "environmental_rating"


def test_what_never_came_is_silent_not_late() -> None:
    assert timing(MONTHLY, None, date(2026, 7, 15)) is Timing.NEVER


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 7, 10), Timing.ON_TIME),  # June is due on the tenth: on that day it is still in time
        (date(2026, 7, 13), Timing.LATE),
    ],
)
def test_a_month_is_late_after_its_day(on: date, expected: Timing) -> None:
    assert timing(MONTHLY, Came("2026-05", date(2026, 6, 9)), on) is expected
    assert timing(MONTHLY, Came("2026-06", date(2026, 7, 9)), on) is Timing.ON_TIME


def test_a_day_off_moves_the_day_on() -> None:
    """10 October 2026 is a Saturday worked in exchange, 10 May 2026 a Sunday on which nobody works."""
    city = catalogue.city()
    item = city.item(MONTHLY)
    due = health.of_one(city, item.sources[0], item, None, date(2026, 5, 12)).due
    assert due is not None
    assert city.calendar.is_working(due)


def test_a_daily_item_is_late_after_its_working_day() -> None:
    friday = date(2026, 7, 10)
    assert timing(DAILY, Came("2026-07-10", friday), friday + timedelta(days=3)) is Timing.ON_TIME  # the weekend
    assert timing(DAILY, Came("2026-07-10", friday), friday + timedelta(days=4)) is Timing.LATE


def test_what_comes_with_events_is_never_late() -> None:
    assert timing("administrative_penalty", Came("2020-01-01", date(2020, 1, 1)), date(2026, 7, 1)) is Timing.ON_EVENT


def test_lateness_is_counted_in_working_days() -> None:
    city = catalogue.city()
    item = city.item(MONTHLY)
    told = health.of_one(city, item.sources[0], item, Came("2026-05", date(2026, 6, 9)), date(2026, 7, 17))
    assert (told.timing, told.due, told.late_days, told.owed) == (Timing.LATE, date(2026, 7, 10), 5, "2026-06")
    assert told.rejected_share == pytest.approx(0.05)


def test_a_source_is_stale_when_one_of_its_items_is() -> None:
    city, on = catalogue.city(), date(2026, 7, 17)
    items = [i for i in city.whole_items() if i.cadence.every == "month"][:2]
    one, other = (health.of_one(city, "x", i, Came("2026-06", on), on) for i in items)
    late = health.of_one(city, "x", items[0], Came("2026-01", date(2026, 2, 1)), on)
    assert health.by_source([one, other])["x"] == {"state": "answered", "last_received_on": "2026-07-17"}
    assert health.by_source([late, other])["x"]["state"] == "stale"
    assert health.by_source([health.of_one(city, "x", items[0], None, on)])["x"]["state"] == "silent"


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
KINDS = st.sampled_from(sorted(periods.FORMS))


@given(DAYS, KINDS)
def test_a_day_lies_in_the_period_that_contains_it(day: date, kind: periods.Kind) -> None:
    begins = periods.containing(day, kind)
    assert begins <= day < periods.following(begins, kind)
    assert periods.first_day(periods.written(begins, kind), kind) == begins
    assert periods.containing(periods.following(begins, kind) - timedelta(days=1), kind) == begins


@given(st.text(max_size=12), KINDS)
def test_no_text_is_a_period_by_chance(text: str, kind: periods.Kind) -> None:
    begins = periods.first_day(text, kind)
    assert begins is None or periods.written(begins, kind) in (text, text.replace("Q", "-Q"))


def test_a_quarter_may_be_written_without_its_hyphen() -> None:
    assert periods.first_day("2026Q3", "quarter") == periods.first_day("2026-Q3", "quarter") == date(2026, 7, 1)
