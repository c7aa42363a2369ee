"""How a commitment is said, at the business's desk, the department's and the operator's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.language import said
from xinqiao.portal import naming, repaired
from xinqiao.rights.commitment_rows import SOURCE
from xinqiao.rights.commitments import BreachView, CommitmentView
from xinqiao.rights.promises import KINDS, Promise, promises
from xinqiao.rights.rules.commitments import CLAIM_TITLES, STATE_TITLES, Claim, State
from xinqiao.subjects import queries as subjects

TONES: Final = {State.IN_FORCE: "brand", State.KEPT: "good", State.ENDED: "", State.BROKEN: "bad"}


@dataclass(frozen=True, slots=True)
class ShownBreach:
    """A claim on a page. `clock` runs until the business has answered; `mend_from` says from when repair is asked."""

    word: str
    facts: str
    evidence: str
    proposed_for: str
    proposed_at: datetime
    answer: str
    answered_at: datetime | None
    because: str
    decided_at: datetime | None
    clock: repaired.ShownClock
    may_be_established: bool
    mend_from: date | None
    may_ask: bool
    mend_text: str
    mend_because: str
    mended_at: datetime | None
    proposed: bool
    established: bool
    mending: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A commitment on a page; `url` is its own page at the desk that shows it."""

    number: int
    reference: str
    url: str
    name: str
    uscc: str
    title: str
    promises: tuple[str, ...]
    kind: str
    made_to: str
    published: bool
    signed_at: datetime
    due_on: date | None
    due: bool  # the day has passed, and nobody said whether it was kept
    until: date
    tone: str
    word: str
    in_force: bool
    takes_papers: bool
    breach: ShownBreach | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form on a page, as it is read before it is signed."""

    name: str
    version: str
    title: str
    promises: tuple[str, ...]
    kind: str
    made_to: str
    months: int
    due_days: int | None
    published: bool
    url: str


def every(views: Iterable[CommitmentView], address: str) -> list[Shown]:
    return [shown(view, address) for view in views]


def shown(view: CommitmentView, address: str) -> Shown:
    [subject] = subjects.views([view.subject_id])
    today = day_of(timezone.now())
    title, *lines = view.text.split("\n")
    claim = None if view.breach is None else _breach(view.breach, today)
    return Shown(
        number=view.number,
        reference=view.reference,
        url=reverse(address, args=[view.number]),
        name=subject.name,
        uscc=str(subject.uscc),
        title=said(title),
        promises=tuple(said(one.partition(". ")[2]) for one in lines),
        kind=kind(view.kind),
        made_to=naming.source(view.made_to or SOURCE),
        published=view.published,
        signed_at=view.signed_at,
        due_on=view.due_on,
        due=view.state is State.IN_FORCE and view.due_on is not None and view.due_on < today,
        until=view.until,
        tone="care" if claim is not None and claim.proposed else _tone(view),
        word=said(STATE_TITLES[view.state]) if claim is None else claim.word,
        in_force=view.state is State.IN_FORCE,
        takes_papers=view.takes_papers,
        breach=claim,
    )


def _tone(view: CommitmentView) -> str:
    mended = view.breach is not None and view.breach.state is Claim.MENDED
    return "good" if mended else TONES[view.state]


def _breach(one: BreachView, today: date) -> ShownBreach:
    return ShownBreach(
        word=said(CLAIM_TITLES[one.state]),
        facts=one.facts,
        evidence=one.evidence,
        proposed_for=naming.source(one.proposed_for or SOURCE),
        proposed_at=one.proposed_at,
        answer=one.answer,
        answered_at=one.answered_at,
        because=one.because,
        decided_at=one.decided_at,
        clock=repaired.in_words(one.clock()),
        may_be_established=one.may_be_established(today),
        mend_from=one.mend_from,
        may_ask=one.state is Claim.ESTABLISHED and one.mend_from is not None and today >= one.mend_from,
        mend_text=one.mend_text,
        mend_because=one.mend_because,
        mended_at=one.mended_at,
        proposed=one.state is Claim.PROPOSED,
        established=one.state is Claim.ESTABLISHED,
        mending=one.state in {Claim.MENDING, Claim.AGREED},
    )


def forms() -> list[Form]:
    return [form(one) for one in promises().values()]


def form(one: Promise) -> Form:
    return Form(
        name=one.commitment,
        version=one.version,
        title=said(one.title),
        promises=tuple(said(line) for line in one.promises),
        kind=kind(one.kind),
        made_to=naming.source(one.to or SOURCE),
        months=one.months,
        due_days=one.due_days,
        published=one.published,
        url=reverse("portal:commit", args=[one.commitment]),
    )


def kind(code: str) -> str:
    codes = catalogue.city().codes[KINDS].values
    return said(codes[code].title) if code in codes else code
