"""人员与网点: who is where in our organisation, whom we invite, and which branches we have."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import BranchId
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties import appointing, branch_queries, branches, charges, staff_queries, staffing
from xinqiao.parties.charges import Work
from xinqiao.parties.rules import ROLE_TITLES, Role
from xinqiao.portal import proving, refusals, returning, staffed
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only

LONGEST_REFERENCE = 60


@never_cache
@only(Role.ADMINISTRATOR)
def staff(request: PageRequest) -> HttpResponse:
    """Who acts for us at this moment, who is asked to, which branches there are, and what nobody has."""
    return _page(request)


def _page(request: PageRequest, fault: Mapping[str, str] | None = None) -> HttpResponse:
    of, at, now = request.visitor.scope.organisation, request.visitor.scope.branch, timezone.now()
    told = {
        "people": [staffed.member(one, now) for one in staff_queries.staff(of, at, now)],
        "branches": staffed.branches(of, at, now),
        "invitations": [staffed.invitation(request, one) for one in appointing.waiting(of, at, now)],
        "waiting": [
            staffed.piece(one, staff_queries.able(of, one.branch, now)) for one in charges.waiting(of, at, now)
        ],
        "places": staffed.places(of, at),
        "signs": Role.OFFICER in branch_queries.organisation(of, on=day_of(now)).roles,
        "counties": sorted((one, said(held.title)) for one, held in catalogue.city().divisions.items()),
        "said": returning.typed(request) if fault else {},
        "fault": fault,
        "done": request.GET.get("done", ""),
        "reference": request.GET.get("reference", "")[:LONGEST_REFERENCE],
    }
    return render(request, "portal/organisation/people.html", told, status=400 if fault else 200)


@never_cache
@only(Role.ADMINISTRATOR)
@proving.confirmed
def invite_colleague(request: PageRequest) -> HttpResponse:
    """By real name, as what, where; what that means; then the link to hand on."""
    typed, fault = returning.typed(request), None
    step = typed.get("step", "") if request.method == "POST" else ""
    if step:
        try:
            asked = _asked(request)
            if step == "send":
                one = appointing.invite(**asked, by=acting_person(request), now=timezone.now())
                return redirect(f"{reverse('portal:staff')}?done=invited#i{one.number}")
        except Problem as problem:
            fault = refusals.words(problem)
    told = _form(request, typed, checked=step == "check" and not fault) | {"fault": fault}
    return render(request, "portal/organisation/invite.html", told, status=400 if fault else 200)


def _asked(request: PageRequest) -> dict[str, Any]:
    """Raises `FormIncomplete`."""
    name, role = request.POST.get("name", "").strip(), request.POST.get("role", "")
    if not name or role not in set(Role):
        raise FormIncomplete
    organisation = request.visitor.scope.organisation
    return {"organisation": organisation, "name": name, "role": Role(role), "branch": chosen(request, "branch")}


def chosen(request: PageRequest, field: str) -> BranchId | None:
    """The place somebody chose; empty: the head office. Raises `FormIncomplete`."""
    typed = request.POST.get(field, "")
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 19):  # noqa: PLR2004 — a 64-bit number
        raise FormIncomplete
    return BranchId(int(typed)) if typed else None


def _form(request: PageRequest, typed: Any, *, checked: bool) -> dict[str, Any]:
    scope = request.visitor.scope
    roles = branch_queries.organisation(scope.organisation, on=day_of(timezone.now())).roles
    role, places = typed.get("role") or roles[0], staffed.places(scope.organisation, scope.branch)
    branch = typed.get("branch", places[0][0])
    return {
        "name": typed.get("name", ""),
        "roles": [(one, said(ROLE_TITLES[one]), one == role) for one in roles],
        "role": next((said(ROLE_TITLES[one]) for one in roles if one == role), ""),
        "places": [(number, title, number == branch) for number, title in places],
        "place": dict(places).get(branch, ""),
        "check": checked,
    }


@only(Role.ADMINISTRATOR)
def withdraw_appointment(request: PageRequest, number: int) -> HttpResponse:
    if request.method == "POST":
        appointing.withdraw(number, by=acting_person(request), now=timezone.now())
    return redirect("portal:staff")


@only(Role.ADMINISTRATOR)
@proving.confirmed
def new_branch(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("portal:staff")
    said_of = {"name": request.POST.get("name", ""), "division": request.POST.get("county", "")}
    try:
        where = {"under": chosen(request, "under"), "by": acting_person(request), "now": timezone.now()}
        branches.open_(request.visitor.scope.organisation, **said_of, **where)  # type: ignore[arg-type]
    except Problem as problem:
        return _page(request, refusals.words(problem))
    return redirect(f"{reverse('portal:staff')}?done=branch")


@only(Role.ADMINISTRATOR)
@proving.confirmed
def close_branch(request: PageRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("portal:staff")
    try:
        of = request.visitor.scope.organisation
        branches.close(BranchId(number), of=of, by=acting_person(request), now=timezone.now())
    except Problem as problem:
        return _page(request, refusals.words(problem))
    return redirect(f"{reverse('portal:staff')}?done=closed")


@only(Role.ADMINISTRATOR)
@proving.confirmed
def assign_work(request: PageRequest) -> HttpResponse:
    """What nobody has any more goes to somebody of its branch, or above."""
    if request.method != "POST":
        return redirect("portal:staff")
    of, by, now = request.visitor.scope.organisation, acting_person(request), timezone.now()
    work, _slash, number = request.POST.get("piece", "").partition("/")
    try:
        if work not in set(Work) or not number.isdecimal() or not request.POST.get("to", "").isdecimal():
            raise FormIncomplete
        colleague = staff_queries.member(int(request.POST["to"]), now)
        staffing.assign((Work(work), int(number)), organisation=of, to=colleague.person, by=by, now=now)
    except Problem as problem:
        return _page(request, refusals.words(problem))
    return redirect(f"{reverse('portal:staff')}?done=assigned")
