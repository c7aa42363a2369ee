"""A model's cases, run through the engine the product runs: what a person worked out must be what comes out."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xinqiao.catalogue import City
from xinqiao.evaluation import compiling
from xinqiao.evaluation import rows as rows_
from xinqiao.evaluation.cases import Case
from xinqiao.evaluation.explaining import Explained, explain, without_disputed
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.model_files import ModelFile
from xinqiao.evaluation.scoring import Known, Runnable, Scored, score
from xinqiao.kernel.ids import SubjectId

if TYPE_CHECKING:
    from datetime import date


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
    compiled = compiling.once(bound)
    return Runnable(bound, compiled.sql, compiled.digest, compiled.tables)


def differences(city: City, model: ModelFile) -> list[Difference]:
    """Every disagreement between the model's cases and its results; none is what a model needs to be proposed.

    Worked out once for the same words of the city: `model_files` hands out the same object for them.
    """
    key = city.digest, id(model)
    if key not in _compared:
        _compared[key] = model, _differences(city, model)
    return list(_compared[key][1])


# The model stands beside its result so that its number is nobody else's while it is remembered.
_compared: dict[tuple[str, int], tuple[ModelFile, list[Difference]]] = {}


def _differences(city: City, model: ModelFile) -> list[Difference]:
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
            made = (rows_.row(city.item(item), row, next(number), place + 1) for row in some)
            rows.setdefault(item, []).extend(made)
    facts = {item: rows_.frame(city.item(item), some) for item, some in rows.items()}
    return Known(cases[0].on, facts, frozenset(bound.items) - set(cases[0].silent))


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
