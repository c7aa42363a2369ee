"""A grade says why, in sentences a shopkeeper can read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluation import builders
from tests.evaluation.builders import usual
from tests.evaluation.by_hand import Row
from xinqiao.evaluation import explaining, outcomes
from xinqiao.evaluation.explaining import Explained, Outcome, explain
from xinqiao.evaluation.scoring import Scored, score
from xinqiao.evaluation.views import Seen, State
from xinqiao.kernel.ids import SubjectId


def scored(*rows: Row, silent: tuple[str, ...] = (), model: Any = None, on: date = builders.ON) -> Scored:
    model = model or usual()
    (one,) = score(model, [SubjectId(1)], builders.knowing(model.bound, *rows, silent=silent, on=on))
    return one


def told(*rows: Row, model: Any = None, silent: tuple[str, ...] = ()) -> Explained:
    model = model or usual()
    return explain(model.bound, scored(*rows, model=model, silent=silent).outcome, builders.ON)


def test_a_loss_is_said_with_value_date_and_points() -> None:
    found = told(builders.a_row(7, taken_on=date(2026, 3, 1)))
    assert found.reasons[0] == "有 1 件，最近一次 2026-03-01，减 50 分"
    (indicator,) = found.parts[0].indicators
    assert (indicator.value, indicator.shown, indicator.points, indicator.max_points) == (1, "1 件", 50, 100)
    assert (indicator.facts, indicator.dated, indicator.seen) == ((7,), date(2026, 3, 1), Seen.SEEN)


def test_a_disputed_fact_counts_is_marked_and_the_grade_is_told_without_it() -> None:
    one = scored(builders.a_row(1), builders.a_row(2, standing="disputed"))
    assert one.outcome.points == 900
    assert one.without is not None
    assert one.without.points == 950
    found = explain(usual().bound, one.outcome, builders.ON)
    assert found.parts[0].indicators[0].disputed == (2,)
    assert "其中有异议处理中的信息" in found.reasons[0]


def test_without_a_dispute_there_is_no_second_grade() -> None:
    assert scored(builders.a_row(1), builders.a_row(2, standing="repaired")).without is None


def test_a_disputed_fact_that_does_not_count_changes_nothing_to_tell() -> None:
    assert scored(builders.a_row(1), builders.a_row(2, standing="disputed", proven=False)).without is None


@pytest.mark.parametrize("standing", ["repaired", "expired"])
def test_repaired_and_expired_facts_are_not_read(standing: str) -> None:
    assert scored(builders.a_row(1, standing=standing)).outcome.counted["matters"].count == 0


def test_a_row_of_a_class_that_needs_authorisation_is_not_read() -> None:
    assert scored(builders.a_row(1, grade="x")).outcome.counted["matters"].count == 0


def test_nothing_on_a_subject_is_no_loss_and_a_silent_source_is_said_to_be_missing() -> None:
    nothing, silence = told(), told(silent=("matters",))
    assert nothing.parts[0].points == silence.parts[0].points == 100
    assert nothing.missing == ()
    assert [(one.indicator, one.seen, one.reason) for one in silence.missing] == [
        ("matters", Seen.SILENT, "事项尚未归集")
    ]


def test_what_fades_is_said_in_matters_not_in_hundredths_of_them() -> None:
    fading = [{"up_to_days": "365", "percent": "100"}, {"up_to_days": "1095", "percent": "45"}]
    older = builders.an_indicator(
        window={"field": "taken_on", "days": "1095"}, measure={"take": "count", "fading": fading}
    )
    model = builders.ready(builders.a_model({"matters": older}))
    found = told(
        builders.a_row(1, taken_on=date(2026, 3, 1)), builders.a_row(2, taken_on=date(2024, 3, 1)), model=model
    )
    (indicator,) = found.parts[0].indicators
    assert (indicator.value, indicator.shown) == (Decimal("1.45"), "1.45 件")


def test_a_thin_file_is_a_class_of_its_own_and_has_no_score() -> None:
    verdict = told().verdict
    assert (verdict.state, verdict.grade, verdict.title, verdict.score) == (State.THIN, "—", "数据不足", None)


def test_attention_is_said_and_costs_nothing() -> None:
    noted = builders.an_indicator(
        nature="attention",
        weight=[{"since": "2026-01-01", "points": "0", "set_by": "示例"}],
        steps=[{"share": "100", "reason": "有 {value}关注事项"}],
    )
    model = builders.ready(builders.a_model({"matters": builders.an_indicator(), "noted": noted}))
    found = told(builders.a_row(1, proven=False), model=model)
    assert "有 1 件关注事项，属于关注信息，不影响得分" in found.reasons
    assert found.verdict.score == 1000


def test_a_veto_holds_the_score_under_the_top_of_its_grade() -> None:
    veto = {
        "reads": "matters",
        "nature": "breach",
        "window": {"field": "taken_on", "months": "12"},
        "title": "否决",
        "reason": "{date} 有重大事项",
        "basis": "示例",
    }
    model = builders.ready(builders.a_model(vetoes={"heavy": veto}))
    one = scored(builders.a_row(1), model=model)
    found = explain(model.bound, one.outcome, builders.ON)
    assert (found.verdict.grade, found.verdict.score, one.outcome.points) == ("D", 799, 950)
    assert found.reasons[0] == "2026-01-01 有重大事项，等级最高为 D"
    assert (found.limits[0].name, found.limits[0].facts, found.limits[0].basis) == ("heavy", (1,), "示例")


def test_money_and_long_times_are_said_as_people_say_them() -> None:
    assert explaining.money(Decimal("42000.00")) == "4.2 万元"
    assert explaining.money(Decimal("9999.99")) == "9,999.99 元"
    assert explaining.money(Decimal("12345678.90")) == "1,234.57 万元"
    assert explaining.days(45) == "45 天"
    assert explaining.days(911) == "2 年多"


ROWS = st.lists(
    st.builds(
        builders.a_row,
        st.integers(1, 50),
        standing=st.sampled_from(["good", "disputed", "repaired", "expired"]),
        grade=st.sampled_from(["a", "b", "x", None]),
        proven=st.sampled_from([True, False, None]),
        taken_on=st.dates(date(2022, 1, 1), date(2027, 1, 1)) | st.none(),
    ),
    max_size=6,
    unique_by=lambda row: row.fact_id,
)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_an_outcome_reads_back_as_it_was_packed(rows: list[Row]) -> None:
    import json

    outcome: Outcome = scored(*rows).outcome
    kept = json.loads(outcomes.packed(usual().bound, outcome))
    again = outcomes.unpacked(
        usual().bound, kept, state=outcome.state, rank=outcome.rank, score=outcome.score, points=outcome.points
    )
    assert again == outcome
    assert explain(usual().bound, again, builders.ON) == explain(usual().bound, outcome, builders.ON)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_the_parts_and_the_base_add_up_to_the_points_and_every_fact_is_one_that_counted(rows: list[Row]) -> None:
    outcome = scored(*rows).outcome
    found = explain(usual().bound, outcome, builders.ON)
    assert usual().bound.model.base + sum(part.points for part in found.parts) == outcome.points
    used = {fact for part in found.parts for one in part.indicators for fact in one.facts}
    assert used <= {row.fact_id for row in rows if row.standing in ("good", "disputed")}
