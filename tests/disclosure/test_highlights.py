"""The three lines on top: the worst thing, the grade, the silence."""

from typing import Any

import pytest

from xinqiao import catalogue
from xinqiao.disclosure.composing import Contents
from xinqiao.disclosure.highlights import highlights
from xinqiao.disclosure.writing import industry_of

NOTHING = Contents({}, [], [], {})
GRADE: dict[str, Any] = {
    "grade": "B",
    "title": "良",
    "score": 742,
    "reasons": ["近一年有 1 条一般行政处罚，减 24 分"],
    "note": "仅供参考",
    "without_disputed": None,
    "before": None,
}


def source(title: str, state: str = "answered", never: tuple[str, ...] = ()) -> dict[str, Any]:
    titles = {"answered": "已回答", "stale": "逾期未更新", "silent": "尚未提供"}
    named = [{"item": name, "title": name} for name in never]
    return {"title": title, "state": state, "state_title": titles[state], "never": named}


def third(*sources: dict[str, Any]) -> dict[str, Any]:
    return highlights(NOTHING, None, sources, catalogue.city())[2]


def second(**grade: Any) -> dict[str, Any]:
    return highlights(NOTHING, GRADE | grade, [], catalogue.city())[1]


def test_silence_is_named_and_is_not_taken_for_good_news() -> None:
    told = third(source("税务局"), source("供电公司", "silent"), source("法院", "stale"))
    assert told["tone"] == "care"
    assert "供电公司（尚未提供）、法院（逾期未更新）" in told["title"]
    assert "其余 1 个来源已回答；没有回答不等于没有信息" in told["detail"]


def test_more_silent_sources_than_can_be_named_are_counted() -> None:
    told = third(*(source(f"单位{n}", "silent") for n in range(5)))
    assert told["title"].endswith("等 5 个")


def test_when_all_have_answered_that_is_said_and_what_never_came_is_too() -> None:
    assert third(source("税务局"))["tone"] == "good"
    told = third(source("税务局", never=("发票明细",)))
    assert told["tone"] == "plain"
    assert "还没有提供过：发票明细" in told["detail"]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ({"grade": "B", "score": 724}, "，比上次高 18 分"),
        ({"grade": "A", "score": 750}, "，比上次低 8 分"),
        ({"grade": "B", "score": 742}, "，与上次相同"),
        ({"grade": "—", "score": None}, ""),
        (None, ""),
    ],
)
def test_the_grade_says_how_it_moved(before: dict[str, Any] | None, said: str) -> None:
    assert second(before=before)["title"] == f"B 良 · 742 分{said}"


def test_a_grade_under_dispute_is_told_both_ways() -> None:
    told = second(without_disputed={"grade": "A", "title": "优", "score": 766})
    assert "剔除后为 A 766 分" in told["detail"]
    assert "仅供参考" in told["detail"]


def test_a_grade_that_is_being_given_anew_is_not_told_meanwhile() -> None:
    told = highlights(NOTHING, None, [], catalogue.city(), renewing=True)[1]
    assert (told["title"], told["tone"]) == ("正在重新评价", "care")


def test_no_grade_and_nothing_adverse_are_said_and_not_left_blank() -> None:
    worst, grade, _ = highlights(NOTHING, None, [], catalogue.city())
    assert worst["tone"] == "plain"
    assert "未授权和没有回答的来源不在其内" in worst["detail"]
    assert grade["title"] == "还没有评价"


def test_an_industry_is_told_by_the_division_its_code_belongs_to() -> None:
    city = catalogue.city()
    assert industry_of("F5212", city) is industry_of("52", city) is city.industries["52"]
    assert industry_of("F", city) is city.industries["F"]
    assert industry_of("", city) is None
