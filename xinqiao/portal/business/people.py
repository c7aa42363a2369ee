"""谁能代办: who acts for my business and in what; inviting somebody, and ending it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.authorisation import inviting, mandate_queries
from xinqiao.authorisation.capacities import DELEGATED, GIVEN_ON, MAY_TITLES, TITLES, USUAL, Capacity, May
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import delegated, proving, refusals, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only

TERMS: Final = (30, 90, 180, 365)  # days offered
PAST: Final = timedelta(days=366)  # how long what has ended is shown


@never_cache
@only(Role.BUSINESS)
def my_people(request: PageRequest) -> HttpResponse:
    """Who can act for us at this moment, who is asked to, and who could until lately."""
    subject, me, now = acting_subject(request), acting_person(request), timezone.now()
    held = mandate_queries.of_subject(subject, now)
    mine = next((one for one in held if one.person == me), None)
    may_invite = mine is not None and May.DELEGATE in mine.may
    told = {
        "people": [(delegated.mandate(one), one.person == me) for one in held],
        "invitations": [_with_link(request, one.number) for one in mandate_queries.invitations_of(subject, now)]
        if may_invite
        else [],
        "over": [delegated.mandate(one) for one in mandate_queries.over(now - PAST, now, subject_id=subject)],
        "may_invite": may_invite,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/business/people.html", told)


def _with_link(request: PageRequest, number: int) -> tuple[delegated.ShownInvitation, str]:
    link = request.build_absolute_uri(reverse("portal:invited", args=[inviting.code_of(number)]))
    return delegated.invited(mandate_queries.invitation(number, timezone.now())), link


@never_cache
@only(Role.BUSINESS)
@proving.confirmed
def invite(request: PageRequest) -> HttpResponse:
    """By whom, in what, until when; what that means; and then the link to hand on."""
    typed = returning.typed(request)
    step = typed.get("step", "") if request.method == "POST" else ""
    fault = None
    if step:
        try:
            asked = _asked(request)
            if step == "send":
                one = inviting.invite(**asked, confirmed=proving.confirmation(request), now=timezone.now())
                return redirect(f"{reverse('portal:my_people')}?done=invited#i{one.number}")
        except Problem as problem:
            fault = refusals.words(problem)
    return render(request, "portal/business/invite.html", _form(typed, step, fault), status=400 if fault else 200)


def _asked(request: PageRequest) -> dict[str, Any]:
    """Raises `FormIncomplete`."""
    said_in = request.POST
    try:
        capacity, until = Capacity(said_in.get("capacity", "")), date.fromisoformat(said_in.get("until", ""))
    except ValueError as error:
        raise FormIncomplete from error
    if not (name := said_in.get("name", "").strip()):
        raise FormIncomplete
    may = [one for one in GIVEN_ON if one in said_in.getlist("may")]
    about = {"subject_id": acting_subject(request), "by": acting_person(request)}
    return about | {"name": name, "capacity": capacity, "may": may, "until": until}


def _form(typed: Any, step: str, fault: Mapping[str, str] | None) -> dict[str, Any]:
    today = day_of(timezone.now())
    capacity = typed.get("capacity") or Capacity.AGENT
    chosen = typed.getlist("may") if step else USUAL[Capacity.ACCOUNTANT]  # grants only where somebody ticks them
    may = [(one, said(MAY_TITLES[one]), one in chosen) for one in (May.GRANT, May.SPEAK)]
    return {
        "name": typed.get("name", ""),
        "capacities": [(one, said(TITLES[one]), one == capacity) for one in Capacity if one in DELEGATED],
        "capacity": said(TITLES[capacity]) if capacity in DELEGATED else "",
        "may": may,
        "days": [(today + timedelta(days=days)).isoformat() for days in TERMS],
        "until": typed.get("until") or (today + timedelta(days=TERMS[1])).isoformat(),
        "check": step == "check" and not fault,
        "fault": fault,
    }


@only(Role.BUSINESS)
def end_delegate(request: PageRequest, number: int) -> HttpResponse:
    """From this press on they act for us no more; or one lays it down oneself."""
    subject, me, now = acting_subject(request), acting_person(request), timezone.now()
    mandate_queries.known(number, of=subject)
    if request.method != "POST":
        return redirect("portal:my_people")
    inviting.end(number, of=subject, by=me, now=now)
    still = mandate_queries.mandate_for(me, subject, now)
    return redirect(f"{reverse('portal:my_people')}?done=ended" if still else reverse("portal:account"))


@only(Role.BUSINESS)
def withdraw_invitation(request: PageRequest, number: int) -> HttpResponse:
    mandate_queries.invitation(number, timezone.now(), of=acting_subject(request))
    if request.method == "POST":
        inviting.withdraw(number, by=acting_person(request), now=timezone.now())
    return redirect("portal:my_people")
