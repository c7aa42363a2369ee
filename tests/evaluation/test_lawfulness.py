"""What a model may not read, and what it may not hold against anybody."""

from typing import Any

import pytest

from tests.evaluation import builders
from xinqiao.catalogue import City
from xinqiao.evaluation import binding

BREACH_FREE = {"otherwise": "attention"}


def faults(written: dict[str, Any], city: City | None = None) -> list[str]:
    return [message for _, message in binding.faults(builders.said(written), city or builders.a_city())]


def with_item(**changes: Any) -> City:
    return builders.a_city(builders.an_item(**changes))


def one(**changes: Any) -> dict[str, Any]:
    return builders.a_model({"matters": builders.an_indicator(**changes)})


def test_a_lawful_model_has_no_faults() -> None:
    assert faults(builders.a_model()) == []


def test_market_information_cannot_enter_the_public_grade() -> None:
    assert any("市场信用信息" in message for message in faults(builders.a_model(), with_item(nature="market")))


@pytest.mark.parametrize("classed", ["authorised", "secret"])
def test_items_that_need_authorisation_cannot_enter(classed: str) -> None:
    city = with_item(sharing={"mode": "physical", "classed": classed})
    assert any("不是公开公示或政务共享" in message for message in faults(builders.a_model(), city))


def test_a_secret_field_of_an_open_item_cannot_enter() -> None:
    written = one(where=[{"field": "account", "filled": "true"}])
    assert any("要授权才能查询" in message for message in faults(written))


def test_data_on_persons_cannot_be_named() -> None:
    written = one(where=[{"field": "person", "filled": "true"}])
    assert any("个人信息" in message for message in faults(written))


def test_utilities_arrears_cannot_enter_even_if_somebody_calls_them_public() -> None:
    city = with_item(sources=["grid"])
    utility = city.sources["market_regulation"].model_copy(update={"source": "grid", "kind": "utility"})
    from dataclasses import replace

    assert any("第二十七条" in m for m in faults(builders.a_model(), replace(city, sources={"grid": utility})))


def test_only_what_section_20_calls_breach_may_cost_points() -> None:
    assert any("第二十条" in message for message in faults(one(nature="attention")))
    assert any("第二十条" in message for message in faults(one(nature=None)))


def test_an_item_without_breach_cannot_be_asked_for_it() -> None:
    assert any("没有把" in message for message in faults(builders.a_model(), with_item(adverse=BREACH_FREE)))


def test_vetoes_and_caps_rest_on_breach_only() -> None:
    veto = {"reads": "matters", "nature": "attention", "title": "否决", "reason": "否决", "basis": "示例"}
    assert any("一票否决" in message for message in faults(builders.a_model(vetoes={"no": veto})))


def test_breach_counts_for_five_years_at_most_unless_still_listed() -> None:
    assert any("第十九条" in message for message in faults(one(window={"field": "taken_on", "months": "61"})))
    assert any("第十九条" in message for message in faults(one(window={"field": "taken_on", "days": "1827"})))
    listed = one(window=None, where=[{"field": "closed_on", "open": "true"}], dated="taken_on")
    assert faults(listed) == []


def test_a_sources_silence_costs_nobody_points() -> None:
    assert any("没有报送" in message for message in faults(one(silent={"share": "50", "reason": "不详"})))


def test_a_model_reads_only_items_about_its_kind_of_subject() -> None:
    assert any("不适用于" in message for message in faults(builders.a_model(kind="rural_collective")))


def test_an_item_that_is_not_whole_has_nothing_to_read() -> None:
    assert any("尚未完整" in message for message in faults(builders.a_model(), with_item(whole=False)))


def test_unknown_items_and_fields_are_named() -> None:
    assert any("没有数据项 nothing" in message for message in faults(one(reads="nothing")))
    assert any("没有信息项 nothing" in m for m in faults(one(where=[{"field": "nothing", "filled": "true"}])))
