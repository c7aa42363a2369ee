"""A model's figures for everybody and for each segment, small and silent ones included."""

import numpy as np
import pytest

from tests.validation.samples import a_portfolio
from xinqiao.validation.discrimination import auc
from xinqiao.validation.figures import by_segment, figures


def test_rows_without_a_risk_are_counted_and_left_out_of_the_figures() -> None:
    risk, bad = a_portfolio(500)
    with_gaps = np.append(risk, [np.nan, np.nan])

    found = figures(with_gaps, np.append(bad, [True, False]))

    assert (found.count, found.unscored, found.bad) == (502, 2, bad.sum() + 1)
    assert found.auc == auc(risk, bad)
    assert found.coverage == pytest.approx(500 / 502)


def test_each_segment_has_its_figures_and_the_unknown_one_stands_last() -> None:
    risk, bad = a_portfolio(400)
    county = ["宝丰县"] * 150 + [None] * 50 + ["叶县"] * 200

    found = by_segment(county, risk, bad)

    assert list(found) == ["叶县", "宝丰县", None]
    assert found["宝丰县"] == figures(risk[:150], bad[:150])
    assert sum(one.count for one in found.values()) == 400


def test_a_segment_in_which_nobody_failed_has_counts_and_no_auc() -> None:
    found = by_segment(["大型", "小微", "小微"], [0.2, 0.1, 0.3], [0, 0, 1])

    assert (found["大型"].count, found["大型"].bad_rate, found["大型"].auc) == (1, 0.0, None)
    assert found["小微"].auc == 1.0


def test_of_nobody_nothing_is_said() -> None:
    nobody = figures([], [])

    assert (nobody.count, nobody.bad_rate, nobody.coverage, nobody.auc) == (0, None, None, None)
    assert by_segment([], [], []) == {}


def test_a_segment_for_each_row_is_insisted_on() -> None:
    with pytest.raises(ValueError, match="a row"):
        by_segment(["叶县"], [0.1, 0.2], [0, 1])
