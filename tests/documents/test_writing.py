"""What clerks take away keeps its codes and runs nothing."""

import csv
import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xinqiao.documents import csv_files, workbooks
from xinqiao.documents.workbooks import Row


def read(path: Path) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()]


def test_an_eighteen_digit_code_comes_back_as_it_was(tmp_path: Path) -> None:
    code = "410402199001011234"
    workbooks.write(tmp_path / "a.xlsx", title="数据", header=["代码"], rows=[Row([code])])
    assert read(tmp_path / "a.xlsx") == [["代码"], [code]]


def test_nothing_in_a_workbook_becomes_a_formula(tmp_path: Path) -> None:
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://example.org"]
    workbooks.write(tmp_path / "a.xlsx", title="数据", header=["x"] * 6, rows=[Row(dangerous, red=[0])])
    assert read(tmp_path / "a.xlsx")[1] == dangerous


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_cell_of_a_list_is_run(text: str) -> None:
    out = io.StringIO()
    csv_files.write(out, ["x"], [[text]])
    cell = list(csv.reader(io.StringIO(out.getvalue())))[1:]
    shown = cell[0][0] if cell and cell[0] else ""
    number = shown.lstrip("+-").replace(".", "", 1).isdigit()
    assert number or not shown.startswith(("=", "+", "-", "@"))
