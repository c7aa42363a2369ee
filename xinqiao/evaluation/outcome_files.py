"""What became of businesses (标签): a table of code, day and outcome, to hold a model against. Read, never kept."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from xinqiao.evaluation.errors import OutcomesInvalid
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc

COLUMNS: Final = ("统一社会信用代码", "日期", "结果")
SAID: Final = {"0": False, "1": True}  # 1 is bad: it failed to pay
LARGEST: Final = 1_000_000  # rows; more than any city has businesses


@dataclass(frozen=True, slots=True)
class Labelled:
    """`bad` is what was known of the business on the day."""

    uscc: Uscc
    day: date
    bad: bool


def read(path: Path) -> list[Labelled]:
    """UTF-8, one row a business. Raises `OutcomesInvalid`, naming the line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        if tuple(lines.fieldnames or ()) != COLUMNS:
            raise OutcomesInvalid(Saying("表头应为：{columns}", columns="，".join(COLUMNS)))
        found = [_row(number, line) for number, line in enumerate(lines, start=2)]
    if not found or len(found) > LARGEST or len({one.uscc for one in found}) != len(found):
        raise OutcomesInvalid(Saying("一家企业一行，至少一行，最多 {n} 行", n=LARGEST))
    return found


def _row(number: int, line: dict[str, str]) -> Labelled:
    try:
        code, day, outcome = (line[name].strip() for name in COLUMNS)
        return Labelled(Uscc.parse(code), date.fromisoformat(day), SAID[outcome])
    except (Problem, ValueError, KeyError, AttributeError) as error:
        raise OutcomesInvalid(
            Saying("第 {n} 行看不懂：日期写成 2026-11-23，结果写 1（没有按约还款）或者 0", n=number)
        ) from error
