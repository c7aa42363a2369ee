"""What may follow what in an objection, and until when each of its clocks runs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from xinqiao import catalogue
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.rights.rules import objections as rules
from xinqiao.rights.rules.objections import OPEN, Act, Days, State, Stopped, after, clocks, due

MONDAY = date(2026, 11, 23)
PLAIN = WorkingCalendar()


class Objecting(RuleBasedStateMachine):
    """Any acts in any order: a model of what the law says beside the table of what may follow."""

    @initialize(own=st.booleans())
    def opened(self, own: bool) -> None:
        self.state, self.asked, self.answered, self.ended = State.OPENED, False, False, False
        if not own:
            self.ask()

    def do(self, act: Act) -> bool:
        led = after(self.state, act)
        if led is not None:
            self.state = led
        return led is not None

    @rule()
    def ask(self) -> None:
        assert self.do(Act.ASK) == (not self.asked and not self.ended and not self.answered)
        self.asked = self.asked or not self.ended

    @rule()
    def answer(self) -> None:
        expected = self.state is State.ASKED
        assert self.do(Act.ANSWER) == expected
        self.answered = self.answered or expected

    @rule(act=st.sampled_from([Act.UPHOLD, Act.REJECT, Act.WITHDRAW]))
    def end(self, act: Act) -> None:
        assert self.do(act) == (not self.ended)
        self.ended = True

    @precondition(lambda self: getattr(self, "ended", False))
    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        assert self.state not in OPEN
        assert all(after(self.state, act) is None for act in Act)

    @invariant()
    def no_answer_without_a_question(self) -> None:
        assert self.state is not State.ANSWERED or self.answered


TestObjecting = Objecting.TestCase

days_of_years = st.dates(date(2024, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    lambda off, on: WorkingCalendar.of(holidays=off, working=on - off, years=[2026]),
    st.sets(days_of_years, max_size=40),
    st.sets(days_of_years, max_size=40),
)


@st.composite
def stops(draw: st.DrawFn) -> tuple[Stopped, ...]:
    found, day = [], MONDAY
    for _ in range(draw(st.integers(0, 3))):
        since = day + timedelta(days=draw(st.integers(0, 6)))
        day = since + timedelta(days=draw(st.integers(0, 15)))
        found.append(Stopped(since, day))
    return tuple(found)


@given(st.integers(1, 10), calendars)
def test_a_term_without_a_stop_is_the_calendars(within: int, calendar: WorkingCalendar) -> None:
    assert due(within, MONDAY, (), calendar) == calendar.add_working_days(MONDAY, within)


@given(st.integers(1, 10), stops(), calendars)
def test_of_the_days_to_the_end_of_a_term_just_so_many_count(
    within: int, stopped: tuple[Stopped, ...], calendar: WorkingCalendar
) -> None:
    end = due(within, MONDAY, stopped, calendar)
    assert end is not None
    every = [MONDAY + timedelta(days=n) for n in range(1, (end - MONDAY).days + 1)]
    stood = {day for day in every for stop in stopped if stop.until is not None and stop.since < day <= stop.until}
    assert sum(calendar.is_working(day) and day not in stood for day in every) == within
    assert calendar.is_working(end)
    assert end >= (due(within, MONDAY, (), calendar) or end), "standing still never shortens a term"


@given(st.integers(1, 10), stops())
def test_while_the_clocks_stand_nothing_falls_due(within: int, stopped: tuple[Stopped, ...]) -> None:
    since = stopped[-1].until if stopped and stopped[-1].until else MONDAY
    assert due(within, MONDAY, (*stopped, Stopped(since, None)), PLAIN) is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (Days(MONDAY), {rules.OWN: date(2026, 11, 26), rules.HARD_STOP: date(2026, 12, 14)}),
        (
            Days(MONDAY, asked=date(2026, 11, 24)),
            {
                rules.SOURCE: date(2026, 11, 27),
                rules.WITH_SOURCE: date(2026, 12, 2),
                rules.HARD_STOP: date(2026, 12, 14),
            },
        ),
        (
            Days(MONDAY, asked=MONDAY, stopped=(Stopped(date(2026, 11, 24), date(2026, 11, 30)),)),
            {
                rules.SOURCE: date(2026, 12, 2),
                rules.WITH_SOURCE: date(2026, 12, 8),
                rules.HARD_STOP: date(2026, 12, 14),
            },
        ),
    ],
)
def test_the_citys_clocks_run_three_seven_and_twenty_days(days: Days, expected: dict[str, date]) -> None:
    city = catalogue.city()
    assert {one.name: one.due for one in clocks(days, city.clocks, city.calendar)} == expected


def test_a_clock_is_late_from_the_day_after_and_stays_late_though_it_was_met_then() -> None:
    city = catalogue.city()
    own = clocks(Days(MONDAY), city.clocks, city.calendar)[0]
    assert not own.late(date(2026, 11, 26))
    assert own.late(date(2026, 11, 27))
    late = clocks(Days(MONDAY, ended=date(2026, 11, 27)), city.clocks, city.calendar)[0]
    kept = clocks(Days(MONDAY, ended=date(2026, 11, 26)), city.clocks, city.calendar)[0]
    assert late.late(date(2026, 12, 30))
    assert not kept.late(date(2026, 12, 30))


def test_every_stop_and_reason_and_state_has_its_words() -> None:
    assert set(rules.STATE_TITLES) == set(State)
    assert set(rules.REASON_TITLES) == set(rules.Reason)
    assert set(rules.ANSWER_TITLES) == set(rules.Answer)
    assert set(rules.GROUND_TITLES) == set(rules.Ground)
