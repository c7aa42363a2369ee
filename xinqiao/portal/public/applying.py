"""入驻申请 without signing in: filled in, read over, sent; followed by the number and a code told once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.parties import application_queries, applying, appointing
from xinqiao.parties.application_queries import ApplicationView
from xinqiao.parties.signing_errors import UnknownApplication
from xinqiao.portal import applied, limits, signed
from xinqiao.portal.entrance import address_of
from xinqiao.portal.visitors import PageRequest

LONGEST_NUMBER = 18


@never_cache
def apply(request: PageRequest) -> HttpResponse:
    """The form, then the answers to read over (and back), then the number and the code."""
    if request.method != "POST" or request.POST.get("act") == "back":
        return _form(request)
    said = applied.applied(request.POST)
    if fault := signed.tried(request, lambda: applying.checked(said)):
        return _form(request, fault)
    if request.POST.get("act") != "send":
        told: dict[str, Any] = {"answers": applied.answers(applying.checked(said)), "sent": _sent(request)}
        return render(request, "portal/public/apply_check.html", told)
    limits.count(limits.APPLICATION, address_of(request), now=timezone.now())
    number, code = applying.apply(said, now=timezone.now())
    told = {"one": applied.shown(application_queries.application(number)), "code": code}
    return render(request, "portal/public/apply_done.html", told)


def _sent(request: PageRequest) -> list[tuple[str, str]]:
    """The form's values as they go on to the next step, and back."""
    names = (*applied.FIELDS, "items", "purposes")
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def _form(request: PageRequest, fault: str = "") -> HttpResponse:
    form = request.POST
    chosen = form.getlist("items") + form.getlist("purposes")
    told = applied.choices() | {"said": form, "chosen": chosen, "fault": fault}
    return render(request, "portal/public/apply.html", told, status=400 if fault else 200)


@never_cache
def application_state(request: PageRequest) -> HttpResponse:
    """How it stands, for whoever has the code; what is missing is sent here. Codes stand in no address."""
    told: dict[str, Any] = {"said": request.POST, "fault": ""}
    if request.method == "POST":
        limits.count(limits.PUBLIC_CHECK, address_of(request), now=timezone.now())
        told["fault"] = signed.tried(request, lambda: told.update(_found(request)))
    status = 400 if told["fault"] else 200
    return render(request, "portal/public/application.html", told, status=status)


def _found(request: PageRequest) -> dict[str, Any]:
    number, code = _number(request.POST.get("reference", "")), request.POST.get("code", "")
    if request.POST.get("act") == "complete":
        applying.complete(number, code, text=request.POST.get("text", ""), now=timezone.now())
    view = application_queries.by_code(number, code)
    return {"one": applied.shown(view), "invitation": _invitation(view)}


def _invitation(view: ApplicationView) -> str:
    """The code by which whoever they named becomes their administrator, while it is open."""
    if view.appointment is None or not appointing.one(view.appointment, timezone.now()).open:
        return ""
    return appointing.code_of(view.appointment)


def _number(reference: str) -> int:
    number = reference.strip().rpartition("-")[2]
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        raise UnknownApplication
    return int(number)
