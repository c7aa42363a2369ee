"""How a complaint (投诉) is said, at every desk and to the public; and the form by which one is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.oversight.complaining import Target
from xinqiao.oversight.complaints import ComplaintView
from xinqiao.oversight.errors import WordsInvalid
from xinqiao.oversight.rules.complaints import ABOUT_TITLES, STATE_TITLES, About, State
from xinqiao.portal import infringed, naming, refusals, repaired, returning
from xinqiao.portal.repaired import ShownClock
from xinqiao.subjects import queries as subjects

TONES: Final = {
    State.MADE: "brand",
    State.ANSWERED: "good",
    State.ESCALATED: "care",
    State.SETTLED: "good",
    State.REFERRED: "",
}
FIELDS: Final = ("act", "whom", "text", "contact", "reference", "code", "regulator", "case")
PLATFORM: Final = "platform"


@dataclass(frozen=True, slots=True)
class Shown:
    """A complaint on a page. `whom` it is about, `who` complains; `can_escalate` whether it may go above now."""

    view: ComplaintView
    url: str
    tone: str
    word: str
    whom: str
    who: str
    clock: ShownClock
    can_escalate: bool


def every(views: Sequence[ComplaintView], address: str) -> list[Shown]:
    return [shown(view, address) for view in views]


def shown(view: ComplaintView, address: str = "") -> Shown:
    return Shown(
        view=view,
        url=reverse(address, args=[view.number]) if address else "",
        tone=TONES[view.state],
        word=said(STATE_TITLES[view.state]),
        whom=view.institution_name or (naming.source(view.source) if view.source else said(ABOUT_TITLES[view.about])),
        who="" if view.subject_id is None else subjects.views([view.subject_id])[0].name,
        clock=repaired.in_words(view.clock),
        can_escalate=view.may_escalate(day_of(timezone.now())),
    )


def filled(request: HttpRequest) -> dict[str, str]:
    typed = returning.typed(request)
    return {name: typed.get(name, "").strip()[:4_000] for name in FIELDS}


def choices() -> Mapping[str, str]:
    """Whom one may complain about: `institution:id`, `source:name`, or the platform itself."""
    institutions = {f"{About.INSTITUTION}:{id_}": name for id_, name in infringed.institutions().items()}
    sources = {f"{About.SOURCE}:{name}": naming.source(name) for name in catalogue.city().sources}
    return {PLATFORM: said(ABOUT_TITLES[About.PLATFORM]), **institutions, **sources}


def target(whom: str) -> Target:
    if whom not in choices():
        raise WordsInvalid(Saying("请选择投诉谁"))
    about, _, name = whom.partition(":")
    return Target(about, name)


def fault_of(problem: Problem) -> str:
    words = refusals.words(problem)
    return words["detail"] or words["title"]


def terms() -> dict[str, Any]:
    clocks = catalogue.city().clocks
    return {"answered": clocks["complaint_answered"].within, "above": clocks["complaint_above"].within}
