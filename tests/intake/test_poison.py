"""Files made to do harm get a clear refusal, quickly and in little memory."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from xinqiao.intake.errors import (
    BrokenEncoding,
    LineTooLong,
    NulByte,
    TooManyColumns,
    Unreadable,
    UnsafeWorkbook,
    WorkbookTooLarge,
)
from xinqiao.intake.reading import limits, sheet_child
from xinqiao.intake.reading.tables import open_table

SHEET = "xl/worksheets/sheet1.xml"


def opened(folder: Path, content: bytes) -> None:
    path = folder / "sent"
    path.write_bytes(content)
    table = open_table(path, folder, lambda _: False)
    for _ in table.blocks():
        pass


def refused(folder: Path, content: bytes, kind: type[Unreadable]) -> Unreadable:
    with pytest.raises(kind) as told:
        opened(folder, content)
    assert told.value.detail.endswith("。")
    return told.value


def a_workbook(**parts: bytes) -> bytes:
    """A plain workbook, with some of its parts exchanged or added."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write_row(0, 0, ["代码", "名称"])
    given = {name.replace("__", "/"): content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, given.pop(part.filename, old.read(part)))
        for name, content in given.items():
            new.writestr(name, content)
    return out.getvalue()


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed."""
    with zipfile.ZipFile(io.BytesIO(a_workbook())) as book:
        return a_workbook(**{name: change(book.read(name))})


def test_broken_encoding_names_the_first_bad_byte_as_a_person_finds_it(tmp_path: Path) -> None:
    text = "代码,名称\n1,甲\n2,乙".encode() + b"\xff\xff\n"
    problem = refused(tmp_path, text, BrokenEncoding)
    assert isinstance(problem, BrokenEncoding)
    assert (problem.line, problem.column) == (3, 2)


def test_broken_gb18030_is_found_too(tmp_path: Path) -> None:
    problem = refused(tmp_path, "代码,名称\n1,叶县\n".encode("gb18030") + b"2,a,\xff\n", BrokenEncoding)
    assert isinstance(problem, BrokenEncoding)
    assert (problem.line, problem.column) == (3, 3)


def test_a_nul_byte_is_refused_with_its_line(tmp_path: Path) -> None:
    problem = refused(tmp_path, "代码,名称\n1,甲\n2,\0\n".encode(), NulByte)
    assert isinstance(problem, NulByte)
    assert problem.line == 3


def test_a_binary_file_with_the_wrong_name_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, os.urandom(200_000), Unreadable)


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, b",".join(b"c" for _ in range(400_000)) + b"\n1\n", TooManyColumns)
    refused(tmp_path, b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1\n", LineTooLong)


def test_a_line_of_half_a_gigabyte_is_refused_at_its_first_megabytes(tmp_path: Path) -> None:
    """In a process of its own, with less memory than the file has bytes."""
    path = tmp_path / "long.csv"
    with path.open("wb") as out:
        out.write("代码,名称\n1,".encode())
        for _ in range(512):
            out.write(b"x" * limits.MIB)
    code = f"""
import resource; resource.setrlimit(resource.RLIMIT_DATA, (400 << 20, 400 << 20))
from pathlib import Path
from xinqiao.intake.reading.tables import open_table
from xinqiao.intake.errors import Unreadable
try:
    open_table(Path({str(path)!r}), Path({str(tmp_path)!r}), lambda _: False)
except Unreadable as problem:
    print(problem.type)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "file-line-too-long"


def test_a_long_line_is_refused_with_its_number(tmp_path: Path) -> None:
    problem = refused(tmp_path, "代码,名称\n1,甲\n".encode() + b"x" * (limits.RECORD + 1), LineTooLong)
    assert isinstance(problem, LineTooLong)
    assert problem.line == 3


def test_a_plain_workbook_opens(tmp_path: Path) -> None:
    opened(tmp_path, a_workbook())


def test_a_part_with_a_document_type_is_refused(tmp_path: Path) -> None:
    """External entities and a billion laughs both need one."""
    for lie in (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', b"<!doctype lolz>", b"<! ENTITY a 'b'>"):
        sent = changed(SHEET, lambda xml, lie=lie: xml.replace(b"<worksheet", lie + b"<worksheet", 1))  # type: ignore[misc]
        refused(tmp_path, sent, UnsafeWorkbook)


def test_markup_in_an_encoding_we_do_not_search_is_refused(tmp_path: Path) -> None:
    wide = changed(SHEET, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    refused(tmp_path, wide, UnsafeWorkbook)
    refused(tmp_path, changed(SHEET, lambda xml: xml.replace(b"UTF-8", b"UTF-7")), UnsafeWorkbook)


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/connections.xml",
        "../../etc/cron.d/x",
        "/etc/passwd",
        "xl\\..\\..\\x",
    ],
)
def test_macros_outside_links_and_paths_that_leave_the_file_are_refused(tmp_path: Path, name: str) -> None:
    refused(tmp_path, a_workbook(**{name: b"x"}), UnsafeWorkbook)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, a_workbook(**{"xl/media/x.bin": bytes(limits.UNPACKED + 1)}), WorkbookTooLarge)
    refused(tmp_path, a_workbook(**{"xl/media/x.bin": bytes(8 * limits.MIB)}), WorkbookTooLarge)
    parts = {f"xl/media/{n}": b"x" for n in range(limits.PARTS)}
    refused(tmp_path, a_workbook(**parts), WorkbookTooLarge)


def test_a_lying_directory_is_found_out(tmp_path: Path) -> None:
    """The archive says a part is small; its bytes say otherwise."""
    content = a_workbook(**{SHEET: b"<worksheet>" + b" " * limits.MIB + b"</worksheet>"})
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        size = book.getinfo(SHEET).file_size
    lying = content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    refused(tmp_path, lying, UnsafeWorkbook)


def test_a_cell_in_the_last_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    """Readers that lay a sheet out as a rectangle would want seventeen billion cells."""
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    refused(tmp_path, changed(SHEET, lambda xml: xml.replace(b"</sheetData>", far)), WorkbookTooLarge)


def test_old_and_locked_workbooks_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnsafeWorkbook)
    refused(tmp_path, b"PK\x03\x04" + os.urandom(500), UnsafeWorkbook)


def test_the_child_is_bounded_as_the_limits_say() -> None:
    assert (sheet_child.MEMORY, sheet_child.SECONDS) == (limits.CHILD_MEMORY, limits.CHILD_SECONDS)
