"""A business is found by any part of its name, old or new, and by the beginning of its code."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.subjects.builders import a_code, all_pages, found, introduced, said

pytestmark = pytest.mark.usefixtures("city_db")
NAMES = ["鲁山县尧山农产品有限公司", "尧山旅社", "平顶山市尧山汝瓷有限公司", "叶县昆阳饭店", "昆阳百分百%超市_店"]


def test_part_of_a_name_is_enough_and_names_that_begin_with_it_come_first() -> None:
    introduced(*(said(n, name) for n, name in enumerate(NAMES)))
    assert found("尧山") == ["尧山旅社", "鲁山县尧山农产品有限公司", "平顶山市尧山汝瓷有限公司"]
    assert found("瓷") == ["平顶山市尧山汝瓷有限公司"]
    assert found("山尧") == []


def test_the_beginning_of_a_code_is_enough_in_either_case() -> None:
    introduced(said(1, "甲店"), said(2, "乙店"))
    assert found(str(a_code(1))[:16].lower()) == ["甲店"]
    assert found(str(a_code(2))) == ["乙店"]


def test_percent_and_underscore_are_characters_like_others() -> None:
    introduced(*(said(n, name) for n, name in enumerate(NAMES)))
    assert found("%") == ["昆阳百分百%超市_店"]
    assert found("百%超") == ["昆阳百分百%超市_店"]
    assert found("\\") == []


def test_a_term_typed_in_another_width_or_with_blanks_finds_the_name_as_it_is_registered() -> None:
    introduced(
        *(said(n, name) for n, name in enumerate(("叶县昆阳饭店（个体工商户）", "平顶山ABC商贸有限公司", "大河 之南")))
    )
    assert found("饭店(个体") == ["叶县昆阳饭店（个体工商户）"]
    assert found("ＡＢＣ商贸") == ["平顶山ABC商贸有限公司"]
    assert found("昆阳 饭店") == found("昆阳\u3000饭店") == ["叶县昆阳饭店（个体工商户）"]
    assert found("河 之") == ["大河 之南"]
    assert found(str(a_code(1)).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHJKLMNPQRTUWXY"})) == [
        "平顶山ABC商贸有限公司"
    ]


@pytest.mark.parametrize(
    "term", ["", " ", "\u3000", "\0", "\0\0昆阳\0", "%", "_", "\\", "'", '"', "\ufffd", "𠮷", "x" * 5_000]
)
def test_whatever_is_typed_is_answered(term: str) -> None:
    introduced(said(1, "叶县昆阳饭店"))
    assert found(term) in ([], ["叶县昆阳饭店"])


def test_pages_of_a_term_in_another_width_follow_each_other() -> None:
    introduced(*(said(n, f"尧山第{n}店（个体工商户）") for n in range(23)))
    assert len(set(all_pages("店(个体", limit=10))) == 23


def test_every_business_is_on_one_page_and_on_one_only() -> None:
    introduced(*(said(n, f"{'尧山' if n % 3 == 0 else '鲁山尧山'}第{n}有限公司") for n in range(47)))
    names = all_pages("尧山", limit=10)
    assert len(names) == len(set(names)) == 47
    assert all(name.startswith("尧山") for name in names[:16])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.data())
def test_a_search_finds_just_what_a_reader_would(data: st.DataObject) -> None:
    introduced(*(said(n, name) for n, name in enumerate(NAMES)))
    name = data.draw(st.sampled_from(NAMES))
    start = data.draw(st.integers(0, len(name) - 1))
    term = name[start : start + data.draw(st.integers(1, 4))]
    assert sorted(found(term)) == sorted(n for n in NAMES if term in n)
