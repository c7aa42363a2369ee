"""A report as a table, one field a row: for whoever works on with it in a spreadsheet.

Whom it was made for stands in every row to be seen, and once more where it is not to be seen.
"""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.disclosure import printing
from xinqiao.documents import csv_files, workbooks
from xinqiao.documents.workbooks import Row

HEADER: Final = (
    "类别", "数据项", "信息编号", "信息项", "内容", "性质", "状态", "起", "止", "来源", "收到", "变更", "仅供",
)  # fmt: skip


def rows(report: Any, hidden: str) -> Iterator[list[str]]:
    """Text only. `hidden` goes into words nobody computes with: never into a code, a number or a date.

    Where nothing is told a row says so: a table without rows could name nobody.
    """
    only = " · ".join(printing.watermark(report)) + hidden
    lines = [
        (family, item, line) for family in report["families"] for item in family["items"] for line in item["lines"]
    ]
    for family, item, line in lines:
        yield from fields(f"{family['title']}{hidden}", item, line, hidden, only)
    if not lines:
        yield [f"没有内容{hidden}", *[""] * (len(HEADER) - 2), only]


def fields(family: str, item: Any, line: Any, hidden: str, only: str) -> Iterator[list[str]]:
    """A line, one field a row."""
    city = catalogue.city()
    told, source = printing.line(line, item, city), city.sources[line["source"]].names[-1].title
    before = [family, f"{item['title']}{hidden}", str(line["fact"])]
    days = [line["valid_from"] or "", line["valid_to"] or ""]
    after = [*printing.kind_of(line), *days, f"{source}{hidden}", line["received_on"], told["changed"], only]
    for label, value in told["fields"]:
        yield [*before, label, value, *after]


def workbook(report: Any, hidden: str) -> bytes:
    """An .xlsx; the visible mark stands in every row, over and under every printed page, and in the notes."""
    only = "，".join(printing.watermark(report))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        told = (Row(cells) for cells in rows(report, hidden))
        notes = [f"{only}{hidden}", *printing.statement(report)]
        workbooks.write(path, title="信用信息", header=HEADER, rows=told, notes=notes, notes_title="说明", over=only)
        return path.read_bytes()


def listed(report: Any, hidden: str) -> bytes:
    """A .csv as Excel in China opens it."""
    text = io.StringIO(newline="")
    csv_files.write(text, HEADER, rows(report, hidden))
    return text.getvalue().encode("utf-8-sig")
