"""One question of one institution, answered once: decided, told with its trace, or told again under its caller's key.

Every service (report, query, verification) is a `Question`: what is asked, what it is called in the log, and how its
answer is composed. What is told has been committed before it is returned.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import transaction

from xinqiao import catalogue
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.errors import RangeInvalid
from xinqiao.authorisation.rules import Range
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import SharingClass
from xinqiao.disclosure import calls, live, receipts, repeats
from xinqiao.disclosure.door import Allowed, Asked, decide, subject_of
from xinqiao.disclosure.live import NOTHING, Heard
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.telling import Content, Told
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import InstitutionView
from xinqiao.subjects import queries as subjects

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves. `text` is the whole answer as canonical JSON: a receipt file with the report in it, which
    `xinqiao verify` checks as it stands. `report` is its report part, for a page."""

    number: ReceiptNumber
    report: Mapping[str, Any]
    text: str

    def as_json(self) -> dict[str, Any]:
        whole: dict[str, Any] = json.loads(self.text)
        return whole


class Compose(Protocol):
    """How a service answers what is allowed: now, or as it was read when it was told before, under `before`."""

    def __call__(
        self, allowed: Allowed, now: datetime, *, again: AsRead | None, before: ReceiptNumber | None, heard: Heard
    ) -> Callable[[ReceiptNumber], Content]: ...


@dataclass(frozen=True, slots=True)
class Question:
    """`words` are what is asked beyond what every service asks, JSON-ready; `check` may refuse what was allowed.

    `items` is what it is about, where it names that: some of it may have to be asked for live.
    """

    asked: Asked
    compose: Compose
    told: Kind
    refused: Kind
    words: tuple[object, ...] = ()
    check: Callable[[Allowed], Problem | None] = lambda _: None
    items: frozenset[str] | None = None


def answer(question: Question, *, key: str = "") -> Answer:
    """Answer it. Asked again by the same client under the same `key`, the answer is the same and no second look, if it
    would still be told so.

    Raises `PurposeUnknown`, `UnknownInstitution`, `NotParty`, `AgreementNotInForce`, `NotAuthorised` (and its kinds),
    `OutOfScope`, `RangeInvalid`, `RangeExceeded`, `KeyReused`, `LogUnavailable`; a refusal of the door is in the log
    too. Not inside another transaction.
    """
    return handed_out(answered(question, lambda told: told, key=key))


def answered(question: Question, hand_out: Callable[[Told], T], *, key: str = "") -> T:
    """The same, handed out as `hand_out` makes it of what is told, in the transaction that tells."""
    purposes.purpose(question.asked.purpose)
    _check_days(question.asked.range)
    institution = parties.institution(question.asked.asker)
    question = replace(question, asked=replace(question.asked, subject=subject_of(question.asked.uscc)))
    heard = _heard(question, key, institution)
    if heard.at is not None:  # it took its time, and what is told is told now
        question = replace(question, asked=replace(question.asked, now=heard.at))
    with transaction.atomic(durable=True):
        told = _once_more(question, key, institution, heard) if key else _told(question, institution, heard)
        outcome = told if isinstance(told, Problem) else hand_out(told)
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _heard(question: Question, key: str, institution: InstitutionView) -> Heard:
    """What sources answer that have to be asked now; or had answered to the same question. Raises the door's refusal.

    Nobody is asked, and nothing decided twice, unless some grant between the two (or what is open) reaches what is
    asked for live.
    """
    asked, city = question.asked, catalogue.city()
    called = live.called_among(question.items, city)
    if not called or not _reaches(asked, called, city):
        return NOTHING
    with transaction.atomic(durable=True):
        if key and (earlier := repeats.earlier(_asking(question, key), asked.now)) is not None:
            subject = subjects.known_as(asked.uscc)
            return live.heard_before(ReceiptNumber(earlier.receipt.pk), subject, day_of(earlier.receipt.told_at))
        allowed = decide(asked, institution, refused=question.refused)
        if not isinstance(allowed, Problem):
            due, resting = calls.prepare(allowed, live.wanted(allowed, called, city), asked.now)
    if isinstance(allowed, Problem):
        raise allowed
    return live.hear(due, resting, allowed.subject, asked.now)


def _reaches(asked: Asked, called: frozenset[str], city: City) -> bool:
    """One question for everybody, known or not."""
    assert asked.subject is not None  # noqa: S101 — looked up at the beginning
    opened = authorisation.opened_between(asked.subject.id, asked.asker, called)
    return opened or any(city.item(name).sharing.classed is SharingClass.OPEN for name in called)


def _check_days(asked: Range) -> None:
    if asked.since is not None and asked.until is not None and asked.since > asked.until:
        raise RangeInvalid(Saying("止期早于起期"))


def handed_out(told: Told) -> Answer:
    """The answer, composed after the commit."""
    return Answer(told.number, told.report, receipts.with_report(told))


def _told(question: Question, institution: InstitutionView, heard: Heard) -> Told | Problem:
    """The decision and its trace, whichever way it goes; and what the sources that were asked live came to."""
    outcome = _decided(question, institution, heard)
    if heard.answered:
        receipt = outcome.number if isinstance(outcome, Told) else None
        calls.heard(heard.answered, heard.rejected, receipt=receipt, now=question.asked.now)
    return outcome


def _decided(question: Question, institution: InstitutionView, heard: Heard) -> Told | Problem:
    allowed = decide(question.asked, institution, refused=question.refused)
    if isinstance(allowed, Problem):
        return allowed
    if (objection := question.check(allowed)) is not None:
        return objection
    compose = question.compose(allowed, allowed.ask.now, again=None, before=None, heard=heard)
    return allowed.tell(question.told, compose)


def _once_more(question: Question, key: str, institution: InstitutionView, heard: Heard) -> Told | Problem:
    """The same answer where the same question was answered under this key, if it would still be told so; else anew."""
    asked, asking = question.asked, _asking(question, key)
    if (earlier := repeats.earlier(asking, asked.now)) is not None:
        before = ReceiptNumber(earlier.receipt.pk)
        allowed = decide(asked, institution, refused=question.refused, repeating=before)
        if isinstance(allowed, Problem):
            return allowed
        told_at = earlier.receipt.told_at
        compose = question.compose(allowed, told_at, again=earlier.as_read, before=before, heard=heard)
        if (told := repeats.again(earlier, compose)) is not None:
            return told
    told_anew = _told(question, institution, heard)
    if isinstance(told_anew, Told):
        repeats.remember(asking, told_anew, asked.now)
    return told_anew


def _asking(question: Question, key: str) -> repeats.Asking:
    asked = question.asked
    return repeats.asking(asked.client, key, str(question.told), *_words(asked), *question.words)


def _words(asked: Asked) -> list[object]:
    items = None if asked.items is None else sorted(asked.items)
    days = [day and day.isoformat() for day in (asked.range.since, asked.range.until)]
    return [asked.asker, asked.uscc, asked.purpose, items, asked.grant, asked.on_behalf, *days]
