"""How an application for repair is said: where it stands, under which number, its clock in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.language import said
from xinqiao.portal import naming, wording
from xinqiao.rights.repairs import RepairView, ResultView
from xinqiao.rights.rules.objections import Clock
from xinqiao.rights.rules.repairs import STATE_TITLES, State
from xinqiao.subjects import queries as subjects

TONES: Final = {State.HANDED_OVER: "brand", State.SUBMITTED: "brand", State.PREPARING: "care", State.GRANTED: "good"}


@dataclass(frozen=True, slots=True)
class ShownClock:
    due: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An application on a page; `url` is its own page at the desk that shows it, "" where there is none."""

    number: int
    reference: str
    url: str
    fact: int
    name: str
    uscc: str
    item: str
    source: str
    document: str
    tone: str
    word: str
    tracking: str
    clock: ShownClock | None
    submitted_at: datetime | None
    ended_at: datetime | None
    open: bool


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A decision that has arrived: of what, and whether it has been carried out in time."""

    number: int
    name: str
    uscc: str
    document: str
    granted: bool
    received_at: datetime
    carried_at: datetime | None
    clock: ShownClock


def shown(view: RepairView, address: str = "") -> Shown:
    [subject] = subjects.views([view.subject_id])
    clock = view.clock()
    return Shown(
        number=view.number,
        reference=view.reference,
        url=reverse(address, args=[view.number]) if address else "",
        fact=view.fact,
        name=subject.name,
        uscc=subject.uscc,
        item=naming.item(view.item),
        source=naming.source(view.source),
        document=view.document,
        tone=TONES.get(view.state, ""),
        word=said(STATE_TITLES[view.state]),
        tracking=view.tracking,
        clock=None if clock is None else in_words(clock),
        submitted_at=view.submitted_at,
        ended_at=view.ended_at,
        open=view.open,
    )


def result(view: ResultView) -> ShownResult:
    [subject] = subjects.views([view.subject_id])
    ids = view.number, subject.name, subject.uscc, view.document
    return ShownResult(*ids, view.granted, view.received_at, view.carried_at, in_words(view.clock()))


def in_words(clock: Clock) -> ShownClock:
    """A day and how long that is; `tone` bad where somebody is late."""
    today = day_of(timezone.now())
    late = "bad" if clock.late(today) else ""
    due = clock.due.isoformat() if clock.due else ""
    if clock.met is not None:
        words = _("%(on)s 完成，晚了") if late else _("%(on)s 完成，按时")
        return ShownClock(due, words % {"on": clock.met}, late or "good")
    return ShownClock(due, wording.clock(clock.due, today, catalogue.city().calendar).words if clock.due else "", late)
