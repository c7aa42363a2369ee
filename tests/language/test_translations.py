"""Chinese is complete because it is the source; English is complete because this asks."""

import gettext
import io
import re

import pytest
from django.utils import translation

from xinqiao.kernel.sayings import Saying
from xinqiao.language import said, translations

PLACE = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def known() -> dict[translations.Text, list[str]]:
    return translations.read_po(translations.PO.read_text(encoding="utf-8"))


def test_every_text_of_the_pages_and_everything_a_domain_says_is_said_in_english(
    known: dict[translations.Text, list[str]],
) -> None:
    missing = [text.singular for text in translations.texts() if not all(known.get(text, [""]))]
    assert not missing, "run `python -m xinqiao.language.translations` and fill in the .po"


def test_refusals_findings_reasons_and_names_are_among_what_is_said() -> None:
    sayings = translations.sayings()
    assert {
        "授权已撤回",  # the title of a refusal
        "协议没有约定：{beyond}",  # its detail
        "“{field}”必填",  # a finding
        "{reason}，减 {n} 分",  # a reason of a grade
        "农民专业合作社",  # a name the program itself gives
        "企业的法定代表人或经办人办好委托以后，这里就会显示企业的信用档案。",  # a refusal of a page
    } <= set(sayings)


def test_a_translation_leaves_no_number_out(known: dict[translations.Text, list[str]]) -> None:
    for text, told in known.items():
        for one in told:
            assert set(PLACE.findall(one)) == set(PLACE.findall(text.singular)), text.singular


def test_a_saying_is_translated_with_what_it_says_and_as_much_of_it(known: dict[translations.Text, list[str]]) -> None:
    for text, values in translations.sayings().items():
        [told] = known[translations.Text(text)]
        assert set(translations.places(told)) <= values, text
        assert len(set(translations.places(told))) == len(set(translations.places(text))), text


def test_english_speaks_no_chinese_but_the_words_it_explains(known: dict[translations.Text, list[str]]) -> None:
    """是, 否 and 万元 stand in files; 全量 and 增量 on the page where they are chosen; 中文 is the way back."""
    explained = re.compile("是|否|万元|全量|增量|中文")
    for told in known.values():
        for one in told:
            assert not re.search("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]", explained.sub("", one)), one


def test_the_compiled_words_are_those_of_the_po(known: dict[translations.Text, list[str]]) -> None:
    compiled = translations.PO.with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled(known)
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled))
    for text, told in known.items():
        if text.plural is None:
            assert catalogue.gettext(text.singular) == told[0]
        else:
            assert [catalogue.ngettext(text.singular, text.plural, n) for n in (1, 2)] == told


def test_a_po_survives_being_written_and_read() -> None:
    known = {
        translations.Text('说"好"\\n 和\n换行'): ['say "yes"\\n and\na new line'],
        translations.Text("%(n)d 行", "%(n)d 行"): ["%(n)d row", "%(n)d rows"],
    }
    assert translations.read_po(translations.write_po(known)) == known


def test_what_was_said_once_keeps_its_english_though_nobody_says_it_any_more() -> None:
    once = translations.Text("从前说过 {n} 次")
    assert translations.merged({once: ["said {n} times"]})[once] == ["said {n} times"]


def test_a_refusal_is_said_in_the_readers_language() -> None:
    assert said("授权已撤回") == "授权已撤回"
    with translation.override("en"):
        assert said("授权已撤回") == "The grant was taken back"


def test_a_sentence_is_said_anew_with_its_numbers_and_the_titles_in_it() -> None:
    told = Saying("与第{line}行重复（{key}相同）", line=7, key=[Saying("主体名称"), Saying("统一社会信用代码")])
    assert told == "与第7行重复（主体名称、统一社会信用代码相同）"
    with translation.override("en"):
        assert said(told) == "Repeats line 7 (the same Name, Unified social credit code)"


def test_what_nobody_translated_stays_as_it_is() -> None:
    with translation.override("en"):
        assert said("平顶山示例银行") == "平顶山示例银行"
        assert said("") == ""
