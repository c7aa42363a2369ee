"""A sentence is Chinese text that knows how it was made, so that it can be made again in another language."""

import copy

from xinqiao.kernel.sayings import Saying, recalled, spoken, with_unit

ENGLISH = {
    "第{line}行{what}": "line {line} {what}",
    "必填": "is required",
    "有{n}行": "{n} {n:row|rows}",
    "{wan} 万元": "{yuan} yuan",
    "条": "{n:entry|entries}",
    "、": ", ",
    "缺少{titles}": "{titles} are missing",
    "甲": "A",
}
words = ENGLISH.get


def test_it_is_the_chinese_sentence() -> None:
    assert Saying("第{line}行{what}", line=3, what=Saying("必填")) == "第3行必填"


def test_it_can_be_said_in_other_words_with_everything_in_it() -> None:
    assert Saying("第{line}行{what}", line=3, what=Saying("必填")).spoken(words) == "line 3 is required"


def test_a_translation_knows_one_from_many() -> None:
    assert [Saying("有{n}行", n=n).spoken(words) for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


def test_a_list_is_joined_as_each_language_joins() -> None:
    told = Saying("缺少{titles}", titles=[Saying("甲"), "B"])
    assert told == "缺少甲、B"
    assert told.spoken(words) == "A, B are missing"


def test_an_amount_may_be_said_in_another_unit() -> None:
    assert Saying("{wan} 万元", wan="1.5", yuan="15,000").spoken(words) == "15,000 yuan"


def test_half_of_one_is_one_and_one_and_a_half_are_many() -> None:
    assert with_unit("0.5", 1, "条").spoken(words) == "0.5 entry"
    assert with_unit("1.5", 2, "条").spoken(words) == "1.5 entries"


def test_without_words_for_it_all_of_it_stays_chinese() -> None:
    assert Saying("某{what}", what=Saying("必填")).spoken(words) == "某必填"


def test_what_is_kept_is_said_again_and_read_in_a_language_it_had_no_words_in_then() -> None:
    told = Saying("第{line}行{what}", line=3, what=[Saying("必填"), "B"])
    again = recalled(str(told), told.kept())
    assert again == told
    assert again.spoken(words) == "line 3 is required, B"
    assert recalled("必填", Saying("必填").kept()).spoken(words) == "is required"


def test_a_plain_text_is_looked_up_whole() -> None:
    assert spoken("必填", words) == "is required"
    assert spoken("{不是空格}", words) == "{不是空格}"


def test_a_text_is_filled_by_another_saying() -> None:
    assert Saying(Saying("有{n}行"), n=2).spoken(words) == "2 rows"


def test_a_copy_is_the_same() -> None:
    told = Saying("有{n}行", n=2)
    assert copy.deepcopy([told])[0].spoken(words) == "2 rows"
