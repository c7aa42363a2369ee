"""承诺书样式: what a business may commit itself to, to whom, for how long: the city's `commitments.yml`."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xinqiao import catalogue
from xinqiao.catalogue.city import City
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Basis, Entry, Flag, Name, Text, Whole
from xinqiao.catalogue.validation import entry_of

FILE: Final = "commitments.yml"
KINDS: Final = "commitment_kind"  # the code list of 承诺类型


class Promise(Entry):
    """One form. `to` is a source, none for the platform itself; `declares` the items it opens for self-declaring."""

    commitment: Name
    version: Text
    kind: Text
    title: Text
    promises: tuple[Text, ...]
    to: Name | None = None
    due_days: Whole | None = None
    months: Whole
    published: Flag
    declares: tuple[Name, ...] = ()
    basis: tuple[Basis, ...]

    @property
    def text(self) -> str:
        """What is signed, as it stands in the file afterwards."""
        return "\n".join([self.title, *(f"{n}. {one}" for n, one in enumerate(self.promises, 1))])


def promises() -> Mapping[str, Promise]:
    """By name; read once for each city folder."""
    return _kept(catalogue.city().folder)


def opens(item: str) -> Promise | None:
    """What has to be committed to before this item may be declared."""
    return next((one for one in promises().values() if item in one.declares), None)


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Mapping[str, Promise]:
    found, mistakes = load(folder, catalogue.city())
    if mistakes:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path, city: City) -> tuple[Mapping[str, Promise], list[Mistake]]:
    """Every form that can be read, and every mistake with its line. A city without the file offers none."""
    if not (folder / FILE).is_file():
        return MappingProxyType({}), []
    document = read(folder / FILE, FILE)
    listed = document.value.get("commitments") if isinstance(document.value, dict) else None
    if not isinstance(listed, list):
        return MappingProxyType({}), [*document.mistakes, document.mistake((), "这个文件应只有一个列表：commitments")]
    found: dict[str, Promise] = {}
    for index, one in enumerate(listed):
        entry = entry_of(Promise, document, one, ("commitments", index))
        if entry is not None:
            document.mistakes += _mistakes(entry, ("commitments", index), document, city, found)
            found[entry.commitment] = entry
    return MappingProxyType(found), document.mistakes


def _mistakes(
    one: Promise, at: tuple[str | int, ...], document: Document, city: City, before: Mapping[str, Promise]
) -> Iterator[Mistake]:
    if one.commitment in before:
        yield document.mistake((*at, "commitment"), "同一个承诺写了两次")
    if one.kind not in city.codes[KINDS].values:
        yield document.mistake((*at, "kind"), f"代码表 {KINDS} 里没有这个代码")
    if one.to is not None and one.to not in city.sources:
        yield document.mistake((*at, "to"), "没有这个提供单位")
    if one.months < 1 or not one.promises:
        yield document.mistake((*at, "months"), "有效期至少一个月，内容至少一条")
    for n, item in enumerate(one.declares):
        if item not in city.items:
            yield document.mistake((*at, "declares", n), "清单里没有这一项")
