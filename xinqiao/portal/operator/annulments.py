"""撤下: what sources say was annulled, the oldest due first; confirmed here, the line is gone with that button."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.disclosure import corrected
from xinqiao.parties.rules import Role
from xinqiao.portal import refusals, returning, withdrawn
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.rights import annulled, annulling
from xinqiao.rights.errors import WordsInvalid
from xinqiao.rights.rules.annulments import REMOVED, State

PAGE: Final = "portal:decide_annulment"


@only(Role.OPERATOR)
def annulments(request: PageRequest) -> HttpResponse:
    scope = request.visitor.scope
    waiting = withdrawn.every(annulled.annulments(scope, open_=True), PAGE)
    late = sum(one.clock.tone == "bad" for one in waiting)
    title = ngettext("%(n)d 件等确认撤下", "%(n)d 件等确认撤下", len(waiting)) % {"n": len(waiting)}
    told = {
        "waiting": waiting,
        "late": late,
        "ended": withdrawn.every(annulled.annulments(scope, open_=False), PAGE),
        "title": title if waiting else _("没有等确认撤下的"),
        "within": catalogue.city().clocks[REMOVED].within,
    }
    return render(request, "portal/operator/annulments.html", told)


@only(Role.OPERATOR)
def decide(request: PageRequest, number: int) -> HttpResponse:
    """What the source says, and the two answers to it."""
    annulled.annulment(number, of=request.visitor.scope)
    fault: dict[str, str] = {}
    if request.method == "POST":
        by, now = acting_person(request), timezone.now()
        try:
            if request.POST.get("decision") == "confirm":
                annulling.confirm(number, by=by, now=now)
            else:
                annulling.decline(number, because=request.POST.get("because", ""), by=by, now=now)
        except WordsInvalid as problem:
            fault = refusals.words(problem)
        else:
            return redirect(reverse(PAGE, args=[number]))
    view = annulled.annulment(number)
    told = {
        "one": withdrawn.shown(view, PAGE),
        "confirmed": view.state is State.CONFIRMED,
        "told": corrected.told_of({view.fact}),
        "said": {"because": returning.typed(request).get("because", "")},
        "fault": fault,
    }
    return render(request, "portal/operator/annulment.html", told, status=400 if fault else 200)
