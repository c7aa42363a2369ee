"""结果反馈 as a table, CSV or XLSX: outcomes or results of models, as its header says; every wrong row is named."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from xinqiao.disclosure import feedback
from xinqiao.disclosure.errors import FeedbackFaulty, ScopeInvalid
from xinqiao.disclosure.feedback import Content, Said
from xinqiao.disclosure.feeding_back import MOST_AT_ONCE
from xinqiao.intake.reading.blocks import LINE, OFFSET, Block
from xinqiao.intake.reading.tables import open_table
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc

WHOSE: Final = {"统一社会信用代码": "uscc", "回执": "receipt"}
OUTCOMES: Final = WHOSE | {
    "结果": "became",
    "观察起": "since",
    "观察止": "until",
    "得知日期": "known_on",
    "逾期天数": "overdue_days",
    "告知企业日期": "notified_on",
}
RESULTS: Final = WHOSE | {
    "模型": "model",
    "版本": "version",
    "分数": "score",
    "等级": "grade",
    "决定": "decision",
    "额度档": "amount",
    "日期": "decided_on",
}
_WORDS: Final = {str(title): word.value for word, title in feedback.TITLES.items()}


def read(path: Path) -> list[Said]:
    """Raises `ScopeInvalid` for another header or too many rows, `FeedbackFaulty` (places are those of the rows, from
    0), and as intake reads files."""
    with tempfile.TemporaryDirectory() as room:
        table = open_table(path, Path(room), lambda header: header.strip() in OUTCOMES | RESULTS)
        heads = [header.strip() for header in table.header]
        form = next((one for one in (OUTCOMES, RESULTS) if set(heads) == set(one) and len(heads) == len(one)), None)
        if form is None:
            raise ScopeInvalid(
                Saying(
                    "表头应为：{outcomes}；或者：{results}", outcomes="，".join(OUTCOMES), results="，".join(RESULTS)
                )
            )
        rows = [row for block in table.blocks() for row in _rows(block)]
    return _entries(heads, form, rows)


def _rows(block: Block) -> list[tuple[Any, ...]]:
    if block.broken:
        raise ScopeInvalid(Saying("第 {line} 行的列数与表头不同", line=block.broken[0].line))
    return block.rows.drop(LINE, OFFSET).rows()


def _entries(heads: Sequence[str], form: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> list[Said]:
    if not 0 < len(rows) <= MOST_AT_ONCE:
        raise ScopeInvalid(Saying("一次反馈 1 至 {most} 条", most=MOST_AT_ONCE))
    said: list[Said] = []
    faults: list[tuple[int, Saying]] = []
    for place, cells in enumerate(rows):
        row = {form[head]: (cell or "").strip() for head, cell in zip(heads, cells, strict=False)}
        try:
            said.append(entry({name: _WORDS.get(text, text) for name, text in row.items()}))
        except (Problem, ValueError, KeyError, TypeError, ArithmeticError) as fault:
            detail = (
                fault.detail
                if isinstance(fault, Problem)
                else Saying("看不懂：日期写成 2026-11-23，结果按说明里的写法")
            )
            faults.append((place, detail))
    if faults:
        raise FeedbackFaulty(faults)
    return said


def entry(row: Mapping[str, str]) -> Said:
    """One row by name. Raises `NotAUscc` and what the content cannot be read by."""
    content: Content = feedback.outcome(row) if "became" in row else feedback.result(row)
    number = int(row["receipt"].rsplit("-", 1)[-1])  # also as reports print it: R-20261123-000417
    return Said(Uscc.parse(row["uscc"]), ReceiptNumber(number), content)
