"""入驻申请 at the operator's desk: what waits and until when; completed, proposed, admitted by another, refused."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import application_queries, applying
from xinqiao.parties.application_queries import ApplicationView
from xinqiao.parties.rules import Role
from xinqiao.portal import applied, proving, signed
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.errors import UnknownSubject


@only(Role.OPERATOR)
def applications(request: PageRequest) -> HttpResponse:
    rows = [applied.shown(one) for one in application_queries.every()]
    waiting = sum(row["view"].waits for row in rows)
    title = ngettext("%(n)d 份入驻申请等办理", "%(n)d 份入驻申请等办理", waiting) % {"n": waiting}
    told = {"rows": rows, "title": title if waiting else _("没有等办理的入驻申请")}
    return render(request, "portal/operator/applications.html", told)


@only(Role.OPERATOR)
@proving.confirmed
def one_application(request: PageRequest, number: int) -> HttpResponse:
    """What it says, what the city's own register says of that code, and what may be done now."""
    application_queries.application(number)
    fault = ""
    if request.method == "POST":
        fault = signed.tried(request, lambda: _act(request, number))
        if not fault:
            return redirect("portal:one_application", number=number)
    view = application_queries.application(number)
    told = {
        "one": applied.shown(view),
        "registered": _registered(view),
        "mine": view.proposed_by == acting_person(request),
        "said": request.POST,
        "fault": fault,
    }
    return render(request, "portal/operator/application.html", told, status=400 if fault else 200)


def _act(request: PageRequest, number: int) -> None:
    form = request.POST
    told: dict[str, Any] = {"by": acting_person(request), "now": timezone.now()}
    text, act = form.get("text", ""), form.get("act", "")
    acts: dict[str, Any] = {
        "ask": lambda: applying.ask_more(number, text=text, **told),
        "propose": lambda: applying.propose(number, id=form.get("id", "").strip(), **told),
        "turn_back": lambda: applying.turn_back(number, **told),
        "admit": lambda: applying.admit(number, **told),
        "refuse": lambda: applying.refuse(number, ground=text, **told),
    }
    if act in acts:
        acts[act]()


def _registered(view: ApplicationView) -> str:
    """The name the city's register has for this code; "" where it is not in it."""
    try:
        return subjects.known_as(Uscc(view.uscc)).name
    except UnknownSubject:
        return ""
