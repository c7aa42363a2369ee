"""A model's cases, run through the engine the product runs: what a person worked out must be what comes out."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import FieldType, Item, ItemField
from xinqiao.evaluation import compiling
from xinqiao.evaluation.cases import Case
from xinqiao.evaluation.engine import POLARS
from xinqiao.evaluation.explaining import Explained, explain, without_disputed
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.model_files import ModelFile
from xinqiao.evaluation.scoring import Known, Runnable, Scored, score
from xinqiao.evaluation.selecting import DTYPES
from xinqiao.evaluation.soundness import OWN_COLUMNS
from xinqiao.kernel.ids import SubjectId

WAN: Final = {FieldType.MONEY_WAN: 10_000}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing a case says and the engine does not."""

    case: str
    about: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.case}：{self.about} 应为 {self.expected}，得到 {self.found}"


def runnable(bound: Bound) -> Runnable:
    """A model as it would be adopted."""
    compiled = compiling.compile(bound)
    return Runnable(bound, compiled.sql, compiled.digest, compiled.tables)


def differences(city: City, model: ModelFile) -> list[Difference]:
    """Every disagreement between the model's cases and its results; none is what a model needs to be adopted."""
    ready = runnable(model.bound)
    found: list[Difference] = []
    for case, scored in tried(city, ready, model.cases):
        explained = explain(model.bound, scored.outcome, case.on)
        found += [*compare(case, explained), *compare_without(case, model.bound, scored)]
    return found


def tried(city: City, model: Runnable, cases: Sequence[Case]) -> Iterator[tuple[Case, Scored]]:
    """The outcome of each case. Those of one day and one silence run together, each a subject of its own."""
    together: dict[tuple[date, frozenset[str]], list[Case]] = {}
    for case in cases:
        together.setdefault((case.on, frozenset(case.silent)), []).append(case)
    for some in together.values():
        subjects = [SubjectId(place + 1) for place in range(len(some))]
        yield from zip(some, score(model, subjects, known(city, model.bound, some)), strict=True)


def known(city: City, bound: Bound, cases: Sequence[Case]) -> Known:
    """The rows of cases of one day as facts: the n-th case is subject n, facts are numbered as they are written."""
    rows: dict[str, list[dict[str, Any]]] = {}
    number = itertools.count(1)
    for place, case in enumerate(cases):
        for item, some in case.given.items():
            made = (_row(city.item(item), row, next(number), place + 1) for row in some)
            rows.setdefault(item, []).extend(made)
    facts = {item: _frame(city.item(item), some) for item, some in rows.items()}
    return Known(cases[0].on, facts, frozenset(bound.items) - set(cases[0].silent))


def _frame(item: Item, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    columns: dict[str, Any] = {"fact_id": pl.Int64, "subject_id": pl.Int64, "standing": pl.String}
    columns |= {"valid_from": pl.Date, "valid_to": pl.Date}
    columns |= {name: POLARS[DTYPES.get(field.type, "string")] for name, field in _free(item).items()}
    return pl.DataFrame(rows, schema=columns)


def _free(item: Item) -> dict[str, ItemField]:
    """The fields whose names the credit file's own columns leave free."""
    return {name: field for name, field in item.fields.items() if name not in OWN_COLUMNS}


def _row(item: Item, row: Mapping[str, str], number: int, subject: int) -> dict[str, Any]:
    values = {name: _value(field, row.get(name)) for name, field in item.fields.items()}
    valid = {
        "valid_from": values.get(item.validity.since or ""),
        "valid_to": values.get(item.validity.until or ""),
    }
    standing = row.get("standing", "good")
    return {"fact_id": number, "subject_id": subject, "standing": standing} | values | valid


def _value(field: ItemField, written: str | None) -> Any:
    """As the credit file would hold it: money in yuan, whatever unit the source uses; several codes as a list."""
    if not written:
        return None
    match DTYPES.get(field.type):
        case "int64":
            return int(written)
        case "date":
            return date.fromisoformat(written)
        case "boolean":
            return written == "true"
        case None:
            return json.dumps(written.split("、")) if field.several else written
        case _:
            return (Decimal(written) * WAN.get(field.type, 1)).quantize(Decimal("0.01"))


def compare(case: Case, found: Explained) -> Iterator[Difference]:
    """What the case states, against what came out; what it does not state is not compared."""
    expect = case.expect
    pairs: list[tuple[str, object, object]] = [("等级", expect.grade, found.verdict.grade)]
    if expect.score is not None:
        pairs.append(("得分", expect.score, found.verdict.score))
    points = {one.name: one.points for part in found.parts for one in part.indicators}
    pairs += [(f"指标 {name}", value, points[name]) for name, value in expect.points.items()]
    if expect.missing is not None:
        pairs.append(("缺少的信息", set(expect.missing), {one.indicator for one in found.missing}))
    if expect.limits is not None:
        pairs.append(("否决和上限", set(expect.limits), {one.name for one in found.limits}))
    yield from (Difference(case.name, about, said, got) for about, said, got in pairs if said != got)
    for piece in expect.says:
        if not any(piece in sentence for sentence in found.reasons):
            yield Difference(case.name, "理由", piece, found.reasons)


def compare_without(case: Case, bound: Bound, scored: Scored) -> Iterator[Difference]:
    """The grade without what is disputed, where the case states one."""
    if (said := case.expect.without_disputed) is None:
        return
    got = without_disputed(bound, scored.without) if scored.without is not None else None
    if got is None or (said.grade, said.score) != (got.grade, got.score):
        yield Difference(case.name, "不计有异议的信息", (said.grade, said.score), got and (got.grade, got.score))
