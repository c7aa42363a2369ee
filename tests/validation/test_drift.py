"""A portfolio unlike the one a model was made from is noticed, by its scores and by each input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.validation.drift import Alarm, alarm, input_drift, psi, score_drift

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any)


@given(COUNTS)
def test_the_same_rows_have_not_drifted(counts: list[int]) -> None:
    found = psi(counts, counts)

    assert found
    assert found.psi == 0
    assert found.alarm is Alarm.CALM


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_drift_is_never_negative_and_the_same_both_ways(pairs: list[tuple[int, int]]) -> None:
    then, now = [a for a, _ in pairs], [b for _, b in pairs]
    if not any(then) or not any(now):
        assert psi(then, now) is None
        return
    forth, back = psi(then, now), psi(now, then)

    assert forth
    assert back
    assert forth.psi == pytest.approx(back.psi)
    assert all(shift.adds >= 0 for shift in forth.shifts)


def test_the_formula_by_hand() -> None:
    found = psi([50, 50], [80, 20])

    assert found
    assert found.psi == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4))
    assert found.alarm is Alarm.ACT


def test_a_bin_empty_on_one_side_counts_half_a_row_and_one_empty_on_both_nothing() -> None:
    found = psi([90, 10, 0], [100, 0, 0], names=["低", "中", "高"])

    assert found
    assert [shift.bin for shift in found.shifts] == ["低", "中"]
    assert found.shifts[1].now == 0.005


def test_the_alarms_stand_at_a_tenth_and_a_quarter() -> None:
    assert [alarm(at) for at in (0.0999, 0.1, 0.2499, 0.25)] == [Alarm.CALM, Alarm.WATCH, Alarm.WATCH, Alarm.ACT]


def test_a_score_that_moved_half_a_deviation_is_noticed_and_chance_is_not() -> None:
    random = np.random.default_rng(1)
    then = random.normal(600, 50, 4_000)

    same = score_drift(then, random.normal(600, 50, 4_000))
    moved = score_drift(then, random.normal(575, 50, 4_000))

    assert same
    assert moved
    assert same.alarm is Alarm.CALM
    assert len(same.shifts) == 10
    assert moved.alarm in {Alarm.WATCH, Alarm.ACT}


def test_rows_without_a_score_are_a_bin_of_their_own() -> None:
    then = np.arange(100.0)
    now = then.copy()
    now[:40] = np.nan

    found = score_drift(then, now)

    assert found
    assert found.shifts[-1].bin == "–"
    assert found.shifts[-1].now == 0.4
    assert found.alarm is Alarm.ACT


@pytest.mark.parametrize("elsewhere", [4.0, 9.0])
def test_where_everybody_had_one_score_another_is_seen(elsewhere: float) -> None:
    same, other = score_drift([5.0] * 90, [5.0] * 40), score_drift([5.0] * 90, [elsewhere] * 40)

    assert same
    assert same.psi == 0
    assert other
    assert other.alarm is Alarm.ACT
    assert score_drift([], [1.0]) is None


def test_an_input_whose_values_nobody_sends_any_more_is_noticed() -> None:
    found = input_drift(["制造业"] * 50 + ["批发业"] * 50, ["制造业"] * 50 + [None] * 50)

    assert found
    assert found.alarm is Alarm.ACT
    assert {shift.bin for shift in found.shifts} == {"制造业", "批发业", "–"}
