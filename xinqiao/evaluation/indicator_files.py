"""The city's catalogue of indicators: `indicators/<group>.yml`, and its cases beside it, `<group>.cases.yml`."""

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from xinqiao.catalogue import City, Mistake
from xinqiao.catalogue.claim_meaning import Heard
from xinqiao.catalogue.documents import Document
from xinqiao.evaluation import binding, indicator_lint, indicators
from xinqiao.evaluation import rows as rows_
from xinqiao.evaluation.errors import ModelFaults
from xinqiao.evaluation.indicator_language import (
    CataloguedIndicator,
    IndicatorCase,
    IndicatorCases,
    IndicatorFile,
)
from xinqiao.evaluation.indicators import Catalogue, Known, Reading
from xinqiao.evaluation.model_files import read_entry
from xinqiao.kernel.ids import SubjectId

FOLDER: Final = "indicators"
CASES: Final = ".cases.yml"
EMPTY: Final = "empty"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Indicators:
    """`groups` are the files by their names, `group_of` says in which each indicator stands."""

    catalogue: Catalogue
    groups: Mapping[str, IndicatorFile]
    group_of: Mapping[str, str]
    cases: tuple[IndicatorCase, ...]


@dataclass(slots=True)
class _Read:
    groups: dict[str, IndicatorFile] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)  # by indicator
    cases: list[IndicatorCase] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def load(city: City) -> Indicators:
    """Raises `ModelFaults` with every mistake. Read and checked once for the same words: pages ask often."""
    key = (str(city.folder), city.digest, _digest(city.folder / FOLDER))
    if key not in _kept:
        found, mistakes = read(city)
        if found is None:
            raise ModelFaults(mistakes)
        _kept[key] = found
    return _kept[key]


_kept: dict[tuple[str, str, str], Indicators] = {}


def _digest(folder: Path) -> str:
    content = (path.name.encode() + b"\0" + path.read_bytes() for path in sorted(folder.glob("*.yml")))
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def read(city: City) -> tuple[Indicators | None, list[Mistake]]:
    """The catalogue, or every mistake that prevents it."""
    found = _Read()
    for path in sorted((city.folder / FOLDER).glob("*.yml")):
        if not path.name.endswith(CASES) and not path.name.startswith("."):
            _group(city, path, found)
    one = {name: ind for group in found.groups.values() for name, ind in group.indicators.items()}
    for name, message in indicator_lint.twins(one):
        found.mistakes.append(found.documents[name].mistake(("indicators", name), message))
    if found.mistakes:
        return None, sorted(found.mistakes)
    group_of = {name: key for key, group in found.groups.items() for name in group.indicators}
    return Indicators(bound(city, one), found.groups, group_of, tuple(found.cases)), []


def _group(city: City, path: Path, found: _Read) -> None:
    file = f"{FOLDER}/{path.name}"
    document, group = read_entry(IndicatorFile, path, file)
    cases_file = f"{FOLDER}/{path.stem}{CASES}"
    written, cases = read_entry(IndicatorCases, path.with_name(path.stem + CASES), cases_file)
    found.mistakes += [*document.mistakes, *written.mistakes]
    if group is None or cases is None:
        return
    if group.group != path.stem:
        found.mistakes.append(document.mistake(("group",), f"组名应与文件同名：{path.stem}"))
    for name, one in group.indicators.items():
        faults = indicator_lint.faults(name, one, city)
        found.mistakes += [document.mistake(("indicators", name, *at), message) for at, message in faults]
        if name in found.documents:
            found.mistakes.append(document.mistake(("indicators", name), f"名字 {name} 在别的组里用过了"))
        found.documents[name] = document
    found.mistakes += _strange(city, group, cases, written)
    found.groups[group.group] = group
    found.cases += cases.cases


def _strange(city: City, group: IndicatorFile, cases: IndicatorCases, written: Document) -> Iterator[Mistake]:
    """Names in a case that nothing answers to; and indicators that no case shows."""
    for place, case in enumerate(cases.cases):
        for name in sorted(case.expect.keys() - group.indicators.keys()):
            yield written.mistake(("cases", place), f"这一组里没有指标 {name}")
        for item, rows in case.given.items():
            known = {"standing", *city.items[item].fields} if item in city.items else set()
            for name in sorted({key for row in rows for key in row} - known):
                yield written.mistake(("cases", place), f"{item} 没有信息项 {name}")
    shown = {name for case in cases.cases for name in case.expect}
    for name in sorted(group.indicators.keys() - shown):
        yield written.mistake((), f"没有案例说明指标 {name}")


def bound(city: City, named: Mapping[str, CataloguedIndicator]) -> Catalogue:
    """The indicators with what they read of each item; `indicator_lint` must have found nothing."""
    fields: dict[str, set[str]] = {}
    for one in named.values():
        fields.setdefault(one.reads, set()).update(indicator_lint.fields_named(one))
        if one.nature is not None:
            fields[one.reads] |= {w.field for case in city.items[one.reads].adverse.cases for w in case.when}
    items = {name: binding.read_item(city, city.items[name], sorted(of)) for name, of in sorted(fields.items())}
    return Catalogue(named, items)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def differences(city: City, found: Indicators) -> Iterator[str]:
    """Everything a case says and the engine does not. Those of one day run together, each a subject of its own."""
    together: dict[str, list[IndicatorCase]] = {}
    for case in found.cases:
        together.setdefault(f"{case.on} {case.silent} {case.newest}", []).append(case)
    for cases in together.values():
        names = list(dict.fromkeys(name for case in cases for name in case.expect))
        subjects = [SubjectId(place) for place in range(len(cases))]
        readings = indicators.measure(found.catalogue, names, subjects, _known(city, found, cases))
        for case, subject in zip(cases, subjects, strict=True):
            yield from _unlike(case, readings[subject])


def _unlike(case: IndicatorCase, readings: Mapping[str, Reading]) -> Iterator[str]:
    for name, expected in case.expect.items():
        if (got := as_expected(readings[name])) != _normal(expected):
            yield f"{case.name}：{name} 应为 {expected}，得到 {got}"


def _known(city: City, found: Indicators, cases: Sequence[IndicatorCase]) -> Known:
    """The rows of cases of one day as facts: the n-th case is subject n, facts are numbered as they are written."""
    made: dict[str, list[dict[str, Any]]] = {}
    number = itertools.count(1)
    for subject, case in enumerate(cases):
        for item, written in case.given.items():
            rows = (rows_.row(city.item(item), row, next(number), subject) for row in written)
            made.setdefault(item, []).extend(rows)
    facts = {item: rows_.frame(city.item(item), some) for item, some in made.items()}
    heard = {item: Heard.ANSWERED for item in found.catalogue.items if item not in cases[0].silent}
    return Known(cases[0].on, facts, heard, cases[0].newest)


def as_expected(reading: Reading) -> str:
    """A reading as cases write it."""
    if not reading.known or reading.state is indicators.State.INCOMPLETE:
        return UNKNOWN
    return EMPTY if reading.value is None else _normal(str(reading.value))


def _normal(said: str) -> str:
    try:
        return format(Decimal(said).normalize(), "f")
    except ArithmeticError:
        return said
