"""A model whose steps leave something out, or whose points do not add up, does not load."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.evaluation import builders
from xinqiao.evaluation import binding

TWO = {"up_to": "1", "share": "50", "reason": "x"}
LAST = {"share": "0", "reason": "x"}
FIFTY = [{"since": "2026-01-01", "points": "50", "set_by": "x"}]
CODE = {"is_in": ["-999"], "share": "20", "reason": "不适用"}
IN_POINTS = {
    "none": {"points": "30", "reason": "x"},
    "silent": {"points": "30", "reason": "x"},
    "steps": [{"up_to": "1", "points": "17", "reason": "x"}, {"points": "0", "reason": "x"}],
    "weight": [{"since": "2026-01-01", "points": "30", "set_by": "x"}],
}
BACKWARDS = [{"up_to_days": "30", "percent": "50"}, {"up_to_days": "20", "percent": "40"}]


def faults(written: dict[str, Any]) -> list[str]:
    return [message for _, message in binding.faults(builders.said(written), builders.a_city())]


def one(**changes: Any) -> dict[str, Any]:
    return builders.a_model({"matters": builders.an_indicator(**changes)})


@pytest.mark.parametrize(
    ("changes", "saying"),
    [
        ({"steps": [TWO, {"up_to": "3", "share": "0", "reason": "x"}]}, "最后一档不写界限"),
        ({"steps": [{"up_to": "3", "share": "50", "reason": "x"}, TWO, LAST]}, "依次增大"),
        ({"steps": [{"share": "50", "reason": "x"}, LAST]}, "应写 up_to"),
        ({"steps": [TWO, {"up_to": "2", "share": "80", "reason": "x"}, LAST]}, "一路上升或一路下降"),
        ({"steps": [{"up_to": "1.5", "share": "50", "reason": "x"}, LAST]}, "这里的值是整数"),
        ({"steps": [TWO | {"share": "33"}, LAST], "weight": FIFTY}, "整分"),
        ({"part": "elsewhere"}, "没有 elsewhere 下的"),
        ({"window": {"field": "taken_on", "days": "1", "months": "1"}}, "days 或 months"),
        ({"window": {"field": "grade", "days": "1"}}, "日期"),
        ({"where": [{"field": "grade", "at_least": "1"}]}, "整数或金额"),
        ({"where": [{"field": "proven", "is_in": ["yes"]}]}, "true 或 false"),
        ({"where": [{"field": "grade"}]}, "条件没有内容"),
        ({"measure": {"take": "sum", "field": "grade"}}, "整数或金额"),
        ({"measure": {"take": "latest", "field": "amount", "by": "taken_on"}}, "代码或文字"),
        ({"measure": {"take": "days_left", "field": "size"}}, "日期"),
        ({"measure": {"take": "count", "fading": BACKWARDS}}, "依次增加"),
        ({"none": {"share": "100", "reason": "没有 {value}"}}, "没有值和日期可填"),
        ({"steps": [{"share": "0", "reason": "有 {name}"}]}, "不能用 {name}"),
        ({"weight": [{"since": "2026-02-01", "points": "100", "set_by": "x"}]}, "不晚于模型生效日"),
        ({"steps": [TWO, CODE, LAST]}, "应写 up_to"),
        ({"steps": [CODE, CODE, TWO, LAST]}, "-999 出现在两档里"),
        ({"steps": [CODE | {"is_in": ["never"]}, TWO, LAST]}, "不是这个指标的值能有的数"),
        ({"steps": [CODE | {"up_to": "3"}, TWO, LAST]}, "只写 is_in"),
        (IN_POINTS | {"weight": [{"since": "2026-01-01", "points": "31", "set_by": "x"}]}, "等于其中最高的一档"),
        (IN_POINTS | {"none": {"share": "100", "reason": "x"}}, "都写 share，要么都写 points"),
        (IN_POINTS | {"steps": [{"points": "31", "reason": "x"}]}, "失信信息不能比没有记录时得分高"),
    ],
)  # fmt: skip
def test_a_badly_made_indicator_is_refused_with_a_reason(changes: dict[str, Any], saying: str) -> None:
    assert any(saying in message for message in faults(one(**changes)))


@pytest.mark.parametrize("worth", [{}, {"share": "50", "points": "17"}, {"points": "-1"}])
def test_a_step_is_worth_a_share_or_points(worth: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        builders.said(one(steps=[{"reason": "x"} | worth]))


def test_a_card_in_points_with_codes_among_its_numbers_is_well_made() -> None:
    steps = [{"is_in": ["-999", "0"], "points": "30", "reason": "不适用"}, *IN_POINTS["steps"]]
    assert faults(one(**IN_POINTS | {"steps": steps})) == []


def test_points_and_base_make_the_scale_on_every_day_weights_change() -> None:
    weight = [
        {"since": "2026-01-01", "points": "100", "set_by": "甲"},
        {"since": "2027-01-01", "points": "120", "set_by": "乙"},
    ]
    assert any("2027-01-01 起" in message for message in faults(one(weight=weight)))


def test_grades_leave_no_score_without_a_grade() -> None:
    bands = builders.a_model()["grades"]
    assert any("从 0 分起" in message for message in faults(builders.a_model(grades=bands[:-1])))
    assert any("从好到差" in message for message in faults(builders.a_model(grades=bands[::-1])))


def test_a_code_that_is_not_on_its_list_is_refused() -> None:
    from dataclasses import replace

    from xinqiao.catalogue.schema import CodeList

    listed = CodeList.model_validate({"list": "matter_grade", "title": "程度", "values": {"a": {"title": "轻"}}})
    city = replace(builders.a_city(), codes={"matter_grade": listed})
    model = builders.said(one(where=[{"field": "grade", "is_in": ["b"]}]))
    assert any("代码表“程度”里没有 b" in message for _, message in binding.faults(model, city))


@pytest.mark.parametrize("word", ["formula", "sql", "expression"])
def test_the_language_has_no_word_for_a_program(word: str) -> None:
    with pytest.raises(ValidationError):
        builders.said(one(**{word: "1 + 1"}))


def test_names_are_used_once_over_the_whole_model() -> None:
    veto: dict[str, Any] = {"reads": "matters", "nature": "breach", "title": "否决", "reason": "否决", "basis": "示例"}
    veto |= {"window": {"field": "taken_on", "months": "12"}}
    assert any("用了两次" in message for message in faults(builders.a_model(vetoes={"matters": veto})))
