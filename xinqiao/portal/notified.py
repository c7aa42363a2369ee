"""How an incident (个人信息安全事件) is said: at the operator's desk, the inspector's, to the business concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from xinqiao.language import said
from xinqiao.oversight.incidents import IncidentView
from xinqiao.oversight.rules.incidents import STATE_TITLES, State
from xinqiao.portal import repaired, returning
from xinqiao.portal.repaired import ShownClock

TONES: Final = {State.REPORTED: "bad", State.ASSESSED: "care", State.APPROVED: "care", State.NOTIFIED: "good"}
FIELDS: Final = (
    "act", "what", "must_tell", "kinds", "measures", "contact", "because", "codes", "institution", "since",
    "authority", "reference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    view: IncidentView
    url: str
    tone: str
    word: str
    clock: ShownClock


def shown(view: IncidentView, address: str = "") -> Shown:
    url = reverse(address, args=[view.number]) if address else ""
    return Shown(view, url, TONES[view.state], said(STATE_TITLES[view.state]), repaired.in_words(view.clock()))


def every(views: Sequence[IncidentView], address: str = "") -> list[Shown]:
    return [shown(view, address) for view in views]


def filled(request: HttpRequest) -> dict[str, str]:
    typed = returning.typed(request)
    return {name: typed.get(name, "").strip()[:60_000] for name in FIELDS}
