"""What a source answers over its interface, judged by the rules of what it would deliver. Nothing of it is kept."""

import tempfile
from collections.abc import Mapping, Sequence
from csv import writer
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final

import polars as pl

from xinqiao import catalogue
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.schema import Item
from xinqiao.intake.reading.tables import open_table
from xinqiao.intake.rules import headers, rows
from xinqiao.intake.rules.compiling import compile_item
from xinqiao.kernel.uscc import Uscc

ROWS_MAX: Final = 1_000  # of one business and one item; more is a mistake


@dataclass(frozen=True, slots=True)
class Judged:
    """`rows` may be told: `line` and every field, typed, as `accepted_frames` has it. `rejected`: how many may not."""

    rows: pl.DataFrame
    rejected: int


def judge(item: Item, subject: Uscc, sent: Sequence[Mapping[str, str]], *, on: date) -> Judged:
    """Judge what was answered about one business; a row about another is not fit, whatever it says.

    `sent`: text by field name. Fields of the item that are missing are as empty; beyond `ROWS_MAX` nothing is read.
    """
    if not sent:
        return Judged(pl.DataFrame(), 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.csv"
        path.write_text(_csv(list(item.fields), sent[:ROWS_MAX]), encoding="utf-8")
        passed = _passed(path, Path(folder), item, on)
    fit = passed.filter(pl.col(item.subject.field) == str(subject)) if passed.height else passed
    return Judged(fit, len(sent) - fit.height)


def _csv(names: Sequence[str], sent: Sequence[Mapping[str, str]]) -> str:
    text = StringIO()
    writer(text).writerows([names, *([row.get(name, "") for name in names] for row in sent)])
    return text.getvalue()


def _passed(path: Path, workspace: Path, item: Item, on: date) -> pl.DataFrame:
    known = headers.recognised(item)
    table = open_table(path, workspace, lambda header: folded(header) in known)
    columns = headers.match(table.header, item)
    compiled = compile_item(item, catalogue.city(), on=on)
    return pl.concat(rows.judge(block, columns, compiled).passed for block in table.blocks())
