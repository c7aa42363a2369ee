"""查处 at the institution's desk: what is said against it, its answer, what came of it."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xinqiao.kernel.problems import Problem
from xinqiao.oversight import infringements as queries
from xinqiao.oversight import infringing
from xinqiao.oversight.rules.infringements import State
from xinqiao.parties.rules import Role
from xinqiao.portal import infringed, inspected, refusals
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE: Final = "portal:our_case"


@only(Role.OFFICER)
def our_cases(request: PageRequest) -> HttpResponse:
    scope = request.visitor.scope
    pending = infringed.every(queries.infringements(scope, open_=True), PAGE)
    ended = infringed.every(queries.infringements(scope, open_=False), PAGE)
    checks = inspected.listed(request, "portal:our_inspection")
    told = {"pending": pending, "ended": ended, "checks": checks, "title": infringed.title(len(pending))}
    return render(request, "portal/institution/cases.html", told)


@only(Role.OFFICER)
def our_case(request: PageRequest, number: int) -> HttpResponse:
    """What the platform noted down, and the form for the answer, once."""
    scope, fault = request.visitor.scope, ""
    queries.infringement(number, of=scope)
    filled = infringed.filled(request)
    if request.method == "POST":
        try:
            infringing.answer(number, text=filled["because"], by=acting_person(request), now=timezone.now())
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = refusals.words(problem)["detail"] or refusals.words(problem)["title"]
    view = queries.infringement(number, of=scope)
    can_answer = view.state is State.OPENED and view.answered_at is None
    told = {"case": infringed.shown(view, PAGE), "can_answer": can_answer, "said": filled, "fault": fault}
    return render(request, "portal/institution/case.html", told, status=400 if fault else 200)


@only(Role.OFFICER)
def inspection(request: PageRequest, number: int) -> HttpResponse:
    """检查 of this institution, and its report of what has been mended."""
    return inspected.checked(request, number, "portal:our_inspection", "portal:our_cases")
