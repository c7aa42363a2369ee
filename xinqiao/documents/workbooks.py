"""XLSX for clerks: every cell is text, so that an 18-digit code stays one and no cell becomes a formula."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import xlsxwriter

ROWS_MAX: Final = 1_048_575  # rows of a sheet below its header; the format ends there
WIDTH_MAX: Final = 40
HEADER_MAX: Final = 240


class Row(NamedTuple):
    """A row of text, and the columns (from 0) to be shown in red."""

    cells: Sequence[str]
    red: Collection[int] = ()


def write(
    to: Path,
    *,
    title: str,
    header: Sequence[str],
    rows: Iterable[Row],
    notes: Sequence[str] = (),
    notes_title: str = "填写说明",
    over: str = "",
) -> int:
    """Write a sheet of `rows` under a frozen header, with a second sheet of `notes`; returns how many rows. `over`
    stands over and under each printed page.

    Constant memory. Rows beyond `ROWS_MAX` are not written: the caller has to say so. Text is written as text, whatever
    it begins with: nothing can turn into a formula.
    """
    with xlsxwriter.Workbook(to, {"constant_memory": True, "strings_to_urls": False}) as book:
        plain = book.add_format({"num_format": "@", "text_wrap": False})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        red = book.add_format({"num_format": "@", "bg_color": "#FBE7E5", "font_color": "#B3261E"})
        page = book.add_worksheet(title[:31])
        page.freeze_panes(1, 0)
        if over:
            page.set_header(f"&L{_printed(over)}")
            page.set_footer(f"&L{_printed(over)}&R&P / &N")
            book.set_properties({"comments": over})
        for column, text in enumerate(header):
            page.set_column(column, column, min(WIDTH_MAX, max(10, len(text) * 2 + 2)), plain)
        for column, text in enumerate(header):
            page.write_string(0, column, text, head)
        written = 0
        for written, row in enumerate(rows, start=1):
            for column, text in enumerate(row.cells):
                page.write_string(written, column, text, red if column in row.red else plain)
            if written == ROWS_MAX:
                break
        if notes:
            _notes(book, notes_title, notes)
    return written


def _printed(text: str) -> str:
    """As a header of a page: `&` would begin a command, and more than 255 characters are not allowed."""
    return text.replace("&", "＆")[:HEADER_MAX]


def _notes(book: "xlsxwriter.Workbook", title: str, notes: Sequence[str]) -> None:
    page = book.add_worksheet(title)
    page.set_column(0, 0, 100)
    for line, text in enumerate(notes):
        page.write_string(line, 0, text)
