"""What a person is shown before agreeing: the risk notice and the grant's own words, from the city's `notices/`.

Every version of a text has a digest; a grant keeps the digests of both texts, and the texts are kept to the letter.
The Chinese texts are the ones that bind. Whoever reads English sees a translation beside them, and the grant keeps
that too: an argument about what somebody was told needs the very words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final

from xinqiao import catalogue
from xinqiao.authorisation.clocks import Clocks
from xinqiao.authorisation.rules import Fetch
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Entry, Name, Text
from xinqiao.catalogue.validation import entry_of
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.parties import purposes
from xinqiao.parties.queries import InstitutionView
from xinqiao.subjects.queries import SubjectView

FOLDER: Final = "notices"
METHOD: Final = "机构提出查询，平台核对授权后当次提供信用报告"
METHOD_IN_ENGLISH: Final = (
    "for each enquiry of the institution the platform checks the grant and gives one credit report"
)
APART: Final = "另经本人单独书面同意才提供的"  # 条例 §46
APART_IN_ENGLISH: Final = "told only with a separate written consent of the person"
BLANKS: Final = frozenset(
    {
        *("subject", "uscc", "institution", "contact", "purpose", "sentence", "method", "items", "since", "until"),
        *("often", "data_since", "keep_days"),
    }
)

PERSONAL, WRITTEN = "personal_consent", "written_consent"  # those of a natural person (`person_notices`)
BLANKS_OF: Final[Mapping[str, frozenset[str]]] = {
    PERSONAL: BLANKS - {"sentence", "method"} | {"name", "capacity", "grant"},
    WRITTEN: frozenset({"subject", "uscc", "institution", "purpose", "items"}),
}


class Words(Entry):
    """The notice and the grant's own words in one language."""

    title: Text
    risk: tuple[Text, ...]
    statement: Text

    @property
    def shown(self) -> str:
        return "\n".join((self.title, *self.risk)) + "\n"


class NoticeFile(Words):
    """A version states the Chinese and the English; its digest is that of the Chinese."""

    notice: Name
    version: Text
    english: Words


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """Which text a person read: its version and the SHA-256 (hex) of exactly that text."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Notice(NoticeVersion):
    """The risk notice in force for a purpose. `text` is what the digest covers; `english` is shown beside it."""

    name: str
    title: str
    risks: tuple[str, ...]
    text: str
    english: Words


@dataclass(frozen=True, slots=True)
class Statement(NoticeVersion):
    """The grant's own words, filled in: what the business signs."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant would say."""

    subject: SubjectView
    to: InstitutionView
    items: Sequence[str]
    purpose: str
    since: date
    until: date
    clocks: Clocks


def current(purpose: str) -> Notice:
    """The risk notice for a purpose. Raises `PurposeUnknown`."""
    file = files()[purposes.purpose(purpose).notice]
    return Notice(file.version, digest_of(file.shown), file.notice, file.title, file.risk, file.shown, file.english)


def statement(terms: Terms) -> Statement:
    """The words of one grant, filled in from what it would say. Raises `PurposeUnknown`, `UnknownItem`."""
    named = purposes.purpose(terms.purpose)
    file = files()[named.notice]
    opened, apart = ("、".join(titles) for titles in _titles(terms))
    items = "；".join([*([opened] if opened else []), *([f"{APART}：{apart}"] if apart else [])])
    said = {"purpose": named.title, "sentence": named.sentence, "method": METHOD, "items": items}
    said["often"] = often(terms.clocks)
    text = file.statement.format(**said, **_facts(terms))
    return Statement(file.version, digest_of(text), f"{file.notice}_statement", text)


def translation(terms: Terms) -> Statement:
    """The English of both texts as it is shown beside them. Raises `PurposeUnknown`, `UnknownItem`."""
    named, words = purposes.purpose(terms.purpose), catalogue.city().english
    file = files()[named.notice]
    opened, apart = (", ".join(words.get(title, title) for title in titles) for titles in _titles(terms))
    items = "; ".join([*([opened] if opened else []), *([f"{APART_IN_ENGLISH}: {apart}"] if apart else [])])
    said = {
        "purpose": words.get(named.title, named.title),
        "sentence": words.get(named.sentence, named.sentence),
        "method": METHOD_IN_ENGLISH,
        "items": items,
        "often": often_in_english(terms.clocks),
    }
    text = f"{file.english.shown}\n{file.english.statement.format(**said, **_facts(terms))}"
    return Statement(file.version, digest_of(text), f"{file.notice}_english", text)


def often(clocks: Clocks) -> str:
    """How often it will be looked at, as the business reads it."""
    said = [clocks.template.sentence]
    if clocks.frequency is not None:
        said.append(f"每 {clocks.frequency.days} 天最多 {clocks.frequency.most} 次")
    if clocks.most_uses is not None and clocks.fetch is not Fetch.ONCE:
        said.append(f"总共最多 {clocks.most_uses} 次")
    return "，".join(said)


def often_in_english(clocks: Clocks) -> str:
    """The same for whoever reads English."""
    sentence = clocks.template.sentence
    said = [catalogue.city().english.get(sentence, sentence)]
    if clocks.frequency is not None:
        said.append(f"at most {clocks.frequency.most} times in any {clocks.frequency.days} days")
    if clocks.most_uses is not None and clocks.fetch is not Fetch.ONCE:
        said.append(f"at most {clocks.most_uses} times altogether")
    return ", ".join(said)


def _titles(terms: Terms) -> tuple[list[str], list[str]]:
    """The items of a grant: those it opens by itself, and those a natural person consents to separately."""
    city, named = catalogue.city(), sorted(set(terms.items))
    apart = city.written_consent(SubjectKind(terms.subject.kind))
    return (
        [city.item(name).title for name in named if name not in apart],
        [city.item(name).title for name in named if name in apart],
    )


def _facts(terms: Terms) -> dict[str, str]:
    """What reads the same in every language."""
    return {
        "subject": terms.subject.name,
        "uscc": terms.subject.uscc,
        "institution": terms.to.name,
        "contact": terms.to.contact,
        "since": terms.since.isoformat(),
        "until": terms.until.isoformat(),
        "data_since": terms.clocks.range.since.isoformat() if terms.clocks.range.since else "",
        "keep_days": str(terms.clocks.keep_days),
    }


def digest_of(text: str) -> str:
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
            document.mistakes += _mistakes(entry, path.stem, document)
            found[entry.notice] = entry
        mistakes += document.mistakes
    named, _ = purposes.load(folder)
    missing = sorted({*(p.notice for p in named.values()), *BLANKS_OF} - set(found))
    mistakes += [Mistake(purposes.FILE, 1, f"用途引用的提示 {name} 在 {FOLDER}/ 里没有") for name in missing]
    return MappingProxyType(found), mistakes


def _mistakes(entry: NoticeFile, stem: str, document: Document) -> Iterator[Mistake]:
    if entry.notice != stem:
        yield document.mistake(("notice",), f"文件名应与提示名一致：{entry.notice}.yml")
    if len(entry.english.risk) != len(entry.risk):
        yield document.mistake(("english", "risk"), "英文提示的段数与中文不同")
    for at, text in ((("statement",), entry.statement), (("english", "statement"), entry.english.statement)):
        if wrong := _blanks(text) ^ BLANKS_OF.get(entry.notice, BLANKS):
            yield document.mistake(at, f"授权书的空格缺少或多出：{'、'.join(sorted(wrong))}")


def _blanks(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"?"}
