"""Probabilities are held against what happened; a real gap raises the alarm, chance and trifles do not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from tests.validation.samples import ROWS, a_portfolio, apart
from xinqiao.validation.calibration import brier, calibration_error, interval, level, reliability


def test_the_brier_score_is_that_of_scikit_learn() -> None:
    said, bad = a_portfolio()

    assert brier(said, bad) == pytest.approx(brier_score_loss(bad, said), abs=1e-12)


def test_where_no_probabilities_are_equal_the_table_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    said = random.random(1_000)
    bad = random.random(1_000) < said
    observed, predicted = calibration_curve(bad, said, n_bins=10, strategy="quantile")

    table = reliability(said, bad)

    assert [row.observed for row in table] == pytest.approx(observed, abs=0.011)  # a row may stand beside the edge
    assert [row.predicted for row in table] == pytest.approx(predicted, abs=0.011)


@given(ROWS)
def test_every_row_stands_in_one_group_and_equal_probabilities_in_the_same(rows: list[tuple[float, bool]]) -> None:
    risk, bad = apart(rows)
    said = risk / 8

    table = reliability(said, bad, rows=4)

    assert sum(row.count for row in table) == len(said)
    assert len(table) <= 4
    assert all(a.predicted < b.predicted for a, b in pairwise(table))
    assert all(row.low <= row.observed <= row.high for row in table)
    assert sum(row.count * row.observed for row in table) == pytest.approx(bad.sum())


def test_a_certain_and_right_forecast_has_no_error() -> None:
    assert brier([0, 1, 1], [0, 1, 1]) == 0
    assert calibration_error([0, 1, 1], [0, 1, 1]) == 0


def test_twice_as_many_failures_as_were_said_raise_the_alarm() -> None:
    said, bad = a_portfolio()

    honest, wrong = level(said, bad), level(said / 2, bad)

    assert honest
    assert wrong
    assert not honest.alarm
    assert wrong.alarm


def test_neither_chance_in_few_rows_nor_a_trifle_in_many_raises_it() -> None:
    few = level([0.1] * 5, [1, 0, 0, 0, 0])
    many = level([0.10] * 100_000, [1] * 11_000 + [0] * 89_000)

    assert few
    assert many
    assert not few.alarm
    assert not many.alarm
    assert not many.low <= many.predicted <= many.high  # real, and small


def test_of_nobody_nothing_is_said() -> None:
    assert (brier([], []), reliability([], []), calibration_error([], []), level([], [])) == (None, [], None, None)


def test_a_score_is_no_probability() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        brier([620.0], [0])


@given(ROWS)
def test_the_interval_holds_the_rate_and_stays_within_0_and_1(rows: list[tuple[float, bool]]) -> None:
    bad = sum(one for _, one in rows)
    low, high = interval(bad, len(rows))

    assert 0 <= low <= bad / len(rows) <= high <= 1
