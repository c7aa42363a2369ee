"""A source gets its own rows back, sees what is wrong, mends it and hands the workbook in again."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.intake.builders import LATER, a_row, businesses, csv_of, judged
from xinqiao.intake import queries, returns
from xinqiao.intake.errors import NothingToReturn
from xinqiao.intake.rules import headers
from xinqiao.intake.rules.states import State

ITEM = "tax_arrears"


def sheet(content: bytes) -> list[list[str]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def test_faulty_rows_come_first_with_their_lines_and_reasons(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, 1, 2)
    good, bad = a_row(ITEM, uscc=codes[0]), a_row(ITEM, uscc=codes[1], arrears_balance="约三万")
    view = judged(ITEM, csv_of([good, bad]), tmp_path)
    header, first, second = sheet(returns.workbook(view.number))
    assert header[:2] == ["原行号", "错误原因"]
    assert first[0] == "3"
    assert "应填以" in first[1]
    assert second[:2] == ["2", ""]
    assert first[2:] == list(bad.values())


def test_the_mended_workbook_is_taken_in_again(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, 1, 2)
    rows = [a_row(ITEM, uscc=codes[0]), a_row(ITEM, uscc=codes[1], arrears_balance="约三万")]
    view = judged(ITEM, csv_of(rows), tmp_path)
    mended = [[cell.replace("约三万", "30000.00") for cell in row] for row in sheet(returns.workbook(view.number))]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for n, row in enumerate(mended):
            for column, text in enumerate(row):
                page.write_string(n, column, text)
        book.add_worksheet("填写说明")
    again = judged(ITEM, out.getvalue(), tmp_path, replaces=view.number, now=LATER)
    assert (again.state, again.delivered, again.accepted) == (State.ACCEPTED, 2, 2)
    assert {r.rule for r in queries.reasons(again.number)} == {"name_differs"}
    assert queries.delivery(view.number).state is State.REPLACED


def test_what_could_run_as_a_formula_stays_text(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    view = judged(ITEM, csv_of([a_row(ITEM, uscc=code, arrears_balance="=1+1")]), tmp_path)
    assert "=1+1" in sheet(returns.workbook(view.number))[1]


def test_rows_the_law_forbids_come_back_without_what_was_in_them(city_db: str, tmp_path: Path) -> None:
    """And nothing of them stands in findings, quarantine or accepted rows."""
    name = "administrative_penalty"
    from xinqiao import catalogue

    case = next(c for c in catalogue.cases_of(catalogue.city(), name) if c.findings == ("uscc:refuse_when",))
    view = judged(name, csv_of([case.row]), tmp_path)
    assert (view.state, view.rejected, view.refused) == (State.RETURNED, 1, 1)
    (found,) = queries.findings(view.number).findings
    assert (found.rule, found.value) == ("refuse_when", None)
    _, row = sheet(returns.workbook(view.number))
    assert row[0] == "2"
    assert "条例" in row[1]
    assert not any(row[2:])


def test_an_accepted_delivery_has_nothing_to_return(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    view = judged(ITEM, csv_of([a_row(ITEM, uscc=code)]), tmp_path)
    with pytest.raises(NothingToReturn):
        returns.workbook(view.number)


def test_a_file_without_a_required_column_goes_back_whole(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    row = a_row(ITEM, uscc=code)
    del row["arrears_balance"]
    view = judged(ITEM, csv_of([row, row]), tmp_path)
    assert (view.state, view.delivered, view.rejected) == (State.RETURNED, 2, 2)
    assert "欠税余额" in view.told
    assert "欠税余额" in sheet(returns.workbook(view.number))[1][1]


def test_an_unknown_column_is_told_and_an_ignored_one_is_not(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    item = "registration_basics"
    row = a_row(item, uscc=code) | {"序号": "1", "经办人手机": "138"}
    view = judged(item, csv_of([row]), tmp_path, mode="changes")
    assert view.state is State.ACCEPTED
    assert [(f.rule, f.value) for f in queries.findings(view.number).findings] == [("unknown_column", "经办人手机")]


def test_a_file_that_cannot_be_read_is_kept_and_judged(city_db: str, tmp_path: Path) -> None:
    view = judged(ITEM, b"a,b\n\0\n", tmp_path)
    assert (view.state, view.delivered) == (State.RETURNED, 0)
    assert "NUL" in view.told
    with pytest.raises(NothingToReturn) as told:
        returns.workbook(view.number)
    assert "NUL" in told.value.detail


def test_our_own_sheet_of_notes_is_known_again(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    view = judged(ITEM, csv_of([a_row(ITEM, uscc=code, arrears_balance="约三万")]), tmp_path)
    book = CalamineWorkbook.from_filelike(io.BytesIO(returns.workbook(view.number)))
    assert book.sheet_names[1] == headers.NOTES_SHEET
