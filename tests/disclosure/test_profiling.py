"""画像: words for what is known, none for what is not; and what a word may not say."""

from pathlib import Path
from typing import Any

import pytest

from tests.disclosure.builders import World, a_world
from tests.disclosure.test_indicating import sales
from tests.parties.builders import BANK, NOW
from xinqiao import catalogue
from xinqiao.disclosure.errors import NotAuthorised, NotParty
from xinqiao.disclosure.profiling import ask_profile, own_profile
from xinqiao.evaluation import indicator_files, profiles
from xinqiao.evaluation.indicators import Reading, State
from xinqiao.evaluation.profiles import Trace


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def traces(dimensions: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["indicator"]: one for side in dimensions for one in side["traces"]}


def test_each_side_is_told_in_words_and_what_is_not_granted_is_not_known(world: World, tmp_path: Path) -> None:
    sales(("2026-03", "900000.00"), ("2026-04", "900000.00"), folder=tmp_path)
    asked: dict[str, Any] = {"asker": BANK, "officer": world.officer, "uscc": world.code, "now": NOW}
    told = traces(ask_profile(**asked, purpose="loan_review").report["dimensions"])
    assert told["declared_sales_12m"]["word"]["says"] == "年销售一百万以上"
    assert told["insured_newest"]["word"] is None
    assert told["insured_newest"]["unknown_because"] == "grant-missing"
    assert told["tax_owed_now"]["unknown_because"] == "source-silent"
    with pytest.raises(NotAuthorised):
        ask_profile(**(asked | {"officer": None, "client": "p"}), purpose="post_loan")


def test_a_business_is_shown_its_own_from_all_of_its_file_and_nobody_elses(world: World, tmp_path: Path) -> None:
    sales(("2026-03", "50.00"), folder=tmp_path)
    mine = traces(own_profile(subject_id=world.business, person=world.representative, now=NOW)["dimensions"])
    assert mine["declared_sales_12m"]["word"]["says"] == "年销售不到一百万"
    with pytest.raises(NotParty):
        own_profile(subject_id=world.business, person=world.officer, now=NOW)


def test_a_word_is_chosen_by_the_band_that_is_told() -> None:
    found = indicator_files.load(catalogue.city()).catalogue.indicators["customers_12m"]
    [trace] = [one for one in _traces() if one.indicator == "customers_12m"]
    said = {n: trace.word(found, Reading("customers_12m", State.SEEN, n)) for n in (4, 5, 9, 19, 20, 24)}
    tones = [word.says for word in said.values() if word]
    assert tones == ["近一年客户不到五家", *["近一年客户五家以上"] * 3, *["近一年客户二十家以上"] * 2]
    assert trace.word(found, Reading("customers_12m", State.SILENT, None)) is None


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("customers_12m", [{"at_least": "7", "tone": "good"}, {"tone": "plain"}], "不在 customers_12m 的分档上"),
        ("penalties_12m", [{"at_least": "1", "tone": "good"}, {"tone": "care"}], "越高越不好"),
        ("tax_owed_now", [{"at_least": "1", "tone": "care"}, {"tone": "good"}], "写 is_in"),
        ("registered_days", [{"at_least": "9", "tone": "good"}, {"tone": "plain"}], "要写 none"),
        ("no_such", [{"tone": "plain"}], "没有指标"),
    ],
)
def test_a_profile_whose_words_say_more_or_otherwise_than_the_indicator_is_refused(
    name: str, words: list[dict[str, str]], said: str
) -> None:
    trace = Trace.model_validate({"indicator": name, "words": [{"says": "x", "says_en": "x"} | one for one in words]})
    found = indicator_files.load(catalogue.city()).catalogue
    assert any(said in fault for fault in profiles.faults(trace, found))


def _traces() -> list[Trace]:
    return [trace for one in profiles.load(catalogue.city()).dimensions.values() for trace in one.traces]
