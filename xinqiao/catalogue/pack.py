"""A city's folder, read file by file: which file holds what, and the entries found in it with where they stand.

city.yml  divisions.yml  industries.yml  families.yml  clocks.yml
sources/<source>.yml  items/<item>.yml  items/<item>.cases.yml  codes/<list>.yml  calendar/<year>.yml
models/, notices/ and purposes.yml belong to evaluation, authorisation and parties, which read them themselves.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeVar

from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.schema import (
    CalendarYear,
    CityFile,
    Clock,
    CodeList,
    Division,
    Entry,
    Family,
    Industry,
    Item,
    RowCase,
    Source,
)
from xinqiao.catalogue.validation import entry_of

E = TypeVar("E", bound=Entry)

CASES: Final = ".cases.yml"
SINGLE: Final = frozenset({"city.yml", "divisions.yml", "industries.yml", "families.yml", "clocks.yml"})
FOLDERS: Final = frozenset({"sources", "items", "codes", "calendar"})
OTHERS: Final = frozenset({"models", "notices", "purposes.yml"})


@dataclass(frozen=True, slots=True)
class Placed(Generic[E]):
    """An entry and where it stands."""

    entry: E
    document: Document
    at: tuple[int | str, ...] = ()

    def mistake(self, message: str, *at: int | str) -> Mistake:
        return self.document.mistake((*self.at, *at), message)


@dataclass(slots=True)
class Pack:
    """Everything readable in the folder, and every mistake met while reading it."""

    folder: Path
    digest: str = ""
    city: Placed[CityFile] | None = None
    items: list[Placed[Item]] = field(default_factory=list)
    sources: list[Placed[Source]] = field(default_factory=list)
    codes: list[Placed[CodeList]] = field(default_factory=list)
    years: list[Placed[CalendarYear]] = field(default_factory=list)
    families: list[Placed[Family]] = field(default_factory=list)
    divisions: list[Placed[Division]] = field(default_factory=list)
    industries: list[Placed[Industry]] = field(default_factory=list)
    clocks: list[Placed[Clock]] = field(default_factory=list)
    cases: frozenset[str] = frozenset()  # the items that have a cases file
    mistakes: list[Mistake] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)  # files whose entries are missing from the lists above


def read_pack(folder: Path) -> Pack:
    """Read the whole folder but the cases, which only `check` and tests look into."""
    pack = Pack(folder)
    files = list(_files(folder))
    pack.digest = _digest(folder, files)
    pack.cases = frozenset(f.name.removesuffix(CASES) for f in files if f.name.endswith(CASES))
    pack.city = _one(pack, CityFile, "city.yml")
    pack.families = _list(pack, Family, "families.yml", "families")
    pack.divisions = _list(pack, Division, "divisions.yml", "divisions")
    pack.industries = _list(pack, Industry, "industries.yml", "industries")
    pack.clocks = _list(pack, Clock, "clocks.yml", "clocks")
    pack.sources = _folder(pack, Source, "sources", files)
    pack.codes = _folder(pack, CodeList, "codes", files)
    pack.years = _folder(pack, CalendarYear, "calendar", files)
    pack.items = _folder(pack, Item, "items", files)
    pack.mistakes += _strangers(folder, files)
    return pack


def read_cases(folder: Path, item: str) -> tuple[list[Placed[RowCase]], list[Mistake]]:
    """The cases beside an item, in their order; none when the file is missing, which `check` reports."""
    file = f"items/{item}{CASES}"
    if not (folder / file).is_file():
        return [], []
    pack = Pack(folder)
    return list(_filled_in(pack, _list(pack, RowCase, file, "cases"))), pack.mistakes


def _filled_in(pack: Pack, cases: list[Placed[RowCase]]) -> Iterator[Placed[RowCase]]:
    """Each case with the row it is like under its own."""
    rows: dict[str, dict[str, str]] = {}
    for placed in cases:
        case = placed.entry
        if case.like is not None and case.like not in rows:
            pack.mistakes.append(placed.mistake(f"前面没有名为“{case.like}”的用例", "like"))
        if case.name in rows:
            pack.mistakes.append(placed.mistake(f"用例“{case.name}”写了两次", "name"))
        rows[case.name] = rows.get(case.like or "", {}) | case.row
        yield Placed(case.model_copy(update={"row": rows[case.name]}), placed.document, placed.at)


def _files(folder: Path) -> Iterator[Path]:
    """Every file of the catalogue's own, in a fixed order; hidden files and other domains' folders are left alone."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith(".") or path.name in OTHERS:
            continue
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            yield path


def _digest(folder: Path, files: list[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _strangers(folder: Path, files: list[Path]) -> Iterator[Mistake]:
    """A file nobody reads is a decision nobody follows."""
    for path in files:
        place = path.relative_to(folder)
        known = place.name in SINGLE if place.parent == Path() else place.parent.as_posix() in FOLDERS
        if place.name != "README.md" and not (known and path.suffix == ".yml"):
            yield Mistake(place.as_posix(), 1, "这里不应有这个文件，清单不会读它")


def _open(pack: Pack, file: str) -> Document:
    path = pack.folder / file
    if not path.is_file():
        pack.unreadable.add(file)
        document = Document(file)
        document.mistakes.append(Mistake(file, 1, "缺少这个文件"))
        return document
    return read(path, file)


def _one(pack: Pack, kind: type[E], file: str) -> Placed[E] | None:
    document = _open(pack, file)
    entry = None
    if not document.mistakes:
        entry = entry_of(kind, document, document.value)
    pack.mistakes += document.mistakes
    if entry is None:
        pack.unreadable.add(file)
        return None
    return Placed(entry, document)


def _folder(pack: Pack, kind: type[E], name: str, files: list[Path]) -> list[Placed[E]]:
    mine = [f for f in files if f.parent == pack.folder / name and f.suffix == ".yml" and not f.name.endswith(CASES)]
    read_ones = (_one(pack, kind, f"{name}/{f.name}") for f in mine)
    return [placed for placed in read_ones if placed is not None]


def _list(pack: Pack, kind: type[E], file: str, key: str) -> list[Placed[E]]:
    """A file that holds one list under one key."""
    document = _open(pack, file)
    found: list[Placed[E]] = []
    if not document.mistakes:
        found = _entries(document, kind, key)
    pack.mistakes += document.mistakes
    if document.mistakes:
        pack.unreadable.add(file)
    return found


def _entries(document: Document, kind: type[E], key: str) -> list[Placed[E]]:
    value = document.value
    if not isinstance(value, dict) or set(value) != {key} or not isinstance(value[key], list):
        document.mistakes.append(document.mistake((), f"这个文件应只有一个列表：{key}"))
        return []
    pairs = ((i, entry_of(kind, document, one, (key, i))) for i, one in enumerate(value[key]))
    return [Placed(entry, document, (key, i)) for i, entry in pairs if entry is not None]
