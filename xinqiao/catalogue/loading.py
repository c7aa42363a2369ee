"""From a folder to a `City`, or to every mistake in it at once."""

import os
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xinqiao.catalogue import consistency, english, sections
from xinqiao.catalogue.city import City
from xinqiao.catalogue.errors import CatalogueFaults
from xinqiao.catalogue.natural_persons import with_decision
from xinqiao.catalogue.pack import E, Pack, Placed, read_cases, read_pack
from xinqiao.catalogue.schema import CalendarYear, CityFile, RowCase
from xinqiao.kernel.calendar import WorkingCalendar

FIRST_CITY: Final = Path("cities") / "pingdingshan"


def folder() -> Path:
    """The folder of the city this process serves: the one named by `XINQIAO_CITY`, else the first city's."""
    named = os.environ.get("XINQIAO_CITY")
    return Path(named) if named else _home_pack()


def city() -> City:
    """The city this process serves, read once; asked for several times with every answer."""
    return _kept(os.environ.get("XINQIAO_CITY") or str(_home_pack()))


@lru_cache(maxsize=4)
def _kept(path: str) -> City:
    return load(Path(path))


@lru_cache(maxsize=1)  # asked for with every report, and it looks at the disk
def _home_pack() -> Path:
    """Beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent / FIRST_CITY
    return checkout if checkout.is_dir() else package / FIRST_CITY


def load(of: Path) -> City:
    """Read and link a city's folder; raises `CatalogueFaults` with every mistake found."""
    pack = read_pack(of)
    mistakes = sorted({*pack.mistakes, *consistency.mistakes_in(pack)})
    if mistakes or pack.city is None:
        raise CatalogueFaults(mistakes)
    return linked(pack, pack.city.entry)


def cases_of(city: City, item: str) -> tuple[RowCase, ...]:
    """The cases beside an item, rows filled in; raises `CatalogueFaults` when they cannot be read."""
    cases, mistakes = read_cases(city.folder, item)
    if mistakes:
        raise CatalogueFaults(mistakes)
    return tuple(placed.entry for placed in cases)


def linked(pack: Pack, file: CityFile) -> City:
    """A pack without mistakes as a city: by name, frozen, the city's decisions written into the items."""
    return City(
        folder=pack.folder,
        digest=pack.digest,
        file=file,
        items=MappingProxyType({p.entry.item: with_decision(p.entry, file.natural_persons) for p in pack.items}),
        sources=_by(pack.sources, "source"),
        families=_by(pack.families, "family"),
        sections=_by(pack.sections, "section"),
        section_of=MappingProxyType(sections.of_items(pack)),
        codes=_by(pack.codes, "list"),
        divisions=_by(pack.divisions, "code"),
        industries=_by(pack.industries, "code"),
        clocks=_by(pack.clocks, "clock"),
        claims=_by(pack.claims, "claim"),
        assessments=_by(pack.assessments, "assessment"),
        english=english.words_of(pack),
        calendar=calendar_of(p.entry for p in pack.years),
    )


def _by(entries: Iterable[Placed[E]], key: str) -> Mapping[str, E]:
    return MappingProxyType({getattr(p.entry, key): p.entry for p in entries})


def calendar_of(years: Iterable[CalendarYear]) -> WorkingCalendar:
    announced = list(years)
    holidays = [h for year in announced for h in year.holidays]
    return WorkingCalendar.of(
        holidays=(day for h in holidays for day in _days(h.since, h.until)),
        working=(day for h in holidays for day in h.working),
        years=(year.year for year in announced),
    )


def _days(since: date, until: date) -> Iterable[date]:
    return (since + timedelta(days=i) for i in range((until - since).days + 1))
