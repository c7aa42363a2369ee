"""投诉 that went above the operator: answered by an inspector, or passed on to the regulator under a reference."""

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

PAGE: Final = "portal:complaint_above"


@only(Role.INSPECTOR)
def complaints(request: PageRequest) -> HttpResponse:
    scope = request.visitor.scope
    waiting = complained.every(queries.complaints(scope, waiting=True), PAGE)
    others = complained.every(queries.complaints(scope, waiting=False), PAGE)
    title = ngettext("%(n)d 件投诉等您答复", "%(n)d 件投诉等您答复", len(waiting)) % {"n": len(waiting)}
    told = {"waiting": waiting, "others": others, "title": title if waiting else _("没有提交上来的投诉")}
    return render(request, "portal/inspector/complaints.html", told | {"terms": complained.terms()})


@only(Role.INSPECTOR)
def complaint(request: PageRequest, number: int) -> HttpResponse:
    typed, fault = complained.filled(request), ""
    queries.complaint(number, of=request.visitor.scope)
    if request.method == "POST":
        try:
            said = {"text": typed["text"], "by": acting_person(request), "now": timezone.now()}
            if typed["act"] == "refer":
                said |= {"regulator": typed["regulator"], "reference": typed["reference"]}
                complaining.refer(number, **said)  # type: ignore[arg-type]
            else:
                complaining.settle(number, **said)  # type: ignore[arg-type]
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    view = queries.complaint(number, of=request.visitor.scope)
    told = {"one": complained.shown(view), "can_answer": view.state is State.ESCALATED, "said": typed, "fault": fault}
    return render(request, "portal/inspector/complaint.html", told, status=400 if fault else 200)
