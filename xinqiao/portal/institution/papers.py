"""纸质授权: an officer hands in the scan of a signed grant; a colleague reads the scan and enters it once more."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from xinqiao.authorisation import paper_queries, papers, scans
from xinqiao.authorisation.errors import AgreementNotInForce, PaperUnknown
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.parties import charges
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.rules import Role
from xinqiao.portal import on_paper, paper_forms
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only

AT: Final = {
    "title": gettext_lazy("纸质授权"),
    "all": "portal:papers",
    "new": "portal:paper_new",
    "one": "portal:paper",
    "scan": "portal:paper_scan",
}


@only(Role.OFFICER)
def all_papers(request: PageRequest) -> HttpResponse:
    """What waits for a colleague's check on top."""
    here = charges.numbers(Work.PAPER, request.visitor.scope)
    ours = paper_queries.of_institution(acting_institution(request))
    found = on_paper.shown([one for one in ours if here is None or one.number in here])
    told = {"papers": found, "done": request.GET.get("done", ""), "at": AT}
    return render(request, "portal/on_paper/papers.html", told)


@only(Role.OFFICER)
def hand_in(request: PageRequest) -> HttpResponse:
    """Whose, what for, what, until when, signed by whom and when, and the scan."""
    institution, now = acting_institution(request), timezone.now()
    agreement = parties.agreement_in_force(institution, day_of(now))
    if agreement is None:
        raise AgreementNotInForce
    fault = ""
    if request.method == "POST":
        try:
            said, scanned = paper_forms.says(request), paper_forms.scan(request)
            papers.hand_in(said, scanned, institution=institution, by=acting_person(request), now=now)
        except Problem as problem:
            fault = paper_forms.words(problem)
        else:
            return redirect(f"{reverse('portal:papers')}?done=handed_in")
    told = paper_forms.form(request, agreement, day_of(now), fault) | {"at": AT}
    return render(request, "portal/on_paper/new.html", told, status=400 if fault else 200)


@only(Role.OFFICER)
def check(request: PageRequest, number: int) -> HttpResponse:
    """The colleague reads the scan, enters whose it is and its days, or says why it does not hold."""
    institution = acting_institution(request)
    _at_our_branch(request, number)
    paper, fault = paper_queries.one_of(number, institution), ""
    if request.method == "POST":
        try:
            paper_forms.checked(request, number, institution)
        except Problem as problem:
            fault = paper_forms.words(problem)
        else:
            return redirect(f"{reverse('portal:papers')}?done=checked")
    told = paper_forms.one(request, paper, fault) | {"at": AT, "elsewhere": paper.window}
    return render(request, "portal/on_paper/one.html", told, status=400 if fault else 200)


@only(Role.OFFICER)
def scan(request: PageRequest, number: int) -> HttpResponse:
    _at_our_branch(request, number)
    of, by = acting_institution(request), acting_person(request)
    return on_paper.as_file(scans.of_ours(number, of=of, by=by, now=timezone.now()))


def _at_our_branch(request: PageRequest, number: int) -> None:
    """Raises `PaperUnknown` for one of a branch beside or above."""
    if not charges.seen(Work.PAPER, number, request.visitor.scope):
        raise PaperUnknown
