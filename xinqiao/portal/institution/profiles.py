"""画像和指标: an officer reads the picture of a business, or the indicators of one group, under what it granted."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao import catalogue
from xinqiao.disclosure.indicating import ask_indicators
from xinqiao.disclosure.profiling import ask_profile
from xinqiao.evaluation import indicator_files
from xinqiao.kernel.problems import Problem
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, pictured, returning
from xinqiao.portal.institution import asking
from xinqiao.portal.public.indicators import titled
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only


@never_cache
@only(Role.OFFICER)
def profile(request: PageRequest) -> HttpResponse:
    """One look, receipted, and known to the business."""
    asked = returning.typed(request)
    uscc, purpose = asked.get("uscc", "").strip(), asked.get("purpose", "")
    if request.method != "POST":
        return redirect("portal:ask")
    try:
        told = ask_profile(
            asker=acting_institution(request),
            officer=acting_person(request),
            uscc=uscc,
            purpose=purpose,
            now=timezone.now(),
        )
    except Problem as problem:
        return asking.refused(request, problem, uscc, purpose)
    said = _headed(told.report) | {"sides": pictured.sides(told.report["dimensions"])}
    return render(request, "portal/institution/profile.html", said)


@never_cache
@only(Role.OFFICER)
def indicators(request: PageRequest) -> HttpResponse:
    """The indicators of one group: what the business has not granted is said to be not known."""
    asked = returning.typed(request)
    uscc, purpose, group = asked.get("uscc", "").strip(), asked.get("purpose", ""), asked.get("group", "")
    found = indicator_files.load(catalogue.city())
    if request.method != "POST" or group not in found.groups:
        return redirect("portal:ask")
    try:
        told = ask_indicators(
            asker=acting_institution(request),
            officer=acting_person(request),
            uscc=uscc,
            purpose=purpose,
            names=frozenset(found.groups[group].indicators),
            partly=True,
            now=timezone.now(),
        )
    except Problem as problem:
        return asking.refused(request, problem, uscc, purpose)
    lines = [pictured.line(one) for one in told.report["indicators"]]
    chosen = {"lines": lines, "group": titled(found.groups[group])}
    return render(request, "portal/institution/indicators.html", _headed(told.report) | chosen)


def _headed(report: Mapping[str, Any]) -> dict[str, object]:
    """What stands over both pages: who, what for, under which number; and the other groups to ask for."""
    groups = indicator_files.load(catalogue.city()).groups
    return {
        "subject": report["subject"],
        "number": report["number"],
        "purpose": report["purpose"]["purpose"],
        "purpose_title": naming.purpose(report["purpose"]["purpose"]),
        "sources": [one for one in report["sources"] if one["state"] != "answered"],
        "groups": [(name, titled(one)) for name, one in groups.items()],
    }
