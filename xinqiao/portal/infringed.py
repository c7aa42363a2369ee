"""How a case (查处侵权) is said: at the operator's desk, the inspector's, the institution's, the business's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.disclosure import queries as disclosure
from xinqiao.disclosure.telling import report_number
from xinqiao.kernel.ids import PersonId, ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.oversight.errors import WordsInvalid
from xinqiao.oversight.infringements import InfringementView
from xinqiao.oversight.rules.infringements import FINDING_TITLES, ORIGIN_TITLES, STATE_TITLES, State
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import PUBLIC
from xinqiao.portal import repaired, returning
from xinqiao.portal.repaired import ShownClock
from xinqiao.subjects import queries as subjects

TONES: Final = {
    State.OPENED: "brand",
    State.PROPOSED: "care",
    State.ESTABLISHED: "bad",
    State.DISMISSED: "good",
    State.REFERRED: "",
    State.CLOSED: "",
}
FIELDS: Final = ("act", "institution", "facts", "receipts", "finding", "because", "until", "regulator", "reference")


@dataclass(frozen=True, slots=True)
class Shown:
    """A case on a page. `looks` are the looks it is about, `codes` whose they were; `due` the clock that runs."""

    view: InfringementView
    url: str
    tone: str
    word: str
    origin: str
    finding: str
    looks: tuple[str, ...]
    codes: tuple[str, ...]
    by: str
    proposer: str
    answer_clock: ShownClock
    decision_clock: ShownClock

    @property
    def due(self) -> ShownClock:
        return self.decision_clock if self.view.answered_at else self.answer_clock


def every(views: Sequence[InfringementView], address: str) -> list[Shown]:
    """`address`: the name of the page each leads to."""
    return [shown(view, address) for view in views]


def shown(view: InfringementView, address: str) -> Shown:
    looks = {look.number: look.told_at for look in disclosure.looks_under(view.receipts)}
    return Shown(
        view=view,
        url=reverse(address, args=[view.number]) if address else "",
        tone=TONES[view.state],
        word=said(STATE_TITLES[view.state]),
        origin=said(ORIGIN_TITLES[view.origin]),
        finding=said(FINDING_TITLES[view.finding]) if view.finding else "",
        looks=tuple(report_number(number, looks[number]) for number in view.receipts),
        codes=tuple(sorted(one.uscc for one in subjects.views(list(view.concerned)))),
        by=_name(view.opened_by),
        proposer=_name(view.proposed_by),
        answer_clock=repaired.in_words(view.answer_clock()),
        decision_clock=repaired.in_words(view.decision_clock()),
    )


def _name(person: PersonId | None) -> str:
    known = None if person is None else parties.person(person)
    return known.name if known else ""


def filled(request: HttpRequest) -> dict[str, str]:
    """What was typed into any of a case's forms."""
    typed = returning.typed(request)
    return {name: typed.get(name, "").strip()[:4_000] for name in FIELDS}


def receipts(text: str) -> list[ReceiptNumber]:
    """Receipts as somebody types them: 417, R-20261123-000417, apart by anything that is no digit or dash."""
    words = text.replace("，", " ").replace(",", " ").replace("、", " ").split()
    numbers = [word.rpartition("-")[2] for word in words]
    if not all(number.isascii() and number.isdecimal() and len(number) < 18 for number in numbers):  # noqa: PLR2004
        raise WordsInvalid(Saying("回执编号像 R-20261123-000417，或者只写最后一段数字"))
    return [ReceiptNumber(int(number)) for number in numbers]


def title(count: int) -> str:
    return _("%(n)d 件在查") % {"n": count} if count else _("没有在查的案件")


def institutions() -> Mapping[str, str]:
    """Whom a case may be opened against, by id."""
    return {one.id: one.name for one in parties.institutions(PUBLIC)}
