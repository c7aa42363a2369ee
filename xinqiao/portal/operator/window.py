"""窗口: a business brings its grant on paper to the operators' desk; one hands it in, another checks it."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from xinqiao.authorisation import paper_queries, papers, scans
from xinqiao.authorisation.errors import AgreementNotInForce
from xinqiao.authorisation.papers import WINDOW
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import AgreementView, InstitutionView
from xinqiao.parties.rules import Role
from xinqiao.portal import on_paper, paper_forms
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only

AT: Final = {
    "title": gettext_lazy("窗口的纸质授权"),
    "all": "portal:window",
    "new": "portal:window_new",
    "one": "portal:window_paper",
    "scan": "portal:window_scan",
}


@only(Role.OPERATOR)
def window(request: PageRequest) -> HttpResponse:
    """What waits for a colleague's check on top."""
    found = on_paper.shown(paper_queries.at_window())
    told = {"papers": found, "done": request.GET.get("done", ""), "at": AT}
    return render(request, "portal/on_paper/papers.html", told)


@only(Role.OPERATOR)
def hand_in(request: PageRequest) -> HttpResponse:
    """To which institution, and then what the paper says and its scan."""
    now = timezone.now()
    offered = parties.institutions(request.visitor.scope)
    to = next((one for one in offered if one.id == request.GET.get("to", "")), None)
    if to is None:
        return render(request, "portal/operator/window_to.html", {"institutions": offered})
    agreement = parties.agreement_in_force(to.id, day_of(now))
    if agreement is None:
        raise AgreementNotInForce
    return _typed(request, to, agreement)


def _typed(request: PageRequest, to: InstitutionView, agreement: AgreementView) -> HttpResponse:
    fault, now = "", timezone.now()
    if request.method == "POST":
        try:
            if request.POST.get("seen") != "yes":
                raise FormIncomplete(Saying("请先看来人的身份证件，不是法定代表人的再看委托书；证件不复印，不录入。"))
            said, scanned = paper_forms.says(request), paper_forms.scan(request)
            papers.hand_in(said, scanned, institution=to.id, by=acting_person(request), now=now, window=True)
        except Problem as problem:
            fault = paper_forms.words(problem)
        else:
            return redirect(f"{reverse('portal:window')}?done=handed_in")
    told = paper_forms.form(request, agreement, day_of(now), fault) | {"at": AT, "to": to}
    return render(request, "portal/on_paper/new.html", told, status=400 if fault else 200)


@only(Role.OPERATOR)
def check(request: PageRequest, number: int) -> HttpResponse:
    """Another operator reads the scan, enters whose it is and its days, or says why it does not hold."""
    paper, fault = paper_queries.one_at_window(number), ""
    if request.method == "POST":
        try:
            paper_forms.checked(request, number, WINDOW)
        except Problem as problem:
            fault = paper_forms.words(problem)
        else:
            return redirect(f"{reverse('portal:window')}?done=checked")
    to = parties.institution(paper.institution)
    told = paper_forms.one(request, paper, fault) | {"at": AT, "to": to}
    return render(request, "portal/on_paper/one.html", told, status=400 if fault else 200)


@only(Role.OPERATOR)
def scan(request: PageRequest, number: int) -> HttpResponse:
    return on_paper.as_file(scans.at_window(number, by=acting_person(request), now=timezone.now()))
