"""The city's own model files, and what is said of bad ones with file and line."""

import shutil
from pathlib import Path

import pytest

from tests.evaluation import builders
from xinqiao import catalogue
from xinqiao.catalogue import City, Mistake
from xinqiao.evaluation import model_files, trying
from xinqiao.evaluation.errors import ModelFaults
from xinqiao.kernel.subject_kinds import SubjectKind

FOLDER = builders.ROOT / "cities" / "pingdingshan"
NAMES = sorted(path.parent.name for path in FOLDER.glob("models/*/model.yml"))


@pytest.fixture(scope="module")
def city() -> City:
    return catalogue.load(FOLDER)


@pytest.fixture
def copied(city: City, tmp_path: Path) -> City:
    """The city with model files of its own to spoil."""
    from dataclasses import replace

    shutil.copytree(FOLDER / "models" / "enterprise", tmp_path / "models" / "enterprise")
    return replace(city, folder=tmp_path)


def spoil(city: City, old: str, new: str, file: str = "model.yml") -> list[Mistake]:
    path = city.folder / "models" / "enterprise" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return model_files.check(city)


def test_every_kind_of_subject_has_its_model(city: City) -> None:
    kinds = [one.bound.model.kind for one in model_files.load(city).values()]
    assert sorted(kinds) == sorted(SubjectKind)


@pytest.mark.parametrize("name", NAMES)
def test_the_models_cases_worked_by_hand_come_out(city: City, name: str) -> None:
    assert trying.differences(city, model_files.load(city)[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_cases_cover_what_the_law_cares_about(city: City, name: str) -> None:
    """No data, a dispute, repair, expiry, a penalty that is not final, a minor one, a veto."""
    cases = model_files.load(city)[name].cases
    rows = [row for case in cases for some in case.given.values() for row in some]
    standings = {row.get("standing", "good") for row in rows}
    assert standings == {"good", "disputed", "repaired", "expired"}
    assert {row["is_final"] for row in rows if "is_final" in row} == {"true", "false"}
    assert "1" in {row.get("severity") for row in rows}
    assert any(not case.given for case in cases)
    assert any(case.expect.limits for case in cases)
    assert any(case.expect.without_disputed for case in cases)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_has_twelve_to_twenty_indicators_under_the_five_parts(city: City, name: str) -> None:
    model = model_files.load(city)[name].bound.model
    assert 12 <= len(model.indicators) <= 20
    titles = [part.title for part in model.parts.values()]
    assert titles == ["遵纪守法", "履约践诺", "资质荣誉", "社会责任", "监管风险"]
    assert model.scale == 1000


def test_a_mistake_is_said_with_its_file_and_line(copied: City) -> None:
    (mistake,) = spoil(copied, "reads: tax_arrears", "reads: tax_rears")
    lines = (FOLDER / "models/enterprise/model.yml").read_text("utf-8").splitlines()
    assert mistake.file == "models/enterprise/model.yml"
    assert mistake.line == 1 + lines.index("    reads: tax_arrears")
    assert "没有数据项 tax_rears" in mistake.message


def test_a_key_written_twice_is_refused(copied: City) -> None:
    assert any("写了两次" in m.message for m in spoil(copied, "scale: 1000", "scale: 1000\nscale: 900"))


def test_a_word_the_language_does_not_know_is_refused(copied: City) -> None:
    assert any("不认识这个词" in m.message for m in spoil(copied, "scale: 1000", "scale: 1000\nformula: a+b"))


def test_a_model_without_cases_does_not_load(copied: City) -> None:
    (copied.folder / "models/enterprise/cases.yml").unlink()
    assert [m.message for m in model_files.check(copied)] == ["缺少这个文件"]
    with pytest.raises(ModelFaults):
        model_files.load(copied)


def test_a_model_with_too_few_cases_does_not_load(copied: City) -> None:
    path = copied.folder / "models/enterprise/cases.yml"
    path.write_text("cases:\n  - {name: 一个, on: 2026-06-30, expect: {grade: A}}\n", "utf-8")
    assert any("案例至少要" in m.message for m in model_files.check(copied))


def test_a_case_about_nothing_in_the_model_is_refused(copied: City) -> None:
    mistakes = spoil(copied, "points: {registered_days: 40", "points: {registered_ways: 40", "cases.yml")
    assert [m.message for m in mistakes] == ["模型里没有 registered_ways"]


def test_a_case_that_does_not_come_out_is_named(copied: City) -> None:
    assert spoil(copied, "score: 802  #", "score: 803  #", "cases.yml") == []
    (difference,) = trying.differences(copied, model_files.load(copied)["enterprise"])
    assert (difference.about, difference.expected, difference.found) == ("得分", 803, 802)
