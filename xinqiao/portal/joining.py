"""登记企业, 接受邀请: from having signed on to acting for a business. For whoever is signed in, in whatever role."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.authorisation import inviting, mandate_queries
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties import identities
from xinqiao.parties.rules import Role
from xinqiao.portal import delegated, naming, refusals, sign_on
from xinqiao.portal.person.consents import in_person
from xinqiao.portal.visitors import DESK, SUBJECT, PageRequest, acting_person
from xinqiao.rights import joining, registered
from xinqiao.subjects import queries as subjects


@never_cache
@in_person
def join(request: PageRequest) -> HttpResponse:
    """The business whose licence was shown, what registering it means, and what became of it."""
    me, now = acting_person(request), timezone.now()
    if request.method == "POST":
        joined = joining.join(me, now=now)
        if joined.mandate is not None:
            return _at_home(request, joined.subject_id)
        return redirect("portal:join")
    waiting = [one for one in mandate_queries.doubts_about(me) if one.mandate is None and one.decided_at is None]
    told: dict[str, Any] = {"waiting": [delegated.in_doubt(one) for one in waiting], "next": request.path}
    told |= {"ways": sign_on.offered(), "numbered": registered.compares_numbers()}
    try:
        business = joining.business(me, now)
    except Problem as problem:
        return render(request, "portal/person/join.html", told | {"blocked": refusals.words(problem)})
    if mandate_queries.mandate_for(me, business.id, now):
        return _at_home(request, business.id)
    asked = any(one.subject_id == business.id for one in waiting)
    told |= {"business": business, "kind": naming.kind(business.kind), "asked": asked}
    return render(request, "portal/person/join.html", told)


def _at_home(request: PageRequest, subject: int) -> HttpResponse:
    request.session[DESK], request.session[SUBJECT] = f"{Role.BUSINESS}::", subject
    return redirect("portal:my_home")


@never_cache
@in_person
def accept(request: PageRequest, code: str) -> HttpResponse:
    """What one is asked to do, by whom, in what and until when; accepting is one press."""
    me, now = acting_person(request), timezone.now()
    one = inviting.invited(code, now)
    fault = ""
    if request.method == "POST":
        try:
            inviting.accept(code, by=me, now=now)
            return _at_home(request, one.subject_id)
        except Problem as problem:
            fault = said(problem.detail)
    [business] = subjects.views([one.subject_id])
    told = {
        "one": delegated.invited(one),
        "business": business,
        "fault": fault,
        "signed_on": bool(identities.ways_of(me)),
        "ways": sign_on.offered(),
        "next": request.path,
    }
    return render(request, "portal/person/invited.html", told, status=400 if fault else 200)
