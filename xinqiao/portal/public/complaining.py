"""投诉 without signing in: rate-limited by address; the answer is read by the number and a code told once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.kernel.problems import Problem
from xinqiao.oversight import complaining, complaints
from xinqiao.oversight.complaints import ComplaintView
from xinqiao.oversight.errors import NotFound
from xinqiao.portal import complained, limits
from xinqiao.portal.entrance import address_of
from xinqiao.portal.visitors import PageRequest

LONGEST_NUMBER = 18


@never_cache
def complain(request: PageRequest) -> HttpResponse:
    """The form; sent, the number and the code."""
    typed, fault = complained.filled(request), ""
    if request.method == "POST":
        limits.count(limits.COMPLAINT, address_of(request), now=timezone.now())
        try:
            said = {"text": typed["text"], "contact": typed["contact"], "now": timezone.now()}
            made, code = complaining.by_anybody(complained.target(typed["whom"]), **said)  # type: ignore[arg-type]
        except Problem as problem:
            fault = complained.fault_of(problem)
        else:
            told = {"one": complained.shown(made), "code": code, "terms": complained.terms()}
            return render(request, "portal/public/complained.html", told)
    told = {"choices": complained.choices(), "said": typed, "fault": fault, "terms": complained.terms()}
    return render(request, "portal/public/complain.html", told, status=400 if fault else 200)


@never_cache
def answered(request: PageRequest) -> HttpResponse:
    """What became of it, for whoever has the code; and the way above the platform. Codes stand in no address."""
    typed, fault = complained.filled(request), ""
    told: dict[str, Any] = {"said": typed, "terms": complained.terms()}
    if request.method == "POST":
        limits.count(limits.PUBLIC_CHECK, address_of(request), now=timezone.now())
        try:
            told["one"] = complained.shown(_found(typed))
        except Problem as problem:
            fault = complained.fault_of(problem)
    return render(request, "portal/public/complaint.html", told | {"fault": fault}, status=400 if fault else 200)


def _found(typed: dict[str, str]) -> ComplaintView:
    number = typed["reference"].rpartition("-")[2]
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        raise NotFound
    if typed["act"] == "escalate":
        return complaining.escalate_by_code(int(number), typed["code"], why=typed["text"], now=timezone.now())
    return complaints.by_code(int(number), typed["code"])
