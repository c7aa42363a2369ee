"""Bytes become rows: strictly, by lines as a person counts them, whatever the size of the blocks they are read in."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xinqiao.intake.errors import NoHeader
from xinqiao.intake.reading import limits
from xinqiao.intake.reading.tables import Table, open_table

WORDS = {"代码", "名称", "金额"}
Read = list[tuple[int, tuple[str, ...]]]


def table_of(folder: Path, content: bytes) -> Table:
    path = folder / "sent.csv"
    path.write_bytes(content)
    return open_table(path, folder, lambda header: header.strip() in WORDS)


def rows_of(table: Table) -> tuple[Read, list[int]]:
    """Whole rows with their lines, and the lines of those that do not fit."""
    blocks = list(table.blocks())
    whole = [(line, tuple(cells)) for b in blocks for line, _, *cells in b.rows.iter_rows()]
    return whole, sorted(broken.line for b in blocks for broken in b.broken)


def read(folder: Path, content: bytes) -> tuple[Read, list[int]]:
    return rows_of(table_of(folder, content))


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gb18030", b""), ("utf-16", b"")]
)
def test_the_usual_encodings_read_the_same(tmp_path: Path, encoding: str, mark: bytes) -> None:
    text = "代码,名称\r\n1,鲁山县𠮷䶮豆腐坊\r\n2,叶县（昆阳）饭店\r\n"
    whole, broken = read(tmp_path, mark + text.encode(encoding))
    assert (whole, broken) == ([(2, ("1", "鲁山县𠮷䶮豆腐坊")), (3, ("2", "叶县（昆阳）饭店"))], [])


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_the_one_that_makes_known_columns(tmp_path: Path, separator: str) -> None:
    text = f"代码{separator}名称\n1{separator}a,b;c\n".replace("a,b;c", "甲 乙")
    assert read(tmp_path, text.encode())[0] == [(2, ("1", "甲 乙"))]


def test_lines_are_those_a_person_counts_newlines_in_quotes_included(tmp_path: Path) -> None:
    text = '代码,名称\n1,"两\n行"\n\n2,"他说""好"""\n3\n4,a,b\n5,末\n'
    whole, broken = read(tmp_path, text.encode())
    assert whole == [(2, ("1", "两\n行")), (5, ("2", '他说"好"')), (8, ("5", "末"))]
    assert broken == [6, 7]


def test_blank_lines_and_rows_of_separators_are_no_rows(tmp_path: Path) -> None:
    whole, broken = read(tmp_path, "\n\n代码,名称\n \n,\n　, \n1,a\n,,\n".encode())
    assert (whole, broken) == ([(7, ("1", "a"))], [])


def test_a_quote_inside_a_cell_is_a_letter_and_an_open_one_costs_its_line(tmp_path: Path) -> None:
    whole, broken = read(tmp_path, '代码,名称\n1,5"管\n2,"没有关\n3,好\n4,"关"了,\n5,好\n'.encode())
    assert whole == [(2, ("1", '5"管')), (4, ("3", "好")), (6, ("5", "好"))]
    assert broken == [3, 5]


def test_a_row_can_be_fetched_again_by_its_offset(tmp_path: Path) -> None:
    table = table_of(tmp_path, '代码,名称\n1,a\n2,"b\nc"\n坏\n3,丁\n'.encode("gb18030"))
    for block in table.blocks():
        for _, offset, *cells in block.rows.iter_rows():
            assert list(table.rows([offset])) == [tuple(cells)]


def test_a_file_without_a_row_that_could_be_a_header_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"\n\n", b" , ,\n"):
        with pytest.raises(NoHeader):
            table_of(tmp_path, content)


# ── the same whatever the blocks ─────────────────────────────────────────────────────────────────────────────────────

NASTY = st.text(
    st.one_of(
        st.sampled_from(list('",\n\r\t ;|　"中"')), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.lists(st.tuples(NASTY, NASTY), max_size=12))
def test_what_a_writer_of_csv_writes_is_read_back(tmp_path: Path, rows: Sequence[tuple[str, str]]) -> None:
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("代码", "名称"), *rows])
    whole, broken = read(tmp_path, text.getvalue().encode())
    expected = [row for row in rows if any(cell.strip(limits.WHITE) for cell in row)]
    assert ([cells for _, cells in whole], broken) == (expected, [])


PIECES = st.lists(
    st.sampled_from(
        ['"', '""', ",", "\n", "\r\n", "a", "甲", " ", '"x"', '"x,\ny",', '1,"2"\n', "1,2\n", "3,4,5\n", "\n\n"]
    ),
    max_size=40,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(PIECES, st.integers(16, 60), st.integers(1, 5))
@example('1,"2\n3,4\n', 16, 1)
@example('1,2\n"a\nb",c\nx"y,z\n', 20, 2)
def test_the_size_of_the_blocks_changes_nothing(tmp_path: Path, text: str, block: int, rows: int) -> None:
    content = b"\xef\xbb\xbf" + "代码,名称\n".encode() + text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "RECORD", 64)
        at_once = read(tmp_path, content)
        patch.setattr(limits, "BLOCK", block + 64)
        patch.setattr(limits, "ROWS", rows)
        assert read(tmp_path, content) == at_once


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from(limits.WHITE.replace("\n", "").replace("\r", "") + "a中〇）"), max_size=4),
            st.sampled_from(["", "x", "中 "]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_blank_at_the_edge_of_a_cell_is_overlooked(tmp_path: Path, rows: Sequence[tuple[str, str]]) -> None:
    body = "".join(f"{one},{two},z\n" for one, two in rows).replace("\x0b", "").replace("\x0c", "")
    table = table_of(tmp_path, ("代码,名称,金额\n" + body).encode())
    for block in table.blocks():
        for number in range(3):
            cells = block.rows[str(number)]
            if any(cell != cell.strip(limits.WHITE) for cell in cells):
                assert number in block.padded
