"""个人同意: whom an officer asks in person under one grant, how each answered, and the link that leads her there."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xinqiao.authorisation import person_notices, person_queries, persons, queries
from xinqiao.authorisation.errors import ConsentUnknown, NotFound
from xinqiao.authorisation.person_queries import ConsentView
from xinqiao.authorisation.persons import Named
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import FINAL, State
from xinqiao.kernel.ids import ConsentId, GrantId
from xinqiao.language import in_english
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, returning, wording
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only
from xinqiao.subjects import queries as subjects

TONES: Final = {State.GIVEN: "good", State.ASKED: "care"}


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """One person who was asked: as what, how it stands, and while she has not answered the link to hand her."""

    id: ConsentId
    name: str
    capacity: str
    at: str
    until: str
    state_title: str
    tone: str
    link: str


@only(Role.OFFICER)
def asked_persons(request: PageRequest, number: int) -> HttpResponse:
    """Those asked so far, and a form to ask one more."""
    grant = queries.grant(GrantId(number))
    if grant is None or grant.institution != acting_institution(request):
        raise NotFound
    if request.method == "POST":
        said = returning.typed(request)
        if consent := said.get("withdraw", ""):
            persons.withdraw(_numbered(consent), by=acting_person(request), now=timezone.now())
            return redirect("portal:asked_persons", number=number)
        named = Named(said.get("name", ""), said.get("number", ""), said.get("capacity", ""))
        persons.ask(grant.id, named, by=acting_person(request), now=timezone.now())
        return redirect("portal:asked_persons", number=number)
    return render(request, "portal/institution/persons.html", _told(request, grant))


def _numbered(text: str) -> ConsentId:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):  # noqa: PLR2004 — digits of a 64-bit number
        raise ConsentUnknown
    return ConsentId(int(text))


def _told(request: PageRequest, grant: GrantView) -> dict[str, object]:
    [subject] = subjects.views([grant.subject_id])
    return {
        "grant": grant.id,
        "subject": subject,
        "purpose": naming.purpose(grant.purpose),
        "ended": grant.state(timezone.now()) in FINAL,
        "asked": [_shown(request, one) for one in person_queries.of_grant(grant.id)],
        "capacities": [(name, words[in_english()]) for name, words in person_notices.CAPACITIES.items()],
    }


def _shown(request: PageRequest, one: ConsentView) -> AskedPerson:
    state = one.state(timezone.now())
    link = persons.page(one.id) if state is State.ASKED else ""
    return AskedPerson(
        one.id,
        one.name,
        person_notices.CAPACITIES[one.capacity][in_english()],
        wording.instant(one.asked_at),
        one.until.isoformat(),
        naming.grant_state(state),
        TONES.get(state, ""),
        request.build_absolute_uri(link) if link else "",
    )
