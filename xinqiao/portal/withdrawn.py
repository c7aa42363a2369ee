"""How a report of an annulled act is said, at the source's desk and at the operator's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.urls import reverse

from xinqiao.language import said
from xinqiao.portal import naming, repaired
from xinqiao.rights.annulled import AnnulmentView
from xinqiao.rights.rules.annulments import STATE_TITLES, State
from xinqiao.subjects import queries as subjects

TONES: Final = {State.REPORTED: "care", State.CONFIRMED: "good", State.DECLINED: ""}


@dataclass(frozen=True, slots=True)
class Shown:
    """A report on a page; `url` is its own page where the desk has one."""

    number: int
    reference: str
    url: str
    fact: int
    name: str
    uscc: str
    item: str
    source: str
    key: str
    document: str
    annulled_on: date
    text: str
    reported_at: datetime
    ended_at: datetime | None
    because: str
    tone: str
    word: str
    clock: repaired.ShownClock
    open: bool


def every(views: Sequence[AnnulmentView], address: str = "") -> list[Shown]:
    return [shown(view, address) for view in views]


def shown(view: AnnulmentView, address: str = "") -> Shown:
    [subject] = subjects.views([view.subject_id])
    return Shown(
        number=view.number,
        reference=view.reference,
        url=reverse(address, args=[view.number]) if address else "",
        fact=view.fact,
        name=subject.name,
        uscc=subject.uscc,
        item=naming.item(view.item),
        source=naming.source(view.source),
        key=view.key,
        document=view.document,
        annulled_on=view.annulled_on,
        text=view.text,
        reported_at=view.reported_at,
        ended_at=view.ended_at,
        because=view.because,
        tone=TONES[view.state],
        word=said(STATE_TITLES[view.state]),
        clock=repaired.in_words(view.clock()),
        open=view.open,
    )
