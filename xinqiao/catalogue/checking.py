"""`catalogue check`: every mistake in a city's files in one run, and what is still open or unverified in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xinqiao.catalogue import consistency, english
from xinqiao.catalogue.city import City
from xinqiao.catalogue.documents import Document
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.folders import CASES
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.loading import linked
from xinqiao.catalogue.pack import Pack, Placed, read_cases, read_pack
from xinqiao.catalogue.schema import Item, RowCase, Rule

FEWEST_CASES: Final = 6
Judge = Callable[[City, Item, RowCase], Sequence[str]]
"""What is wrong with a case when its row is really judged: sentences, none when it judges as it says."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """`open_lists`: lists whose official values are not at hand. `unverified`: `file: what` nobody has read yet.
    `untranslated`: texts pages show for which there is no English."""

    mistakes: tuple[Mistake, ...]
    open_lists: tuple[str, ...]
    unverified: tuple[str, ...]
    untranslated: tuple[str, ...]
    items: int
    whole: int
    cases: int

    @property
    def ok(self) -> bool:
        return not self.mistakes


def check(folder: Path, judge: Judge | None = None) -> CheckReport:
    """Look at everything in the folder; with `judge`, also whether every case judges as it says."""
    pack = read_pack(folder)
    mistakes = {*pack.mistakes, *consistency.mistakes_in(pack)}
    cases = {name: read_cases(folder, name) for name in sorted(pack.cases)}
    mistakes |= {mistake for _, unreadable in cases.values() for mistake in unreadable}
    for item in pack.items:
        found, _ = cases.get(item.entry.item, ([], []))
        mistakes |= set(_cases(item, found, pack.cases))
    city = linked(pack, pack.city.entry) if pack.city is not None and not mistakes else None
    if judge is not None and city is not None:
        mistakes |= {m for name, (found, _) in cases.items() for m in _judged(city, city.items[name], found, judge)}
    return CheckReport(
        mistakes=tuple(sorted(mistakes)),
        open_lists=tuple(p.entry.list for p in pack.codes if p.entry.open),
        unverified=tuple(_unverified(pack)),
        untranslated=tuple(english.untranslated(english.texts(city), city.english)) if city else (),
        items=len(pack.items),
        whole=sum(p.entry.whole for p in pack.items),
        cases=sum(len(found) for found, _ in cases.values()),
    )


def _judged(city: City, item: Item, cases: list[Placed[RowCase]], judge: Judge) -> Iterator[Mistake]:
    for placed in cases:
        for sentence in judge(city, item, placed.entry):
            yield placed.mistake(f"用例“{placed.entry.name}”：{sentence}", "name")


def _cases(item: Placed[Item], cases: list[Placed[RowCase]], having: frozenset[str]) -> Iterator[Mistake]:
    """Cases speak of fields and rules that exist, and a whole item has enough of them, good rows among them."""
    if item.entry.whole and item.entry.item not in having:
        yield item.mistake(f"完整的数据项必须有用例：items/{item.entry.item}{CASES}", "whole")
    for placed in cases:
        yield from _row(item.entry, placed)
    if not item.entry.whole or not cases:
        return
    if len(cases) < FEWEST_CASES:
        yield cases[0].document.mistake((), f"完整的数据项至少要有 {FEWEST_CASES} 个用例")
    if all(placed.entry.findings for placed in cases):
        yield cases[0].document.mistake((), "没有一个用例是正确的行")


def _row(item: Item, placed: Placed[RowCase]) -> Iterator[Mistake]:
    case = placed.entry
    known = {folded(h) for name, f in item.fields.items() for h in (name, f.title, *f.headers)}
    for column in case.row:
        if folded(column) not in known:
            yield placed.mistake(f"没有名为“{column}”的信息项或列名", "row", column)
    for i, finding in enumerate(case.findings):
        field, _, rule = finding.partition(":")
        if field not in item.fields or rule not in frozenset(Rule):
            yield placed.mistake(f"“{finding}”应写成 信息项:规则", "findings", i)
    for name in case.values:
        if name not in item.fields:
            yield placed.mistake(f"没有名为“{name}”的信息项", "values", name)
    told = (case.adverse, case.classed, case.shown_until)
    if case.findings and (case.values or any(part is not None for part in told)):
        yield placed.mistake("被退回的行没有性质、共享属性、公示期和入库的值", "findings")


def _unverified(pack: Pack) -> Iterator[str]:
    for document, verified, what in _claims(pack):
        if not verified:
            yield f"{document.file}: {what}"


def _claims(pack: Pack) -> Iterator[tuple[Document, bool, str]]:
    """Everything in the files that somebody should have read in the original: where, whether it was, and what."""
    yield from ((p.document, b.verified, b.document) for p in pack.items for b in p.entry.basis)
    lists = [p for p in pack.codes if not p.entry.open]
    yield from ((p.document, p.entry.verified, p.entry.basis or p.entry.title) for p in lists)
    yield from ((p.document, n.verified, f"{n.since} {n.title}") for p in pack.sources for n in p.entry.names)
    yield from ((p.document, p.entry.verified, p.entry.basis) for p in pack.years)
    yield from ((p.document, b.verified, f"{p.entry.clock} {b.document}") for p in pack.clocks for b in p.entry.basis)
