"""Running a catalogue item's cases through the engine, as `catalogue check` and the tests do."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from xinqiao.catalogue import City, adverse_nature, row_class, shown_until
from xinqiao.catalogue.schema import Item, RowCase
from xinqiao.intake import one_row


def disagreements(city: City, item: Item, case: RowCase) -> Sequence[str]:
    """In what the row of a case comes out otherwise than the case says: sentences, none when all is well."""
    judged = one_row.judged(city, item, case.row, case.on)
    found = sorted({f"{field}:{rule}" for field, rule in judged.findings.select("field", "rule").rows()})
    if found != sorted(case.findings):
        return [f"应为 {sorted(case.findings)}，实为 {found}"]
    return list(_meaning(item, case, judged.passed)) if judged.passed.height else []


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
