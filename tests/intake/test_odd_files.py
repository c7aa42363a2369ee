"""Files as offices really send them: read rightly, or refused in words a clerk can act on without calling anybody."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.intake.builders import a_code, a_row, an_item, csv_of
from xinqiao import catalogue
from xinqiao.intake import gate
from xinqiao.intake.errors import BrokenEncoding, HeaderUnknown, OldLineEnds, Unreadable
from xinqiao.intake.gate import Sifted
from xinqiao.intake.rules.compiling import compile_item

ITEM = "tax_arrears"
ROWS = [a_row(ITEM, uscc=a_code(n)) for n in range(1, 4)]
HEADER = [an_item(ITEM).fields[name].title for name in ROWS[0]]
TITLES = dict(zip(ROWS[0], HEADER, strict=True))
CODE = list(ROWS[0]).index("uscc")
NAME = list(ROWS[0]).index("subject_name")
SENT = csv_of(ROWS, titles=TITLES).decode()


def sifted(folder: Path, content: bytes) -> Sifted:
    """Through the gate; nothing may be lost on the way."""
    path = folder / "sent"
    path.write_bytes(content)
    city = catalogue.city()
    found = gate.sift(path, compile_item(city.item(ITEM), city, on=date(2026, 7, 15)), folder)
    assert found.delivered == accepted(found) + found.rejected.rows
    return found


def accepted(found: Sifted) -> int:
    return sum(frame.height for frame in found.accepted())


def sayings(found: Sifted) -> str:
    return "；".join(say for frame in (found.told, *found.findings.frames()) for say in frame["saying"])


def refused(folder: Path, content: bytes, kind: type[Unreadable]) -> str:
    with pytest.raises(kind) as told:
        sifted(folder, content)
    return told.value.detail


def a_book(change: Callable[[Worksheet], object] = lambda _: None, **options: object) -> bytes:
    """The three good rows as text, and what was done to the sheet afterwards."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(ROWS, 1):
            for column, cell in enumerate(row.values()):
                sheet.write_string(number, column, cell)
        change(sheet)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        SENT.encode("utf-8-sig"),
        SENT.encode("gb18030"),
        SENT.encode("utf-16"),
        SENT.replace("\r\n", "\n", 2).encode(),
        SENT.replace(",", "\t").encode(),
        SENT.replace(",", ";").encode(),
        SENT.encode() + ("," * (len(HEADER) - 1) + "\r\n").encode() * 500 + b"\r\n\r\n",
        a_book(),
        a_book(lambda sheet: sheet.set_row(2, None, None, {"hidden": True})),
        a_book(lambda sheet: sheet.write_comment(1, 0, "批注")),
        a_book(lambda sheet: sheet.write_formula(1, CODE, '="x"', None, ROWS[0]["uscc"])),
        a_book(lambda sheet: [sheet.write_blank(n, 0, None, None) for n in range(4, 3_000)]),
    ],
)
def test_what_looks_odd_and_is_right_is_taken_in_whole(tmp_path: Path, content: bytes) -> None:
    found = sifted(tmp_path, content)
    assert (found.delivered, accepted(found)) == (3, 3), sayings(found)


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_day_is_the_same_day_whichever_year_the_workbook_counts_from(tmp_path: Path, since_1904: bool) -> None:
    place = list(ROWS[0]).index("notice_on")
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, list(ROWS[0].values()))
        sheet.write_datetime(1, place, datetime(2026, 7, 10), book.add_format({"num_format": "yyyy/m/d"}))  # noqa: DTZ001 — cells know no zone
    found = sifted(tmp_path, made.getvalue())
    assert [day for frame in found.accepted() for day in frame["notice_on"]] == [date(2026, 7, 10)]


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet.write_number(1, CODE, 914104020000000123),
        lambda sheet: sheet.write_string(1, CODE, "9.14E+17"),
        lambda sheet: sheet.write_string(1, CODE, "914104020000000000"),
        lambda sheet: sheet.write_string(1, NAME, "4.10402E+17"),
    ],
)
def test_a_code_that_a_spreadsheet_took_for_a_number_is_said_to_be_that(
    tmp_path: Path, change: Callable[[Worksheet], object]
) -> None:
    """The lost digits are made up by nobody, and the clerk is not sent looking for a slip that is not there."""
    found = sifted(tmp_path, a_book(change))
    assert (accepted(found), found.rejected.rows) == (2, 1)
    assert "被表格软件当成了数字" in sayings(found)
    assert "“文本”" in sayings(found)


def test_a_real_slip_in_a_code_is_not_laid_at_the_spreadsheets_door(tmp_path: Path) -> None:
    found = sifted(tmp_path, SENT.replace(ROWS[0]["uscc"], "91410402MA40TE5TXG").encode())
    assert "校验位不对" in sayings(found)
    assert "表格软件" not in sayings(found)


@pytest.mark.parametrize(
    "content",
    [
        ("平顶山市欠税公告" + "," * (len(HEADER) - 1) + "\r\n" + SENT).encode(),
        SENT.partition("\r\n")[2].encode(),
        b"%PDF-1.4\n1 0 obj\n",
        b"<html><table><tr><td>a</td></tr></table></html>",
    ],
)
def test_a_file_whose_first_row_names_no_field_is_refused_with_what_stands_there(
    tmp_path: Path, content: bytes
) -> None:
    said = refused(tmp_path, content, HeaderUnknown)
    assert "让第一行就是字段名称" in said
    assert "统一社会信用代码" in said


def test_a_mark_of_one_encoding_before_text_in_another_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, b"\xef\xbb\xbf" + SENT.encode("gb18030"), BrokenEncoding)
    assert "标明是UTF-8" in said


def test_two_encodings_in_one_file_are_refused_where_the_second_begins(tmp_path: Path) -> None:
    lines = SENT.encode().split(b"\r\n")
    lines[3] = lines[3].decode().encode("gb18030")
    assert "第4行" in refused(tmp_path, b"\r\n".join(lines), BrokenEncoding)


def test_lone_carriage_returns_are_told_as_what_they_are(tmp_path: Path) -> None:
    assert "旧式换行" in refused(tmp_path, SENT.replace("\r\n", "\r").encode(), OldLineEnds)


def test_a_name_over_two_lines_in_quotes_is_one_name(tmp_path: Path) -> None:
    first = ROWS[0] | {"subject_name": '平顶山市"大河"\n商贸有限公司'}
    found = sifted(tmp_path, csv_of([first, *ROWS[1:]], titles=TITLES))
    assert accepted(found) == 3
    assert next(name for frame in found.accepted() for name in frame["subject_name"]).endswith("商贸有限公司")


def test_rows_on_another_sheet_are_told_and_how_to_bring_them_in(tmp_path: Path) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for title in ("一月", "二月"):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, list(ROWS[0].values()))
    found = sifted(tmp_path, made.getvalue())
    assert found.delivered == 1
    assert "“二月”" in sayings(found)
    assert "合并到第一张表" in sayings(found)


def test_a_field_with_a_form_of_its_own_says_which(tmp_path: Path) -> None:
    found = sifted(tmp_path, SENT.replace(ROWS[0]["taxpayer_id"], "９１４１").encode())
    assert "15至20位半角数字和字母" in sayings(found)
