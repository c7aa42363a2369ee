"""How an objection is said, to whoever has a part in it: where it stands, its clocks in words, what comes next."""

from collections.abc import Iterator, Sequence
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
from xinqiao.rights.queries import ObjectionView
from xinqiao.rights.rules.objections import (
    ANSWER_TITLES,
    GROUND_TITLES,
    HARD_STOP,
    OWN,
    REASON_TITLES,
    SOURCE,
    STATE_TITLES,
    WITH_SOURCE,
    Clock,
    State,
)
from xinqiao.subjects import queries as subjects

TONES: Final = {
    State.OPENED: "care",
    State.ASKED: "care",
    State.ANSWERED: "brand",
    State.UPHELD: "good",
    State.REJECTED: "",
    State.WITHDRAWN: "",
}


@dataclass(frozen=True, slots=True)
class ShownClock:
    """One clock: of what, the day, how long that is; `tone` bad where somebody is late."""

    title: str
    due: str
    words: str
    tone: str
    met: bool = False


@dataclass(frozen=True, slots=True)
class ShownStop:
    ground: str
    note: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An objection on a page. `url` is its own page at the desk that shows it."""

    number: int
    reference: str
    url: str
    fact: int
    name: str
    uscc: str
    item: str
    source: str
    delivery: int
    row: int
    reason: str
    text: str
    opened_at: datetime
    state: State
    tone: str
    word: str
    clocks: tuple[ShownClock, ...]
    stops: tuple[ShownStop, ...]
    answer: str
    answer_text: str
    answer_delivery: int | None
    answered_at: datetime | None
    because: str
    ended_at: datetime | None
    escalated_at: datetime | None
    open: bool
    replaced: bool  # its source has sent another row in its place

    @property
    def stopped(self) -> bool:
        return any(stop.until is None for stop in self.stops)

    @property
    def due(self) -> ShownClock:
        """The clock somebody has to meet next."""
        return next((clock for clock in self.clocks if not clock.met), self.clocks[-1])


def shown(view: ObjectionView, url: str) -> Shown:
    [subject] = subjects.views([view.subject_id])
    return Shown(
        number=view.number,
        reference=view.reference,
        url=url,
        fact=view.fact,
        name=subject.name,
        uscc=subject.uscc,
        item=naming.item(view.item),
        source=naming.source(view.source),
        delivery=view.delivery,
        row=view.line,
        reason=said(REASON_TITLES[view.reason]),
        text=view.text,
        opened_at=view.opened_at,
        state=view.state,
        tone=TONES[view.state],
        word=said(STATE_TITLES[view.state]),
        clocks=tuple(_clocks(view)),
        stops=tuple(ShownStop(said(GROUND_TITLES[s.ground]), s.note, s.since, s.until) for s in view.stops),
        answer=said(ANSWER_TITLES[view.answer]) if view.answer else "",
        answer_text=view.answer_text,
        answer_delivery=view.answer_delivery,
        answered_at=view.answered_at,
        because=view.because,
        ended_at=view.ended_at,
        escalated_at=view.escalated_at,
        open=view.open,
        replaced=view.stands_on != view.fact,
    )


def every(views: Sequence[ObjectionView], address: str) -> list[Shown]:
    """`address`: the name of the page each leads to."""
    return [shown(view, reverse(address, args=[view.number])) for view in views]


def terms() -> dict[str, int]:
    """How long each clock runs, as the city's clocks.yml says: working days, and days for the hard stop."""
    clocks = catalogue.city().clocks
    named = {"own": OWN, "with_source": WITH_SOURCE, "source": SOURCE, "hard_stop": HARD_STOP}
    return {name: clocks[clock].within for name, clock in named.items()}


def _clocks(view: ObjectionView) -> Iterator[ShownClock]:
    for clock in view.clocks():
        # Who has been answered does not need the longest term there would have been.
        if clock.name != HARD_STOP or view.open:
            yield _clock(clock)


def _clock(clock: Clock) -> ShownClock:
    today, calendar = day_of(timezone.now()), catalogue.city().calendar
    title = {SOURCE: _("来源单位答复"), HARD_STOP: _("最长期限")}.get(clock.name) or _("平台办结")
    late = "bad" if clock.late(today) else ""
    if clock.met is not None:
        words = _("%(on)s 完成，晚了") if late else _("%(on)s 完成，按时")
        return ShownClock(
            title, clock.due.isoformat() if clock.due else "", words % {"on": clock.met}, late or "good", met=True
        )
    if clock.due is None:
        return ShownClock(title, "", _("暂停计时"), "")
    return ShownClock(title, clock.due.isoformat(), wording.clock(clock.due, today, calendar).words, late)
