"""Judging one row by the same rules as any delivery's: for the cases of a city, and for what is typed into a form."""

import tempfile
from collections.abc import Mapping
from csv import writer
from datetime import date
from io import StringIO
from pathlib import Path

from xinqiao.catalogue import City
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.schema import Item
from xinqiao.intake.reading.tables import open_table
from xinqiao.intake.rules import headers, rows
from xinqiao.intake.rules.compiling import compile_item
from xinqiao.intake.rules.rows import Judged
from xinqiao.kernel.sayings import Saying, recalled


def judged(city: City, item: Item, row: Mapping[str, str], on: date) -> Judged:
    """What the row comes to when it is received on that day; its columns by field name, title or header."""
    known = headers.recognised(item)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "row.csv"
        path.write_text(_csv(row), encoding="utf-8")
        table = open_table(path, Path(folder), lambda header: folded(header) in known)
        columns = headers.match(table.header, item)
        (block,) = table.blocks()
        return rows.judge(block, columns, compile_item(item, city, on=on))


def faults(city: City, item: Item, row: Mapping[str, str], on: date) -> dict[str, Saying]:
    """What is wrong with it, by field; the first of each. Empty where it would be accepted."""
    found = judged(city, item, row, on).findings.select("field", "saying", "kept").rows()
    return {field: recalled(saying, kept) for field, saying, kept in reversed(found)}


def _csv(row: Mapping[str, str]) -> str:
    text = StringIO()
    writer(text).writerows([list(row), list(row.values())])
    return text.getvalue()
