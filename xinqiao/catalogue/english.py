"""The city's words in English: `english/*.yml`, each Chinese text beside its English, and the titles items carry.

A text is found by its Chinese, as in the program's own translations: one Chinese term, one English term. A text that
was changed has no English until somebody looks at it again; one that is no longer said may stay, since what was said
with it is kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from xinqiao.catalogue.city import City
from xinqiao.catalogue.claims import Bands
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.pack import Pack
from xinqiao.catalogue.schema import Item, RefuseWhen

_PLACE: Final = re.compile(r"\{(\w+)")
COUNTED: Final = "n"  # a unit may ask how many: `条: "{n:entry|entries}"`


def words_of(pack: Pack) -> Mapping[str, str]:
    """Chinese → English."""
    words: dict[str, str] = {}
    for title, english in chain(_of_files(pack), _of_titles(pack)):
        words.setdefault(title, english)
    return MappingProxyType(words)


def _of_files(pack: Pack) -> Iterator[tuple[str, str]]:
    for placed in pack.english:
        yield from placed.entry.english.items()


def _of_titles(pack: Pack) -> Iterator[tuple[str, str]]:
    titled = [p.entry for p in pack.items]
    yield from ((item.title, item.title_en) for item in titled)
    yield from ((p.entry.title, p.entry.title_en) for p in pack.families)
    yield from ((p.entry.title, p.entry.title_en) for p in pack.sections)
    yield from ((p.entry.title, p.entry.title_en) for p in pack.claims)
    yield from ((f.title, f.title_en) for item in titled for f in item.fields.values() if f.title_en)
    if pack.city is not None:
        yield pack.city.entry.title, pack.city.entry.title_en


def mistakes_in(pack: Pack) -> Iterator[Mistake]:
    """Two English texts for one Chinese, and places that the Chinese does not have."""
    met: dict[str, str] = {}
    for placed in pack.english:
        for chinese, english in placed.entry.english.items():
            if met.setdefault(chinese, english) != english:
                yield placed.mistake(f"“{chinese}”的英文与别处不同：{met[chinese]}", "english", chinese)
            if strange := set(_PLACE.findall(english)) - set(_PLACE.findall(chinese)) - {COUNTED}:
                yield placed.mistake(f"英文里的空格在中文里没有：{'、'.join(sorted(strange))}", "english", chinese)


def untranslated(texts: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """Those of the texts that speak Chinese and have no English, once each."""
    return [text for text in dict.fromkeys(texts) if not text.isascii() and text not in words]


def texts(city: City) -> Iterator[str]:
    """What pages say in the city's own words, of what may be delivered: titles, reasons, units, values of lists."""
    yield from (item.title for item in city.items.values())
    yield from (family.title for family in city.families.values())
    yield from (section.title for section in city.sections.values())
    yield from (name.title for source in city.sources.values() for name in source.names)
    yield from (division.title for division in city.divisions.values())
    yield from (industry.title for industry in city.industries.values())
    for one in city.assessments.values():
        yield from (one.title, one.lawful, one.impact, one.measures, one.assessed_by, one.approved_by)
    for claim in city.claims.values():
        bands = claim.asks.bands if isinstance(claim.asks, Bands) else ()
        yield from (claim.title, claim.question, claim.yes or "", claim.no or "", *(band.title for band in bands))
    for item in city.whole_items():
        yield from _of_item(item)
        yield from (value.title for name in _lists(item) for value in city.codes[name].values.values())


def _of_item(item: Item) -> Iterator[str]:
    for field in item.fields.values():
        yield from (field.title, field.unit or "", field.form or "")
    for check in item.checks:
        yield check.reason
        if isinstance(check, RefuseWhen):
            yield check.basis


def _lists(item: Item) -> Iterator[str]:
    return (field.codes for field in item.fields.values() if field.codes is not None)
