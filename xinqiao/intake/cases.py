"""Running a catalogue item's cases through the engine, as `catalogue check` and the tests do."""

import tempfile
from collections.abc import Iterator, Sequence
from csv import writer
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl

from xinqiao.catalogue import City, adverse_nature, row_class, shown_until
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.schema import Item, RowCase
from xinqiao.intake.reading.tables import open_table
from xinqiao.intake.rules import headers, rows
from xinqiao.intake.rules.compiling import compile_item
from xinqiao.intake.rules.rows import Judged


def disagreements(city: City, item: Item, case: RowCase) -> Sequence[str]:
    """In what the row of a case comes out otherwise than the case says: sentences, none when all is well."""
    judged = _judged(city, item, case)
    found = sorted({f"{field}:{rule}" for field, rule in judged.findings.select("field", "rule").rows()})
    if found != sorted(case.findings):
        return [f"应为 {sorted(case.findings)}，实为 {found}"]
    return list(_meaning(item, case, judged.passed)) if judged.passed.height else []


def _judged(city: City, item: Item, case: RowCase) -> Judged:
    known = headers.recognised(item)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.csv"
        path.write_text(_csv(case), encoding="utf-8")
        table = open_table(path, Path(folder), lambda header: folded(header) in known)
        columns = headers.match(table.header, item)
        (block,) = table.blocks()
        return rows.judge(block, columns, compile_item(item, city, on=case.on))


def _csv(case: RowCase) -> str:
    text = StringIO()
    writer(text).writerows([list(case.row), list(case.row.values())])
    return text.getvalue()


def _meaning(item: Item, case: RowCase, passed: pl.DataFrame) -> Iterator[str]:
    values = {name: as_kept(value) for name, value in passed.row(0, named=True).items()}
    said = (
        ("性质", case.adverse, adverse_nature(item, values)),
        ("共享属性", case.classed, row_class(item, values)),
        ("公示应至", case.shown_until, shown_until(item, values)),
        *((name, expected, as_written(values[name])) for name, expected in case.values.items()),
    )
    for what, expected, found in said:
        if expected is not None and expected != found:
            yield f"{what} 应为 {expected}，实为 {found}"


def as_written(value: str | list[str] | None) -> str:
    """A kept value as cases write it: several codes with 、 between them."""
    return "、".join(value) if isinstance(value, list) else value or ""


def as_kept(value: Any) -> str | list[str] | None:
    """A typed value as facts keep it: ISO days, plain numbers, `true` and `false`, several codes as a list."""
    if value is None or isinstance(value, list):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
