"""任职邀请: from having signed on to acting for an organisation. For whoever is signed in, in whatever role."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties import appointing, branch_queries, factors, identities, staff_queries
from xinqiao.parties.rules import Scope
from xinqiao.portal import proving, sign_on, staffed
from xinqiao.portal.navigation import desk
from xinqiao.portal.person.consents import in_person
from xinqiao.portal.visitors import DESK, PageRequest, acting_person


@never_cache
@in_person
def accept(request: PageRequest, code: str) -> HttpResponse:
    """As what, where, by whom; accepting is one press, and a second factor comes next where there is none yet."""
    me, now = acting_person(request), timezone.now()
    one, fault = appointing.appointed(code, now), ""
    if request.method == "POST":
        try:
            return _at_the_desk(request, appointing.accept(code, by=me, now=now))
        except Problem as problem:
            fault = said(problem.detail) or said(problem.title)
    told = {
        "one": staffed.invitation(request, one),
        "open": one.open,
        "waits": one.waits,
        "organisation": said(branch_queries.organisation(one.organisation, on=day_of(now)).name),
        "fault": fault,
        "signed_on": bool(identities.ways_of(me)),
        "ways": sign_on.offered(),
        "next": request.path,
    }
    return render(request, "portal/person/appointed.html", told, status=400 if fault else 200)


def _at_the_desk(request: PageRequest, role: int) -> HttpResponse:
    one = staff_queries.member(role, timezone.now())
    scope = Scope(one.person, one.acts_as, one.organisation, one.zone, one.branch)
    request.session[DESK] = desk(scope).key
    enough = factors.enough(proving.shown(request.session))
    return redirect("portal:home" if enough else "portal:factors")
