# ruff: noqa: E501 - odd cells read best side by side
"""The plain judge and the engine that judges whole files read every row alike, also rows nobody thought of."""

import contextlib
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.builders import the_city
from tests.catalogue.judge import as_written, findings_of
from xinqiao import catalogue
from xinqiao.catalogue.schema import Item, RowCase
from xinqiao.intake.cases import disagreements

CASES = {item.item: catalogue.cases_of(the_city(), item.item) for item in the_city().whole_items()}

# What cells really hold: other ways to write what is meant, and what only looks like it.
ODD = (
    *("", " ", "　", "\\N", "\\n", "NULL", "null", "None", "--", "—", "无", "/", "0", "-0", "00", "007", "+5", "-5", "5.", ".5"),
    *("1e5", "1E5", "0x10", "1_000", "1,000", "1,00", "12,34,567", "1 000", "￥5", "5元", "５", "１２．５", "－5", "−5", "٣", "五", "NaN", "inf"),
    *("999999999999999999", "0.005", "0.0000001", "100.10", "1000000000000.00", "是", "否", "true", "TRUE", "True", "Y", "y", "yes", "T"),
    *("2026-02-29", "2024-02-29", "2026-2-9", "2026/2/9", "2026.2.9", "2026年2月9日", "20260209", "2026029", "2026-02-09 00:00:00"),
    *("2026-02-09T00:00", "2026-02-09 10:30", "26-02-09", "02/09/2026", "2026-13-01", "2026-00-10", "9999-09-09", "0001-01-01", "2099-12-31"),
    *("2026-06", "202606", "2026/6", "2026年6月", "2026-6", "2026-07", "2026-08", "2026", "２０２６", "1899", "A", "a", "A级", "F", "f52", "Z99"),
    *("91410402MA40TE5TXF", "91410402ma40te5txf", "９１４１０４０２ＭＡ４０ＴＥ５ＴＸＦ", "91410402MA40TE5TX", "91410402MA40TE5TXFF", "N2410423MF12345AXE"),
    *("92410403MA41AB122Q", "93410421MA3XQ0C19R", "31410411MD000ABC31", "124104004169000109", "410402100012345", "9141O402MA40TE5TXF", "1", "2", "01"),
    *("警告、罚款", "警告，罚款；其他", "罚款、", "、罚款", "1、2", "2/1|2", "警告并处罚款", "没收违法所得、没收非法财物、罚款", "警告 罚款", "警告罚款"),
    *("9.14E+17", "9.14E+7", "1E+10", "914104020000000000"),
    *("410402", "410426", "410105", "11010519491231002X", "a" * 201, "中" * 5000, "x,y", '"', "'", "a\tb", "𠮷", "\u200b", "é"),
)  # fmt: skip


def _as_case(item: Item, row: dict[str, str], template: RowCase) -> RowCase:
    """The row with whatever the plain judge says of it."""
    findings, values = findings_of(the_city(), item, row, template.on)
    said = {} if findings else {name: as_written(value) for name, value in values.items()}
    return RowCase(name="x", row=row, on=template.on, findings=tuple(findings), values=said)


def _engine(item: Item, case: RowCase) -> Sequence[str]:
    with contextlib.redirect_stdout(None):
        return disagreements(the_city(), item, case)


@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_two_judges_agree_on_any_row(data: st.DataObject) -> None:
    item = the_city().item(data.draw(st.sampled_from(sorted(CASES))))
    template = data.draw(st.sampled_from(CASES[item.item]))
    column = data.draw(st.sampled_from(sorted(template.row)))
    odd = data.draw(st.sampled_from(ODD))
    row = template.row | {column: odd}
    assert _engine(item, _as_case(item, row, template)) == []
