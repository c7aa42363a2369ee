"""The child that opens a workbook, alone in a bounded process: `python -m xinqiao.intake.reading.sheet_child IN OUT`.

Writes the first visible sheet as CSV (UTF-8), row n of the sheet as line n, and the sheets' titles on standard output:
the one read, then the others that are not empty. Exit 3: no workbook. Imports nothing of the product, so that it
starts quickly.
"""

import csv
import datetime
import resource
import sys
from typing import Any, Final

import python_calamine

NOT_A_WORKBOOK: Final = 3
# Beside the product's other limits (reading.limits), repeated here because this process imports nothing of it; a test
# holds them equal.
MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 60
MOST_DIGITS: Final = 15  # what a spreadsheet's number can hold exactly


def main(source: str, target: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(source)
        titles = _titles(workbook)
        sheet = workbook.get_sheet_by_name(titles[0])
    except (python_calamine.CalamineError, IndexError):
        return NOT_A_WORKBOOK
    with open(target, "w", encoding="utf-8", newline="") as out:  # noqa: PTH123 — nothing imported that need not be
        _write(csv.writer(out, lineterminator="\n"), sheet)
    others = [title for title in titles[1:] if workbook.get_sheet_by_name(title).height]
    print("\n".join(title.replace("\n", " ") for title in [titles[0], *others]))  # noqa: T201 — the parent reads it
    return 0


def _titles(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    visible = python_calamine.SheetVisibleEnum.Visible
    sheets = [s.name for s in workbook.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    shown = [s.name for s in workbook.sheets_metadata if s.visible == visible and s.name in sheets]
    first = shown[0] if shown else sheets[0]
    return [first, *(title for title in sheets if title != first)]


def _write(out: Any, sheet: python_calamine.CalamineSheet) -> None:
    """Row n of the sheet as line n, whatever newlines its cells hold; row 1 comes first wherever cells begin."""
    out.writerows([_text(cell) for cell in row] for row in sheet.iter_rows())


def _text(cell: object) -> str:
    """A cell as a person reads it: whole numbers without a point, days without a midnight, one line."""
    if isinstance(cell, str):
        return " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def _number(cell: float) -> str:
    """Digits only as far as the number holds them: what is lost of a code typed as a number is made up by nobody."""
    if cell.is_integer() and abs(cell) < 10**MOST_DIGITS:
        return str(int(cell))
    return format(cell, f".{MOST_DIGITS}g").upper()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
