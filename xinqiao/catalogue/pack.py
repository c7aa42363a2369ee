"""A city's folder, read file by file: the entries found in it, with where they stand, and what was wrong."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from xinqiao.catalogue.claims import Claim
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.folders import CASES, case_files, entry_files, strangers
from xinqiao.catalogue.schema import (
    Assessment,
    CalendarYear,
    CityFile,
    Clock,
    CodeList,
    Division,
    English,
    Entry,
    Family,
    Industry,
    Item,
    RowCase,
    Section,
    Source,
)
from xinqiao.catalogue.validation import entry_of

E = TypeVar("E", bound=Entry)


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
    contents: dict[str, str] = field(default_factory=dict)  # SHA-256 of each file read
    city: Placed[CityFile] | None = None
    items: list[Placed[Item]] = field(default_factory=list)
    sources: list[Placed[Source]] = field(default_factory=list)
    codes: list[Placed[CodeList]] = field(default_factory=list)
    years: list[Placed[CalendarYear]] = field(default_factory=list)
    families: list[Placed[Family]] = field(default_factory=list)
    sections: list[Placed[Section]] = field(default_factory=list)
    divisions: list[Placed[Division]] = field(default_factory=list)
    industries: list[Placed[Industry]] = field(default_factory=list)
    clocks: list[Placed[Clock]] = field(default_factory=list)
    english: list[Placed[English]] = field(default_factory=list)
    claims: list[Placed[Claim]] = field(default_factory=list)
    assessments: list[Placed[Assessment]] = field(default_factory=list)
    cases: frozenset[str] = frozenset()  # the items that have a cases file
    mistakes: list[Mistake] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)  # files whose entries are missing from the lists above

    @property
    def digest(self) -> str:
        """SHA-256 over the names and contents of the files read."""
        lines = "".join(f"{file} {digest}\n" for file, digest in sorted(self.contents.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


def read_pack(folder: Path) -> Pack:
    """Read the whole folder but the cases, which only `check` and tests look into."""
    pack = Pack(folder)
    pack.cases = case_files(folder)
    pack.city = _one(pack, CityFile, "city.yml")
    pack.families = _list(pack, Family, "families.yml", "families")
    pack.sections = _list(pack, Section, "sections.yml", "sections")
    pack.divisions = _list(pack, Division, "divisions.yml", "divisions")
    pack.industries = _list(pack, Industry, "industries.yml", "industries")
    pack.clocks = _list(pack, Clock, "clocks.yml", "clocks")
    pack.sources = _folder(pack, Source, "sources")
    pack.codes = _folder(pack, CodeList, "codes")
    pack.years = _folder(pack, CalendarYear, "calendar")
    pack.items = _folder(pack, Item, "items")
    pack.english = _folder(pack, English, "english")
    pack.claims = _folder(pack, Claim, "claims")
    pack.assessments = _folder(pack, Assessment, "assessments")
    pack.mistakes += strangers(folder)
    return pack


def assessments_of(folder: Path) -> list[Assessment]:
    """The city's assessments alone, for who asks about a purpose; what is wrong with one is told with the whole."""
    return [placed.entry for placed in _folder(Pack(folder), Assessment, "assessments")]


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


def _open(pack: Pack, file: str) -> Document:
    path = pack.folder / file
    if not path.is_file():
        pack.unreadable.add(file)
        document = Document(file)
        document.mistakes.append(Mistake(file, 1, "缺少这个文件"))
        return document
    document = read(path, file)
    pack.contents[file] = document.digest
    return document


def _one(pack: Pack, kind: type[E], file: str) -> Placed[E] | None:
    """The entry of a file. Even a file with doubled keys is looked at further, so that one run tells everything."""
    document = _open(pack, file)
    entry = entry_of(kind, document, document.value) if document.root is not None else None
    pack.mistakes += document.mistakes
    if entry is None:
        pack.unreadable.add(file)
        return None
    return Placed(entry, document)


def _folder(pack: Pack, kind: type[E], name: str) -> list[Placed[E]]:
    read_ones = (_one(pack, kind, file) for file in entry_files(pack.folder, name))
    return [placed for placed in read_ones if placed is not None]


def _list(pack: Pack, kind: type[E], file: str, key: str) -> list[Placed[E]]:
    """A file that holds one list under one key."""
    document = _open(pack, file)
    found = _entries(document, kind, key) if document.root is not None else []
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
