"""What pages say in the city's own words has its English in the city's files."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from tests.catalogue.builders import the_city
from xinqiao import catalogue
from xinqiao.catalogue import english
from xinqiao.evaluation import explaining, model_files
from xinqiao.evaluation.explaining import Counted, Outcome
from xinqiao.evaluation.language import Bound, texts
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.parties import purposes

HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
BOUNDS = [file.bound for file in model_files.load(the_city()).values()]


def test_titles_reasons_units_and_code_values_are_said_in_english() -> None:
    assert english.untranslated(english.texts(the_city()), the_city().english) == []


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.model.model)
def test_everything_a_model_may_say_is_said_in_english(bound: Bound) -> None:
    assert english.untranslated(texts(bound), the_city().english) == []


def test_what_an_institution_will_do_with_it_is_said_in_english() -> None:
    said_of_purposes = [text for one in purposes.purposes().values() for text in (one.title, one.sentence)]
    assert english.untranslated(said_of_purposes, the_city().english) == []


def test_english_speaks_no_chinese_but_names_of_laws_and_words_it_explains() -> None:
    explained = re.compile(r"\([\u3400-\u9fff]+\)|万元|名特优新")
    for told in the_city().english.values():
        assert not HAN.search(explained.sub("", told)), told


def test_english_leaves_nothing_out_that_a_reason_says() -> None:
    for chinese, told in the_city().english.items():
        assert set(re.findall(r"\{(\w+)\}", chinese)) <= set(re.findall(r"\{(\w+)", told)), chinese


def test_a_text_that_was_changed_has_no_english_until_somebody_looks_again(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(the_city().folder, folder)
    item = folder / "items" / "tax_declared_sales.yml"
    item.write_text(
        item.read_text("utf-8").replace("免税销售收入不能大于销售收入", "免税销售收入应在销售收入之内"), "utf-8"
    )
    assert catalogue.check(folder).untranslated == ("免税销售收入应在销售收入之内",)


def test_two_translations_of_one_text_and_a_place_it_does_not_have_are_mistakes(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(the_city().folder, folder)
    (folder / "english" / "zz.yml").write_text(
        "english:\n  罚款合计: Penalties\n  从前的话: Once said on {date}\n", "utf-8"
    )
    assert [(m.file, m.line) for m in catalogue.check(folder).mistakes] == [
        ("english/zz.yml", 2),
        ("english/zz.yml", 3),
    ]


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.model.model)
def test_every_reason_a_model_may_give_is_an_english_sentence(bound: Bound) -> None:
    """Each step of each indicator in turn, and every limit, as it was worked out from a frozen model."""
    for bin_ in range(max(len(one.steps) for one in bound.model.indicators.values())):
        outcome = _everything_found(bound, bin_)
        told = explaining.explain(bound, outcome, date(2026, 7, 15))
        reasons = [*told.reasons, *(one.reason for part in told.parts for one in part.indicators)]
        shown = [one.shown for part in told.parts for one in part.indicators]
        with translation.override("en"):
            for reason in (*reasons, *shown):
                assert isinstance(reason, Saying)
                assert not HAN.search(re.sub(r"\([\u3400-\u9fff]+\)", "", said(reason))), said(reason)


def _everything_found(bound: Bound, bin_: int) -> Outcome:
    """Facts behind every selection, one of them disputed."""
    counted = {
        name: Counted(2, _value(bound, name), 20_000, _step(bound, name, bin_), 0, (FactId(1), FactId(2)))
        for (_, name), _ in bound.model.selections()
    }
    return Outcome(0, 0, 500, 500, counted, frozenset({1}))


def _step(bound: Bound, name: str, bin_: int) -> int:
    indicator = bound.model.indicators.get(name)
    return min(bin_, len(indicator.steps) - 1) if indicator else 0


def _value(bound: Bound, name: str) -> int | str:
    """A code where the newest value is taken, else a number as the engine counts."""
    indicator = bound.model.indicators.get(name)
    if indicator is None or indicator.measure.take != "latest":
        return 250
    return next(iter(bound.field(indicator.reads, indicator.measure.field).titles))
