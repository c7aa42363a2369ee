"""How an inspection (检查) is said, at the inspector's desk and at that of whoever is checked, who reports on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.oversight import inspecting, inspections
from xinqiao.oversight.inspections import InspectionView
from xinqiao.oversight.rules.inspections import STATE_TITLES, State
from xinqiao.portal import refusals, repaired, returning
from xinqiao.portal.repaired import ShownClock
from xinqiao.portal.visitors import PageRequest, acting_person

TONES: Final = {State.OPENED: "brand", State.MENDING: "care", State.REPORTED: "brand", State.CLOSED: "good"}
FIELDS: Final = ("act", "institution", "text", "findings", "mend", "due", "because")


@dataclass(frozen=True, slots=True)
class Shown:
    """`whom` is checked; `clock` None where nothing has to be mended."""

    view: InspectionView
    url: str
    tone: str
    word: str
    whom: str
    clock: ShownClock | None


def every(views: Sequence[InspectionView], address: str) -> list[Shown]:
    return [shown(view, address) for view in views]


def shown(view: InspectionView, address: str) -> Shown:
    return Shown(
        view=view,
        url=reverse(address, args=[view.number]),
        tone=TONES[view.state],
        word=said(STATE_TITLES[view.state]),
        whom=view.institution_name or _("平台运营单位"),
        clock=repaired.in_words(view.clock()) if view.due else None,
    )


def filled(request: HttpRequest) -> dict[str, str]:
    typed = returning.typed(request)
    return {name: typed.get(name, "").strip()[:4_000] for name in FIELDS}


def fault_of(problem: Problem) -> str:
    words = refusals.words(problem)
    return words["detail"] or words["title"]


def listed(request: PageRequest, address: str) -> dict[str, list[Shown]]:
    """What whoever is checked finds at its desk."""
    scope = request.visitor.scope
    return {
        "pending": every(inspections.inspections(scope, open_=True), address),
        "ended": every(inspections.inspections(scope, open_=False), address),
    }


def checked(request: PageRequest, number: int, address: str, back: str) -> HttpResponse:
    """One inspection as whoever is checked reads it, and the report of what has been mended."""
    scope, typed, fault = request.visitor.scope, filled(request), ""
    inspections.inspection(number, of=scope)
    if request.method == "POST":
        try:
            inspecting.report(number, text=typed["text"], by=acting_person(request), now=timezone.now())
            return redirect(address, number=number)
        except Problem as problem:
            fault = fault_of(problem)
    view = inspections.inspection(number, of=scope)
    told = {"one": shown(view, address), "can_report": view.state is State.MENDING, "back": back}
    told |= {"said": typed, "fault": fault}
    return render(request, "portal/parts/inspection_checked.html", told, status=400 if fault else 200)
