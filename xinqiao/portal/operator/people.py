"""单位的人员, as the operator sees them: first administrators, by two; who acts for whom; and ending a role at once."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties import appointing, branch_queries, charges, staff_queries, staffing
from xinqiao.parties import queries as parties
from xinqiao.parties.errors import UnknownInstitution, UnknownRole
from xinqiao.parties.rules import Role
from xinqiao.portal import proving, refusals, returning, staffed
from xinqiao.portal.visitors import PageRequest, acting_person, only


@never_cache
@only(Role.OPERATOR)
@proving.confirmed
def organisations(request: PageRequest) -> HttpResponse:
    """What waits for a second operator, a form for a first administrator, and every organisation there is."""
    now, fault = timezone.now(), None
    typed = returning.typed(request)
    filled = {name: typed.get(name, "").strip() for name in ("organisation", "name", "document")}
    if request.method == "POST":
        try:
            appointing.propose(**filled, by=acting_person(request), now=now)
            return redirect("portal:organisations")
        except Problem as problem:
            fault = refusals.words(problem)
    waiting = [(staffed.invitation(request, one), _name(one.organisation)) for one in appointing.to_confirm(now)]
    own = {one.number for one in appointing.to_confirm(now) if one.invited_by == acting_person(request)}
    told = {
        "waiting": [(one, name, one.number in own) for one, name in waiting],
        "organisations": [(one, _name(one), len(staff_queries.administrators(one, now))) for one in every()],
        "said": filled,
        "fault": fault,
    }
    return render(request, "portal/operator/organisations.html", told, status=400 if fault else 200)


def every() -> list[str]:
    """Everybody who can have people: whoever was admitted, and the sources of the city."""
    admitted = [one.id for one in (*parties.admitted(), *parties.departments())]
    return sorted({*admitted, *catalogue.city().sources})


def _name(organisation: str) -> str:
    return said(branch_queries.organisation(organisation, on=day_of(timezone.now())).name)


@only(Role.OPERATOR)
@proving.confirmed
def decide_appointment(request: PageRequest, number: int) -> HttpResponse:
    one = appointing.one(number, timezone.now())
    if request.method == "POST":
        act = appointing.confirm if request.POST.get("decision") == "confirm" else appointing.withdraw
        act(number, by=acting_person(request), now=timezone.now())
        return redirect("portal:staff_of", organisation=one.organisation)
    return redirect("portal:organisations")


@never_cache
@only(Role.OPERATOR)
def staff_of(request: PageRequest, organisation: str) -> HttpResponse:
    """Who acts for an organisation, and where; to help, and to end a role at once where there is harm."""
    return _page(request, organisation)


def _page(request: PageRequest, organisation: str, fault: Mapping[str, str] | None = None) -> HttpResponse:
    now = timezone.now()
    if organisation not in every():
        raise UnknownInstitution
    told = {
        "organisation": organisation,
        "name": _name(organisation),
        "people": [staffed.member(one, now) for one in staff_queries.staff(organisation, None, now)],
        "branches": staffed.branches(organisation, None, now),
        "invitations": [staffed.invitation(request, one) for one in appointing.waiting(organisation, None, now)],
        "waiting": [staffed.piece(one, []) for one in charges.waiting(organisation, None, now)],
        "fault": fault,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/operator/staff.html", told, status=400 if fault else 200)


@never_cache
@only(Role.OPERATOR)
@proving.confirmed
def end_at_once(request: PageRequest, organisation: str, number: int) -> HttpResponse:
    """What ending it does, and the press that does it; the organisation's administrator hands on what was open."""
    now = timezone.now()
    one = staff_queries.member(number, now)
    if one.organisation != organisation:
        raise UnknownRole
    if request.method == "POST":
        staffing.end(number, by=acting_person(request), now=now)
        return redirect(f"{reverse('portal:staff_of', args=[organisation])}?done={number}")
    told = {"one": staffed.member(one, now), "name": _name(organisation), "organisation": organisation}
    return render(request, "portal/operator/end_role.html", told)
