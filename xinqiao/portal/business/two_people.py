"""双人办理: whether my grants take two people, beginning it, and ending it together."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xinqiao.authorisation import queries, safeguards, two_people
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only

ACTS: Final[dict[str, Callable[..., Any]]] = {
    "begin": two_people.begin,
    "end": two_people.end,
    "keep": two_people.keep,
}


@only(Role.BUSINESS)
def two_of_us(request: PageRequest) -> HttpResponse:
    subject, now = acting_subject(request), timezone.now()
    if request.method == "POST":
        if (act := ACTS.get(request.POST.get("act", ""))) is not None:
            act(subject, by=acting_person(request), now=now)
        return redirect("portal:two_people")
    standing = two_people.standing(subject)
    known = [parties.person(person) for person in queries.people_of(subject, now)]
    told = {
        "two": standing,
        "mine": standing.ending_by == acting_person(request),
        "people": [person.name for person in known if person is not None],
        "days": safeguards.safeguards().two_people.prepared_days,
    }
    return render(request, "portal/business/two_people.html", told)
