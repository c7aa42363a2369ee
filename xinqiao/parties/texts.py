"""文本: the agreement and the letters as the city's `texts/` have them, with blanks filled in for whoever signs.

The Chinese binds; the English stands beside it. What is signed keeps the version, the whole text and its digest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final, Literal, get_args

from pydantic import Field

from xinqiao import catalogue
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Basis, Entry, Name, Text, Whole
from xinqiao.catalogue.validation import entry_of
from xinqiao.parties.rules import UNGRANTED, InstitutionKind

FOLDER: Final = "texts"
AGREEMENT, SECURITY, SECRECY, RESPONSIBILITY = (
    "sharing_agreement",
    "information_security",
    "confidentiality",
    "responsibility",
)
BLANKS: Final[Mapping[str, frozenset[str]]] = {
    AGREEMENT: frozenset(
        {"institution", "kind", "contact", "items", "purposes", "since", "until", "notice_days", "of_kind", "feedback"}
    ),
    SECURITY: frozenset({"institution"}),
    SECRECY: frozenset({"institution", "person"}),
    RESPONSIBILITY: frozenset({"institution", "items"}),
}


Feedback = Literal["agreed", "not_agreed"]
FEEDBACK: Final = get_args(Feedback)


class Words(Entry):
    """A text in one language. `of_kind`: what is agreed beyond that with each kind of institution; `feedback`: what is
    agreed of telling outcomes, where it is and where it is not."""

    title: Text
    wording: Text
    of_kind: dict[InstitutionKind, Text] = Field(default_factory=dict)
    feedback: dict[Feedback, Text] = Field(default_factory=dict)

    def on_feedback(self, *, agreed: bool) -> str:
        return self.feedback["agreed" if agreed else "not_agreed"]

    def filled(self, said: Mapping[str, str]) -> str:
        return f"{self.title}\n{self.wording.format(**said)}\n"


class TextFile(Words):
    """One version. `notice_days`: how long before the platform has to say that it ends the agreement."""

    text: Name
    version: Text
    notice_days: Whole | None = None
    basis: tuple[Basis, ...]
    english: Words


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody reads before signing: `digest` is the SHA-256 (hex) of exactly `wording`."""

    text: str
    version: str
    title: str
    wording: str
    english: str

    @property
    def digest(self) -> str:
        return digest_of(self.wording)


def digest_of(wording: str) -> str:
    return sha256(wording.encode()).hexdigest()


def current(name: str) -> TextFile:
    """The version in force."""
    return files()[name]


def shown(name: str, said: Mapping[str, str], english: Mapping[str, str]) -> Shown:
    """A text with its blanks filled in, in both languages."""
    file = current(name)
    return Shown(name, file.version, file.title, file.filled(said), file.english.filled(english))


def files() -> Mapping[str, TextFile]:
    return _kept(catalogue.city().folder)


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Mapping[str, TextFile]:
    found, mistakes = load(folder)
    if mistakes:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path) -> tuple[Mapping[str, TextFile], list[Mistake]]:
    """Every text that can be read, and every mistake with its line; each of the four has to be there."""
    found: dict[str, TextFile] = {}
    mistakes: list[Mistake] = []
    for path in sorted((folder / FOLDER).glob("*.yml")):
        document = read(path, f"{FOLDER}/{path.name}")
        entry = entry_of(TextFile, document, document.value) if not document.mistakes else None
        if entry is not None:
            document.mistakes += _mistakes(entry, path.stem, document)
            found[entry.text] = entry
        mistakes += document.mistakes
    mistakes += [Mistake(f"{FOLDER}/{name}.yml", 1, "缺少这个文件") for name in sorted(set(BLANKS) - set(found))]
    return MappingProxyType(found), mistakes


def _mistakes(entry: TextFile, stem: str, document: Document) -> Iterator[Mistake]:
    if entry.text != stem or entry.text not in BLANKS:
        yield document.mistake(("text",), f"文件名应与文本名一致，而且是这几种之一：{'、'.join(sorted(BLANKS))}")
        return
    if set(entry.of_kind) != set(entry.english.of_kind):
        yield document.mistake(("english", "of_kind"), "英文的各类约定与中文不同")
    if entry.text == AGREEMENT and any(len(words.feedback) != len(FEEDBACK) for words in (entry, entry.english)):
        yield document.mistake(("feedback",), "协议要写明结果反馈：约定了的（agreed）和没有约定的（not_agreed）")
    if entry.text == AGREEMENT and (entry.notice_days is None or set(InstitutionKind) - UNGRANTED - set(entry.of_kind)):
        yield document.mistake(("of_kind",), "协议要写明提前几天告知（notice_days），以及对每类机构的约定")
    for at, words in ((("wording",), entry), (("english", "wording"), entry.english)):
        if wrong := _blanks(words.wording) ^ BLANKS[entry.text]:
            yield document.mistake(at, f"空格缺少或多出：{'、'.join(sorted(wrong))}")


def _blanks(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"?"}
