"""修复途径: how each kind of line is repaired, at whom, with which papers, as the city's `repairs.yml` has it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from xinqiao import catalogue
from xinqiao.catalogue.city import City
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Basis, Entry, Name, Text
from xinqiao.catalogue.validation import entry_of

FILE: Final = "repairs.yml"


class PaperAsked(Entry):
    """One paper an application needs."""

    paper: Name
    title: Text


class Way(Entry):
    """How lines of one item are repaired. With the window of Credit China: what its results call such a line."""

    item: Name
    window: Literal["credit_china", "source"]
    how: Text
    target: str | None = None
    document: Name | None = None
    papers: tuple[PaperAsked, ...] = ()
    basis: tuple[Basis, ...]

    @property
    def applied_for_here(self) -> bool:
        return self.window == "credit_china"


def ways() -> Mapping[str, Way]:
    """By item; read once for each city folder."""
    return _kept(catalogue.city().folder)


def of_target(target: str) -> dict[str, Way]:
    """The items a result of this kind of target may speak of."""
    return {item: way for item, way in ways().items() if way.target == target}


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Mapping[str, Way]:
    found, mistakes = load(folder, catalogue.city())
    if mistakes:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path, city: City) -> tuple[Mapping[str, Way], list[Mistake]]:
    """Every way that can be read, and every mistake with its line. A city without the file repairs nothing here."""
    if not (folder / FILE).is_file():
        return MappingProxyType({}), []
    document = read(folder / FILE, FILE)
    listed = document.value.get("repairs") if isinstance(document.value, dict) else None
    if not isinstance(listed, list):
        return MappingProxyType({}), [*document.mistakes, document.mistake((), "这个文件应只有一个列表：repairs")]
    found: dict[str, Way] = {}
    for index, one in enumerate(listed):
        entry = entry_of(Way, document, one, ("repairs", index))
        if entry is not None:
            document.mistakes += _mistakes(entry, ("repairs", index), document, city, found)
            found[entry.item] = entry
    return MappingProxyType(found), document.mistakes


def _mistakes(
    one: Way, at: tuple[str | int, ...], document: Document, city: City, before: Mapping[str, Way]
) -> Iterator[Mistake]:
    item = city.items.get(one.item)
    if item is None:
        yield document.mistake((*at, "item"), "清单里没有这一项")
    if one.item in before:
        yield document.mistake((*at, "item"), "同一项写了两次")
    if one.applied_for_here and not (one.target and one.document and one.papers):
        yield document.mistake((*at, "window"), "移交“信用中国”的，应写明 target、document 和 papers")
    if item is not None and one.document is not None and one.document not in item.fields:
        yield document.mistake((*at, "document"), f"{one.item} 没有这一栏")
