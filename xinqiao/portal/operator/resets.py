"""重置登录安全: for whoever has lost every factor and every recovery code. One operator asks, another confirms."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.problems import Problem
from xinqiao.parties import resetting
from xinqiao.parties.resetting import ResetView
from xinqiao.parties.rules import Role
from xinqiao.portal import proving, refusals, returning, wording
from xinqiao.portal.visitors import PageRequest, acting_person, only


@only(Role.OPERATOR)
@proving.confirmed
def resets(request: PageRequest) -> HttpResponse:
    """Those that wait for a second pair of eyes, a form for a new one, and what became of the earlier ones."""
    typed = returning.typed(request)
    filled = {name: typed.get(name, "").strip()[: resetting.BECAUSE_MAX] for name in ("login", "because")}
    fault = ""
    if request.method == "POST":
        try:
            resetting.ask(**filled, by=acting_person(request), now=timezone.now())
            return redirect("portal:resets")
        except Problem as problem:
            fault = refusals.words(problem)["title"]
    every = resetting.every()
    waiting = [one for one in every if one.decided_at is None]
    told = {
        "waiting": [(one, one.asked_by == acting_person(request), wording.instant(one.asked_at)) for one in waiting],
        "decided": [(one, _outcome(one)) for one in every if one.decided_at is not None],
        "said": filled,
        "fault": fault,
        "title": ngettext("%(n)d 项重置等人复核", "%(n)d 项重置等人复核", len(waiting)) % {"n": len(waiting)}
        if waiting
        else _("没有等复核的重置"),
    }
    return render(request, "portal/operator/resets.html", told, status=400 if fault else 200)


def _outcome(one: ResetView) -> str:
    said = {"by": one.decided_by_name, "at": wording.instant(one.decided_at) if one.decided_at else ""}
    return (_("%(by)s 复核同意，%(at)s") if one.confirmed else _("%(by)s 没有同意，%(at)s")) % said


@only(Role.OPERATOR)
@proving.confirmed
def decide_reset(request: PageRequest, number: int) -> HttpResponse:
    if request.method == "POST":
        act = resetting.confirm if request.POST.get("decision") == "confirm" else resetting.refuse
        act(number, by=acting_person(request), now=timezone.now())
    return redirect("portal:resets")
