"""What a natural person is shown before consenting: the consequences, then the words of the consent (`notices`).

The text that is kept is what stood on the page: the Chinese, which binds, and below it the English where it was shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Final

from xinqiao import catalogue
from xinqiao.authorisation import notices
from xinqiao.authorisation.clocks import Clocks
from xinqiao.authorisation.notices import PERSONAL, WRITTEN, NoticeFile, Statement, Terms, Words
from xinqiao.kernel.ids import GrantId
from xinqiao.parties import purposes
from xinqiao.parties.queries import InstitutionView
from xinqiao.subjects.queries import SubjectView

CAPACITIES: Final[Mapping[str, tuple[str, str]]] = {
    "legal_representative": ("法定代表人", "legal representative"),
    "controller": ("实际控制人", "person in control"),
    "spouse": ("配偶", "spouse"),
    "guarantor": ("担保人", "guarantor"),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person's consent would say: about which business's file, to whom, within which grant."""

    name: str
    capacity: str
    grant: GrantId
    subject: SubjectView
    to: InstitutionView
    items: Sequence[str]
    purpose: str
    since: date
    until: date
    clocks: Clocks


@dataclass(frozen=True, slots=True)
class Shown(Statement):
    """`words` are those of the page's language, `filled` the statement in it; `text` is what the digest covers."""

    words: Words
    filled: str


def written(terms: Terms, *, english: bool) -> Shown:
    """The separate consent to these items (条例 §46), `terms.items` being those of them that need it."""
    return _shown(WRITTEN, lambda said: _written(terms, said), english=english)


def personal(consent: Consent, *, english: bool) -> Shown:
    """A person's own consent to the particulars in these items that are hers."""
    return _shown(PERSONAL, lambda said: _personal(consent, said), english=english)


@dataclass(frozen=True, slots=True)
class _Tongue:
    english: bool

    def said(self, text: str) -> str:
        return catalogue.city().english.get(text, text) if self.english else text

    def listed(self, texts: Iterable[str]) -> str:
        return (", " if self.english else "、").join(self.said(text) for text in texts)


def _shown(name: str, facts: Callable[[_Tongue], dict[str, str]], *, english: bool) -> Shown:
    file = notices.files()[name]
    filled = _filled(file, facts(_Tongue(english=False)))
    text = f"{file.shown}{filled}"
    if not english:
        return Shown(file.version, notices.digest_of(text), name, text, file, filled)
    translated = _filled(file.english, facts(_Tongue(english=True)))
    text = f"{text}\n{file.english.shown}{translated}"
    return Shown(file.version, notices.digest_of(text), name, text, file.english, translated)


def _filled(words: NoticeFile | Words, facts: Mapping[str, str]) -> str:
    return Formatter().vformat(words.statement, (), facts)


def _written(terms: Terms, tongue: _Tongue) -> dict[str, str]:
    return {
        "subject": terms.subject.name,
        "uscc": terms.subject.uscc,
        "institution": terms.to.name,
        "purpose": tongue.said(purposes.purpose(terms.purpose).title),
        "items": tongue.listed(catalogue.city().item(name).title for name in sorted(terms.items)),
    }


def _personal(consent: Consent, tongue: _Tongue) -> dict[str, str]:
    since = consent.clocks.range.since
    return {
        "name": consent.name,
        "capacity": CAPACITIES[consent.capacity][tongue.english],
        "grant": str(consent.grant),
        "subject": consent.subject.name,
        "uscc": consent.subject.uscc,
        "institution": consent.to.name,
        "contact": consent.to.contact,
        "purpose": tongue.said(purposes.purpose(consent.purpose).title),
        "items": hers(consent.items, tongue.said, ", " if tongue.english else "、"),
        "since": consent.since.isoformat(),
        "until": consent.until.isoformat(),
        "data_since": since.isoformat() if since else "",
        "often": notices.often_in_english(consent.clocks) if tongue.english else notices.often(consent.clocks),
        "keep_days": str(consent.clocks.keep_days),
    }


def hers(items: Iterable[str], said: Callable[[str], str], between: str) -> str:
    """The particulars that a consent to these items opens, by item."""
    parts = []
    for item in (catalogue.city().item(name) for name in sorted(items)):
        fields = dict.fromkeys(item.fields[name].title for person in item.persons for name in person.fields)
        parts.append(f"{said(item.title)}（{between.join(said(one) for one in fields)}）")
    return between.join(parts)
