"""Numbers, days and clocks as people say them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.portal import bars, wording

CALENDAR = WorkingCalendar()
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due", "words", "late"),
    [
        (date(2026, 11, 30), "还有 5 个工作日", False),
        (date(2026, 11, 23), "今天到期", False),
        (date(2026, 11, 20), "已逾期 1 个工作日", True),
        (date(2026, 11, 13), "已逾期 6 个工作日", True),
    ],
)
def test_a_deadline_is_said_in_working_days(due: date, words: str, late: bool) -> None:
    said = wording.clock(due, MONDAY, CALENDAR)
    assert (said.words, said.late) == (words, late)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_nothing_is_late_by_no_days_and_nothing_falls_due_on_a_day_off(due: date, today: date) -> None:
    said = wording.clock(due, today, CALENDAR)
    assert " 0 " not in said.words or not said.late
    assert CALENDAR.is_working(said.due)


def test_a_deadline_on_a_saturday_is_met_on_monday() -> None:
    assert wording.clock(date(2026, 11, 21), MONDAY, CALENDAR).words == "今天到期"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 1, 41, tzinfo=UTC), "今天 09:41"),
        (datetime(2026, 11, 22, 10, 20, tzinfo=UTC), "昨天 18:20"),
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "今天 00:30"),  # already Monday in the city
        (datetime(2026, 3, 1, 4, 0, tzinfo=UTC), "03-01 12:00"),
        (datetime(2025, 3, 1, 4, 0, tzinfo=UTC), "2025-03-01 12:00"),
    ],
)
def test_a_moment_is_said_in_the_citys_time(at: datetime, words: str) -> None:
    assert wording.moment(at, datetime(2026, 11, 23, 4, 0, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("42000", "4.20 万元"),
        ("5000000.00", "500.00 万元"),
        ("123456.78", "123,456.78 元"),  # 万元 would lose the fen
        ("9999", "9,999.00 元"),
        ("-42000", "-4.20 万元"),
        ("0", "0.00 元"),
    ],
)
def test_money_is_said_in_wan_only_where_nothing_is_lost(yuan: str, words: str) -> None:
    assert wording.money(Decimal(yuan)) == words


def test_english_counts_money_in_yuan() -> None:
    with translation.override("en"):
        assert wording.money(Decimal(42000)) == "42,000.00 yuan"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_no_fen_is_ever_lost_in_words(yuan: Decimal) -> None:
    amount, unit = wording.money(yuan).split()
    factor = 10_000 if unit == "万元" else 1
    assert Decimal(amount.replace(",", "")) * factor == yuan


def test_a_permissions_last_day_belongs_to_it() -> None:
    assert wording.days_left(MONDAY, MONDAY) == "还有 1 天"
    assert wording.days_left(date(2026, 11, 22), MONDAY) == "已到期"


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_share_is_never_rounded_to_nothing_or_to_all(part: int, rest: int) -> None:
    said = wording.share(part, part + rest)
    assert (said == "0%") == (part == 0)
    assert (said == "100%") == (part > 0 and rest == 0)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_every_part_of_a_bar_that_is_there_can_be_seen(numbers: list[int]) -> None:
    segments = bars.stacked([("good", str(i), n) for i, n in enumerate(numbers)])
    assert sum(s.width for s in segments) == (bars.WIDTH if any(numbers) else 0)
    for segment in segments:
        assert (segment.width >= bars.LEAST) if segment.number else (segment.width == 0)
