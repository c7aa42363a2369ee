"""What a person is shown before agreeing: the risk notice and the grant's own words, from the city's `notices/`.

Every version of a text has a digest; a grant keeps the digests of both texts, and the texts are kept to the letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final

from xinqiao import catalogue
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Entry, Name, Text
from xinqiao.catalogue.validation import entry_of
from xinqiao.parties import purposes
from xinqiao.parties.queries import InstitutionView
from xinqiao.subjects.queries import SubjectView

FOLDER: Final = "notices"
METHOD: Final = "机构提出查询，平台核对授权后当次提供信用报告"
BLANKS: Final = frozenset(
    {"subject", "uscc", "institution", "contact", "purpose", "sentence", "method", "items", "since", "until"}
)


class NoticeFile(Entry):
    notice: Name
    version: Text
    title: Text
    risk: tuple[Text, ...]
    statement: Text


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """Which text a person read: its version and the SHA-256 (hex) of exactly that text."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Notice(NoticeVersion):
    """The risk notice in force for a purpose. `text` is what the digest covers; `risks` are its paragraphs."""

    name: str
    title: str
    risks: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Statement(NoticeVersion):
    """The grant's own words, filled in: what the business signs."""

    name: str
    text: str


def current(purpose: str) -> Notice:
    """The risk notice for a purpose. Raises `PurposeUnknown`."""
    file = files()[purposes.purpose(purpose).notice]
    text = "\n".join((file.title, *file.risk)) + "\n"
    return Notice(file.version, _digest(text), file.notice, file.title, file.risk, text)


def statement(
    *, subject: SubjectView, to: InstitutionView, items: Sequence[str], purpose: str, since: date, until: date
) -> Statement:
    """The words of one grant, filled in from what it would say. Raises `PurposeUnknown`, `UnknownItem`."""
    named = purposes.purpose(purpose)
    file = files()[named.notice]
    text = file.statement.format(
        subject=subject.name,
        uscc=subject.uscc,
        institution=to.name,
        contact=to.contact,
        purpose=named.title,
        sentence=named.sentence,
        method=METHOD,
        items="、".join(catalogue.city().item(name).title for name in sorted(set(items))),
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return Statement(file.version, _digest(text), f"{file.notice}_statement", text)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def files() -> Mapping[str, NoticeFile]:
    return _kept(catalogue.city().folder)


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Mapping[str, NoticeFile]:
    found, mistakes = load(folder)
    if mistakes:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path) -> tuple[Mapping[str, NoticeFile], list[Mistake]]:
    """Every notice that can be read, and every mistake with its line; a purpose without its notice is one."""
    found: dict[str, NoticeFile] = {}
    mistakes: list[Mistake] = []
    for path in sorted((folder / FOLDER).glob("*.yml")):
        document = read(path, f"{FOLDER}/{path.name}")
        entry = entry_of(NoticeFile, document, document.value) if not document.mistakes else None
        if entry is not None:
            _check(entry, path.stem, document)
            found[entry.notice] = entry
        mistakes += document.mistakes
    named, _ = purposes.load(folder)
    missing = sorted({p.notice for p in named.values()} - set(found))
    mistakes += [Mistake(purposes.FILE, 1, f"用途引用的提示 {name} 在 {FOLDER}/ 里没有") for name in missing]
    return MappingProxyType(found), mistakes


def _check(entry: NoticeFile, stem: str, document: Document) -> None:
    if entry.notice != stem:
        document.mistakes.append(document.mistake(("notice",), f"文件名应与提示名一致：{entry.notice}.yml"))
    try:
        blanks = {name for _, name, _, _ in Formatter().parse(entry.statement) if name is not None}
    except ValueError:
        blanks = {"?"}
    if blanks != BLANKS:
        wrong = "、".join(sorted(blanks ^ BLANKS))
        document.mistakes.append(document.mistake(("statement",), f"授权书的空格缺少或多出：{wrong}"))
