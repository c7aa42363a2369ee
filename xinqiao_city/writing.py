"""Files as departments send them: their own column names, formats and encodings."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import xlsxwriter

Form = Literal["csv-gb18030", "csv-utf8-bom", "csv-utf8", "xlsx"]
ENCODING: Final = {"csv-gb18030": "gb18030", "csv-utf8-bom": "utf-8-sig", "csv-utf8": "utf-8"}
WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC).replace(
    tzinfo=None
)  # in the workbook's properties: same seed, same bytes


@dataclass(frozen=True)
class Sheet:
    """A table of text: `header` and rows of the same width. Row 0 is line 2 of the file."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def suffix(form: Form) -> str:
    return "xlsx" if form == "xlsx" else "csv"


def write(sheet: Sheet, form: Form, to: Path) -> None:
    if form == "xlsx":
        _workbook(sheet, to)
        return
    with to.open("w", encoding=ENCODING[form], newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(sheet.header)
        writer.writerows(sheet.rows)


def _workbook(sheet: Sheet, to: Path) -> None:
    """Every cell as text: Excel would round an 18-digit code."""
    with xlsxwriter.Workbook(
        to, {"constant_memory": True, "strings_to_numbers": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": WRITTEN})
        page = book.add_worksheet("数据")
        for line, row in enumerate((sheet.header, *sheet.rows)):
            for column, value in enumerate(row):
                page.write_string(line, column, value)
