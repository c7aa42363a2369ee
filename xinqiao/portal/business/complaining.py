"""投诉: the business complains, reads the answer, and takes it above the platform where it is not content."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.problems import Problem
from xinqiao.oversight import complaining, complaints
from xinqiao.parties.rules import Role
from xinqiao.portal import complained
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only

PAGE: Final = "portal:my_complaint"


@only(Role.BUSINESS)
def my_complaints(request: PageRequest) -> HttpResponse:
    """Those made, the newest first; and the form for another."""
    subject, typed, fault = acting_subject(request), complained.filled(request), ""
    if request.method == "POST":
        try:
            said = {"text": typed["text"], "by": acting_person(request), "now": timezone.now()}
            made = complaining.by_business(subject, complained.target(typed["whom"]), **said)  # type: ignore[arg-type]
            return redirect(PAGE, number=made.number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    every = complained.every(complaints.complaints_of(subject), PAGE)
    waiting = sum(one.view.waiting for one in every)
    title = ngettext("%(n)d 件投诉等答复", "%(n)d 件投诉等答复", waiting) % {"n": waiting}
    told = {
        "complaints": every,
        "title": title if waiting else _("投诉"),
        "choices": complained.choices(),
        "terms": complained.terms(),
        "said": typed,
        "fault": fault,
    }
    return render(request, "portal/business/complaints.html", told, status=400 if fault else 200)


@only(Role.BUSINESS)
def my_complaint(request: PageRequest, number: int) -> HttpResponse:
    subject, typed, fault = acting_subject(request), complained.filled(request), ""
    complaints.complaint(number, of=subject)
    if request.method == "POST":
        try:
            by, now = acting_person(request), timezone.now()
            complaining.escalate_own(number, subject, why=typed["text"], by=by, now=now)
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    one = complained.shown(complaints.complaint(number, of=subject))
    told = {"one": one, "said": typed, "fault": fault, "terms": complained.terms()}
    return render(request, "portal/business/complaint.html", told, status=400 if fault else 200)
