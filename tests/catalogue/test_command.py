"""`xinqiao catalogue` as it is typed."""

import json
from pathlib import Path

import pytest

from tests.catalogue.builders import a_copy, replaced, the_city
from xinqiao.cli.main import main
from xinqiao.intake import cases


@pytest.fixture
def cases_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is about the files alone: to judge all cases of a city takes seconds, and the first test does it."""
    monkeypatch.setattr(cases, "disagreements", lambda *_: ())


def test_a_clean_city_is_said_to_be_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "check"]) == 0
    assert "没有发现错误" in capsys.readouterr().out


@pytest.mark.usefixtures("cases_agree")
def test_mistakes_are_printed_with_file_and_line_and_end_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_copy(tmp_path)
    line = replaced(folder, "items/honour.yml", "family: administration", "family: administracion")
    assert main(["catalogue", "check", "--city", str(folder)]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"items/honour.yml:{line}: 没有名为“administracion”的类别"


@pytest.mark.usefixtures("cases_agree")
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("repairs.yml", "document: doc_no", "document: doc_number", "administrative_penalty 没有这一栏"),
        ("commitments.yml", "to: market_regulation", "to: market", "没有这个提供单位"),
    ],
    ids=["repairs", "commitments"],
)
def test_the_files_rights_read_are_checked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, message: str
) -> None:
    folder = a_copy(tmp_path)
    line = replaced(folder, file, old, new)
    assert main(["catalogue", "check", "--city", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"{file}:{line}: {message}"


@pytest.mark.usefixtures("cases_agree")
def test_machines_get_one_object_with_the_problem_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_copy(tmp_path)
    replaced(folder, "items/honour.yml", "family: administration", "family: administracion")
    assert main(["catalogue", "check", "--city", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["problem"]["type"] == "catalogue-faults"
    assert [m["file"] for m in told["mistakes"]] == ["items/honour.yml"]
    assert len(told["open_lists"]) > 20


def test_an_item_is_shown_with_its_ten_elements(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show", "tax_arrears"]) == 0
    page = capsys.readouterr().out
    for element in "数据代码 提供单位 主体类型 信息性质 共享属性 数据格式 覆盖范围 更新周期 法定依据 信息项".split():  # noqa: SIM905
        assert element in page
    assert "国家税务总局平顶山市税务局" in page


def test_all_items_are_listed_by_family(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show"]) == 0
    listed = capsys.readouterr().out
    assert listed.count("● ") == len(the_city().whole_items()) + 1  # and the line that explains the mark
    assert listed.index("注册登记") < listed.index("司法") < listed.index("公共资源交易")


def test_an_unknown_item_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show", "moon_phase", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problem"]["type"] == "item-unknown"
