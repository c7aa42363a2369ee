"""An institution's own rules: what is wrong with them is named, and better never comes to less."""

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluation.estimates import RULES
from xinqiao import catalogue
from xinqiao.evaluation import estimate_lint, indicator_files, rule_sets
from xinqiao.evaluation.errors import RulesFaulty
from xinqiao.evaluation.estimate_language import Decision, Rules
from xinqiao.evaluation.estimating import Blank, Estimate, Value, judge, judged_by
from xinqiao.evaluation.indicators import Reading, State

# From what closes the door to what opens it.
ORDER = [Decision.NOT_ADMITTED, Decision.NO_AMOUNT, Decision.ESTIMATED]
AMOUNTS = st.integers(-1, 60).map(lambda n: Decimal(n * 100_000))
COUNTS = st.integers(0, 6).map(Decimal)


def known() -> Any:
    return indicator_files.load(catalogue.city()).catalogue.indicators


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    """Other points, percentages and ceilings that the lint finds nothing in but the cases."""
    said = yaml.safe_load(RULES.replace("2026.1", "2026.9"))
    points = sorted(draw(st.lists(st.integers(-20, 60), min_size=3, max_size=3)))
    cuts = sorted(draw(st.sets(st.integers(1, 40), min_size=2, max_size=2)))
    steps = [
        {"points": points[0]},
        *({"from": c * 100_000, "points": p} for c, p in zip(cuts, points[1:], strict=True)),
    ]
    said["scorecard"]["declared_sales_12m"]["steps"] = steps
    a, b = sorted(draw(st.lists(st.integers(1, 200), min_size=2, max_size=2)), reverse=True)
    said["grades"][0] |= {"percent": a, "ceiling": draw(st.integers(50, 400)) * 10_000}
    said["grades"][1] |= {"percent": b, "ceiling": draw(st.integers(1, 50)) * 10_000}
    made = Rules.model_validate(_as_text(said))
    assert all(at[0] == "cases" for at, _ in estimate_lint.faults(made, known()))
    return made


def _as_text(value: Any) -> Any:
    """As a file has it: everything is text until the schema says what it is."""
    if isinstance(value, dict):
        return {key: _as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def at(rules: Rules, sales: Value, penalties: Value) -> Estimate:
    return judge(rules, {"abnormal_now": False, "declared_sales_12m": sales, "penalties_total": penalties})


@settings(max_examples=150, deadline=None)
@given(rules(), AMOUNTS, AMOUNTS, COUNTS, COUNTS)
def test_more_sales_and_fewer_penalties_never_come_to_less_and_nothing_goes_beyond_the_ceiling(
    rules: Rules, sales: Decimal, others: Decimal, penalties: Decimal, fewer: Decimal
) -> None:
    worse = at(rules, min(sales, others), max(penalties, fewer))
    better = at(rules, max(sales, others), min(penalties, fewer))
    assert ORDER.index(better.decision) >= ORDER.index(worse.decision)
    assert better.amount >= worse.amount
    assert better == at(rules, max(sales, others), min(penalties, fewer))
    for one in (worse, better):
        ceiling = Decimal(0) if one.grade is None else one.grade.ceiling or Decimal(0)
        assert 0 <= one.amount <= ceiling
        assert (one.amount > 0) == (one.decision is Decision.ESTIMATED)
    unknown = at(rules, Blank.UNKNOWN, min(penalties, fewer))
    assert (unknown.decision, unknown.amount) == (Decision.NOT_ADMITTED, Decimal(0))


@given(AMOUNTS, st.integers(0, 9_999_999), st.integers(0, 9_999_999))
def test_two_values_of_one_band_are_one_value_to_any_rules_so_that_changing_them_teaches_no_more(
    low: Decimal, first: int, second: int
) -> None:
    indicator = known()["declared_sales_12m"]
    values = [low + Decimal(fen) / 100 for fen in (first, second)]
    one, other = (judged_by(indicator, Reading("declared_sales_12m", State.SEEN, value)) for value in values)
    assert one == other == low


def test_the_banks_own_cases_come_out() -> None:
    assert rule_sets.checked(RULES).title == "小微快贷预授信"


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("penalties_total: {unknown: worst}", "penalties_total: {unknown: worst, empty: best}", "不写 empty"),
        ("at_least: 300000", "at_least: 350000", "整数倍"),
        ("at_least: 300000", "below: 300000", "方向反了"),
        ("is: false", "at_least: 1", "是否用 is"),
        ("{from: 1, points: 10}", "{from: 1, points: 40}", "忽高忽低"),
        ("percent: 10}", "percent: 40}", "比例不能比好一级的高"),
        ("of: [declared_sales_12m]", "of: [penalties_total]", "越大越好的金额"),
        ("amount: 360000", "amount: 370000", "应为 370000，得到 360000"),
        ("  penalties_total: {unknown: worst}\n", "", "reads 里没有写"),
        ("abnormal_now: {unknown: refer}", "abnormal_today: {unknown: refer}", "目录里没有 abnormal_today"),
        ("title: 优,", "title: 优, bonus: 5,", "不认识这个词"),
    ],
    ids=range(11),
)
def test_what_is_wrong_with_rules_is_named_with_its_line(said: str, instead: str, fault: str) -> None:
    text = RULES.replace(said, instead, 1)
    assert text != RULES
    with pytest.raises(RulesFaulty) as refused:
        rule_sets.checked(text)
    assert fault in str(refused.value.detail)
    assert all(one.line > 0 for one in refused.value.mistakes)
