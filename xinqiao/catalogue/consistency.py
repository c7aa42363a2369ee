"""What one file says must agree with the others: names, references, lists, divisions, days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from xinqiao.catalogue import assessments, claim_consistency, english, item_consistency, sections
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.pack import E, Pack, Placed
from xinqiao.catalogue.schema import CalendarYear, CodeList, Division, Industry, Source
from xinqiao.catalogue.surroundings import Surroundings
from xinqiao.kernel.calendar import FIRST_DAY_OF_WEEKEND
from xinqiao.kernel.uscc import SAYING, fault_in


def mistakes_in(pack: Pack) -> Iterator[Mistake]:
    """Every disagreement between the entries that could be read."""
    yield from _names(pack)
    for source in pack.sources:
        yield from _source(source)
    for one in pack.codes:
        yield from _code_list(one)
    yield from _divisions(pack)
    yield from _industries(pack)
    for year in pack.years:
        yield from _year(year)
    around = surroundings_of(pack)
    for item in pack.items:
        yield from item_consistency.mistakes_in(item, around)
    items = {p.entry.item: p.entry for p in pack.items}
    for claim in pack.claims:
        if claim.entry.item not in _unreadable(pack, "items"):  # its own mistake is told already
            yield from claim_consistency.mistakes_in(claim, items, around)
    if not _unreadable(pack, "assessments"):  # its own mistake is told already
        yield from assessments.mistakes_in(pack)
    yield from sections.mistakes_in(pack)
    yield from _lonely_cases(pack)
    yield from english.mistakes_in(pack)


def surroundings_of(pack: Pack) -> Surroundings:
    """What items may refer to. What stands in an unreadable file counts as there: its own mistake is told already."""
    return Surroundings(
        families=None if "families.yml" in pack.unreadable else frozenset(p.entry.family for p in pack.families),
        sources=frozenset(p.entry.source for p in pack.sources) | _unreadable(pack, "sources"),
        codes={p.entry.list: p.entry for p in pack.codes},
        unread_codes=_unreadable(pack, "codes"),
        natural=frozenset(pack.city.entry.natural_persons.kinds if pack.city else ()),
    )


def _unreadable(pack: Pack, folder: str) -> frozenset[str]:
    paths = (PurePosixPath(file) for file in pack.unreadable)
    return frozenset(path.stem for path in paths if path.parts[0] == folder)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Naming:
    """Entries of one sort: how each is named, and whether its file carries the name."""

    sort: str
    key: str
    by_file: bool


def _names(pack: Pack) -> Iterator[Mistake]:
    yield from _named(pack.items, _Naming("数据项", "item", by_file=True))
    yield from _named(pack.items, _Naming("数据代码", "code", by_file=False))
    yield from _named(pack.sources, _Naming("提供单位", "source", by_file=True))
    yield from _named(pack.codes, _Naming("代码表", "list", by_file=True))
    yield from _named(pack.years, _Naming("年份", "year", by_file=True))
    yield from _named(pack.families, _Naming("类别", "family", by_file=False))
    yield from _named(pack.sections, _Naming("报告的章节", "section", by_file=False))
    yield from _named(pack.divisions, _Naming("行政区划", "code", by_file=False))
    yield from _named(pack.industries, _Naming("行业", "code", by_file=False))
    yield from _named(pack.claims, _Naming("核验", "claim", by_file=True))
    yield from _named(pack.assessments, _Naming("影响评估", "assessment", by_file=True))
    yield from _named(pack.clocks, _Naming("时限", "clock", by_file=False))


def _named(entries: Iterable[Placed[E]], naming: _Naming) -> Iterator[Mistake]:
    met: dict[str, str] = {}
    for placed in entries:
        name = str(getattr(placed.entry, naming.key))
        file = PurePosixPath(placed.document.file)
        if naming.by_file and file.stem != name:
            yield placed.mistake(f"文件名应与{naming.sort}的名字一致：{name}.yml", naming.key)
        if name in met:
            yield placed.mistake(f"{naming.sort}“{name}”已在 {met[name]} 里写过", naming.key)
        met.setdefault(name, str(file))


def _lonely_cases(pack: Pack) -> Iterator[Mistake]:
    known = {p.entry.item for p in pack.items} | _unreadable(pack, "items")
    for name in sorted(pack.cases - known):
        yield Mistake(f"items/{name}.cases.yml", 1, f"没有名为“{name}”的数据项，这些用例无从检验")


# ── one sort each ────────────────────────────────────────────────────────────────────────────────────────────────────


def _source(placed: Placed[Source]) -> Iterator[Mistake]:
    source = placed.entry
    days = [name.since for name in source.names]
    if not days:
        yield placed.mistake("至少要有一个名称", "names")
    if days != sorted(set(days)):
        yield placed.mistake("名称应按启用日期先后排列，且日期不能相同", "names")
    if source.uscc is not None and (fault := fault_in(source.uscc)) is not None:
        yield placed.mistake(SAYING[fault], "uscc")


def _code_list(placed: Placed[CodeList]) -> Iterator[Mistake]:
    """One spelling must mean one code, or the same cell could be read in two ways."""
    list_ = placed.entry
    if not list_.values and not list_.open:
        yield placed.mistake("没有任何代码；官方代码表未取得的，写 open: true", "values")
    means: dict[str, str] = {}
    for code, value in list_.values.items():
        for spelling in {code, value.title, *value.also}:
            if means.setdefault(spelling, code) != code:
                message = f"“{spelling}”既是 {means[spelling]} 又是 {code}"
                yield placed.mistake(message, "values", code)


def _divisions(pack: Pack) -> Iterator[Mistake]:
    known = {p.entry.code for p in pack.divisions}
    gone = {p.entry.code for p in pack.divisions if p.entry.withdrawn is not None}
    for placed in pack.divisions:
        yield from _division(placed, known, gone)
    if pack.city is not None and known and pack.city.entry.code not in known:
        yield pack.city.mistake(f"行政区划里没有本市的代码 {pack.city.entry.code}", "code")


def _division(placed: Placed[Division], known: set[str], gone: set[str]) -> Iterator[Mistake]:
    division = placed.entry
    if division.now is not None and division.withdrawn is None:
        yield placed.mistake("没有撤销的区划不能写由谁接替（now）", "now")
    if division.now is not None and division.now not in known:
        yield placed.mistake(f"接替它的区划 {division.now} 不在表里", "now")
    if division.now in gone:
        yield placed.mistake(f"接替它的区划 {division.now} 自己也已撤销，请写现在管这里的区划", "now")


def _industries(pack: Pack) -> Iterator[Mistake]:
    sections = {p.entry.code for p in pack.industries if p.entry.code.isalpha()}
    for placed in pack.industries:
        yield from _industry(placed, sections)


def _industry(placed: Placed[Industry], sections: set[str]) -> Iterator[Mistake]:
    industry = placed.entry
    if industry.section not in sections:
        yield placed.mistake(f"没有门类 {industry.section}", "section")
    if industry.code.isalpha() and industry.code != industry.section:
        yield placed.mistake("门类的 section 应是它自己", "section")


def _year(placed: Placed[CalendarYear]) -> Iterator[Mistake]:
    year = placed.entry
    for i, holiday in enumerate(year.holidays):
        if holiday.until < holiday.since:
            yield placed.mistake("止日早于起日", "holidays", i, "until")
        if year.year not in {holiday.since.year, holiday.until.year}:
            yield placed.mistake(f"不在 {year.year} 年", "holidays", i, "since")
        for j, day in enumerate(holiday.working):
            if day.weekday() < FIRST_DAY_OF_WEEKEND:
                yield placed.mistake(f"{day} 本来就是工作日，不是调休上班", "holidays", i, "working", j)
