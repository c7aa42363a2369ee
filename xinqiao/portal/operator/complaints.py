"""投诉 at the operator's desk: answered in time, or taken up as a case against the institution."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.problems import Problem
from xinqiao.oversight import complaining
from xinqiao.oversight import complaints as queries
from xinqiao.oversight.rules.complaints import State
from xinqiao.parties.rules import Role
from xinqiao.portal import complained
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE: Final = "portal:one_complaint"


@only(Role.OPERATOR)
def complaints(request: PageRequest) -> HttpResponse:
    """Those that wait, the oldest on top."""
    scope = request.visitor.scope
    waiting = complained.every(queries.complaints(scope, waiting=True), PAGE)
    others = complained.every(queries.complaints(scope, waiting=False), PAGE)
    title = ngettext("%(n)d 件投诉等答复", "%(n)d 件投诉等答复", len(waiting)) % {"n": len(waiting)}
    told = {"waiting": waiting, "others": others, "title": title if waiting else _("没有等答复的投诉")}
    return render(request, "portal/operator/complaints.html", told | {"terms": complained.terms()})


@only(Role.OPERATOR)
def one_complaint(request: PageRequest, number: int) -> HttpResponse:
    typed, fault = complained.filled(request), ""
    if request.method == "POST":
        try:
            by, now = acting_person(request), timezone.now()
            if typed["act"] == "case":
                return redirect(
                    "portal:one_case", number=complaining.open_case(number, facts=typed["text"], by=by, now=now)
                )
            complaining.answer(number, text=typed["text"], by=by, now=now)
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    view = queries.complaint(number, of=request.visitor.scope)
    told = {
        "one": complained.shown(view),
        "can_answer": view.state is State.MADE,
        "can_open": view.institution is not None and view.infringement is None,
        "said": typed,
        "fault": fault,
    }
    return render(request, "portal/operator/complaint.html", told, status=400 if fault else 200)
