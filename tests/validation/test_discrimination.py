"""AUC, Gini, KS and lift say how well a model parts the failed from the sound, and say nothing where rows do not."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import roc_auc_score, roc_curve

from tests.validation.samples import BOTH_CLASSES, a_portfolio, apart
from xinqiao.validation.discrimination import auc, gini, ks, lift


@given(BOTH_CLASSES)
def test_auc_is_the_share_of_pairs_in_the_right_order_and_equal_risks_count_half(
    rows: list[tuple[float, bool]],
) -> None:
    bads, goods = [r for r, bad in rows if bad], [r for r, bad in rows if not bad]
    pairs = [1.0 if b > g else 0.5 if b == g else 0.0 for b in bads for g in goods]

    assert auc(*apart(rows)) == pytest.approx(sum(pairs) / len(pairs))


@given(BOTH_CLASSES)
def test_turning_the_risk_round_turns_the_figures_round(rows: list[tuple[float, bool]]) -> None:
    risk, bad = apart(rows)

    assert auc(-risk, bad) == pytest.approx(1 - auc(risk, bad))  # type: ignore[operator]
    assert gini(-risk, bad) == pytest.approx(-gini(risk, bad))  # type: ignore[operator]
    assert ks(-risk, bad) == pytest.approx(ks(risk, bad))


@given(BOTH_CLASSES)
def test_only_the_order_of_risks_matters(rows: list[tuple[float, bool]]) -> None:
    risk, bad = apart(rows)
    other = np.exp(risk / 3) - 100

    assert (auc(other, bad), ks(other, bad), lift(other, bad, share=0.2)) == (
        auc(risk, bad), ks(risk, bad), lift(risk, bad, share=0.2),
    )  # fmt: skip


def test_the_figures_are_those_of_scikit_learn() -> None:
    risk, bad = a_portfolio()
    false, true, _ = roc_curve(bad, risk)

    assert auc(risk, bad) == pytest.approx(roc_auc_score(bad, risk), abs=1e-12)
    assert ks(risk, bad) == pytest.approx((true - false).max(), abs=1e-12)


def test_lift_counts_a_tie_at_the_cut_for_the_part_inside() -> None:
    risk, bad = [3.0, 2.0, 2.0, 1.0], [1, 1, 0, 0]

    assert lift(risk, bad, share=0.25) == 2.0  # the riskiest one is bad: 1 ÷ 0.5
    assert lift(risk, bad, share=0.5) == pytest.approx(1.5)  # of the two at the cut half a bad one is inside
    assert lift(risk, bad, share=1.0) == 1.0


@pytest.mark.parametrize("bad", [[], [1, 1, 1], [0, 0, 0]])
def test_rows_of_one_outcome_part_nobody(bad: list[int]) -> None:
    risk = [0.1, 0.2, 0.3][: len(bad)]

    assert (auc(risk, bad), gini(risk, bad), ks(risk, bad)) == (None, None, None)
    assert lift(risk, bad, share=0.5) == (1.0 if any(bad) else None)


@pytest.mark.parametrize(
    ("risk", "bad", "why"),
    [
        ([0.1, float("nan")], [0, 1], "missing"),
        ([0.1, 0.2], [0, 2], "neither yes nor no"),
        ([0.1, 0.2], [0], "2 risks for 1 outcomes"),
        ([[0.1], [0.2]], [0, 1], "dimensions"),
    ],
)
def test_rows_that_do_not_belong_together_give_no_figure(risk: list[float], bad: list[int], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        auc(risk, bad)
