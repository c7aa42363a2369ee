"""待核实的资格: whether somebody represents a business, where the register alone does not say."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.authorisation import doubting, mandate_queries
from xinqiao.kernel.problems import Problem
from xinqiao.parties.rules import Role
from xinqiao.portal import delegated, refusals
from xinqiao.portal.visitors import PageRequest, acting_person, only


@only(Role.OPERATOR)
def doubts(request: PageRequest) -> HttpResponse:
    """Those that wait, each with what the register leaves open; and what was decided."""
    return _page(request)


def _page(request: PageRequest, fault: str = "", at: int = 0) -> HttpResponse:
    every = [delegated.in_doubt(one) for one in mandate_queries.doubts()]
    waiting = [one for one in every if not one.outcome]
    told = {
        "waiting": waiting,
        "decided": [one for one in every if one.outcome],
        "title": ngettext("%(n)d 件资格待核实", "%(n)d 件资格待核实", len(waiting)) % {"n": len(waiting)}
        if waiting
        else _("没有待核实的资格"),
        "fault": fault,
        "at": at,
    }
    return render(request, "portal/operator/mandates.html", told, status=400 if fault else 200)


@only(Role.OPERATOR)
def decide_doubt(request: PageRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("portal:doubts")
    said = {"represents": request.POST.get("decision") == "yes", "because": request.POST.get("because", "")}
    try:
        doubting.decide(number, **said, by=acting_person(request), now=timezone.now())  # type: ignore[arg-type]
    except Problem as problem:
        return _page(request, refusals.words(problem)["title"], number)
    return redirect("portal:doubts")
