"""One colleague: what is open with her, and moving, relieving or ending her, with a page that says what will happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.parties import branch_queries, charges, staff_queries, staffing
from xinqiao.parties.charges import Key, Piece
from xinqiao.parties.errors import UnknownRole
from xinqiao.parties.rules import Role, reaches
from xinqiao.parties.staff_queries import Member
from xinqiao.parties.staffing import HandOver
from xinqiao.portal import proving, refusals, returning, staffed
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.organisation.people import chosen
from xinqiao.portal.visitors import PageRequest, acting_person, only

ACTS: Final = ("end", "move", "relieve")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen: the act, the place where she goes, and who takes over what."""

    act: str
    branch: BranchId | None
    to: HandOver


@never_cache
@only(Role.ADMINISTRATOR)
@proving.confirmed
def colleague(request: PageRequest, number: int) -> HttpResponse:
    """Choose; look at what will happen; confirm. Whom she does not keep she does not find."""
    now = timezone.now()
    one, fault, asked = _kept(request, number, now), None, None
    if request.method == "POST":
        try:
            asked = _asked(request, one, now)
            if request.POST.get("step") == "do":
                return _done(request, one, asked, now)
        except Problem as problem:
            fault, asked = refusals.words(problem), None
    told = _told(request, one, asked, now) | {"fault": fault}
    return render(request, "portal/organisation/colleague.html", told, status=400 if fault else 200)


def _kept(request: PageRequest, number: int, now: datetime) -> Member:
    one, scope = staff_queries.member(number, now), request.visitor.scope
    if one.organisation != scope.organisation:
        raise UnknownRole
    if not reaches(scope.branch, one.branch, branch_queries.parents(scope.organisation)):
        raise UnknownRole
    return one


def _asked(request: PageRequest, one: Member, now: datetime) -> Asked:
    """Raises `FormIncomplete`."""
    if (act := request.POST.get("act", "")) not in ACTS:
        raise FormIncomplete
    people = {str(who.role): who.person for who in staff_queries.colleagues(one, now)}
    each = {piece.key: _who(people, request.POST.get(_field(piece), "")) for piece in _open(one, now)}
    named: dict[Key, PersonId] = {key: who for key, who in each.items() if who is not None}
    return Asked(act, chosen(request, "branch"), HandOver(_who(people, request.POST.get("to", "")), named))


def _who(people: Mapping[str, PersonId], typed: str) -> PersonId | None:
    if typed and typed not in people:
        raise FormIncomplete
    return people.get(typed)


def _done(request: PageRequest, one: Member, asked: Asked, now: datetime) -> HttpResponse:
    by = acting_person(request)
    match asked.act:
        case "move":
            staffing.move(one.role, branch=asked.branch, to=asked.to, by=by, now=now)
        case "relieve":
            staffing.relieve(one.role, to=asked.to, by=by, now=now)
        case _:
            staffing.end(one.role, to=asked.to, by=by, now=now)
    query = urlencode({"done": asked.act, "reference": staffed.reference(one.role)})
    return redirect(f"{reverse('portal:staff')}?{query}")


def _told(request: PageRequest, one: Member, asked: Asked | None, now: datetime) -> dict[str, Any]:
    able, pieces = staff_queries.colleagues(one, now), _open(one, now)
    names: dict[PersonId | None, str] = {who.person: who.name for who in able}
    to = asked.to if asked else HandOver()
    places = staffed.places(one.organisation, request.visitor.scope.branch)
    return {
        "one": staffed.member(one, now),
        "able": able,
        "pieces": [(staffed.piece(piece, able), _field(piece)) for piece in pieces],
        "places": [(number, title) for number, title in places if number != str(one.branch or "")],
        "check": asked,
        "handed": [(staffed.piece(piece, []), names.get(to.of(piece), "")) for piece in pieces],
        "place": dict(places).get(str(asked.branch or ""), "") if asked else "",
        "typed": [(name, value) for name, value in returning.typed(request).items() if name not in {"step"}],
        "own": one.person == acting_person(request),
    }


def _open(one: Member, now: datetime) -> list[Piece]:
    return [] if one.acts_as is Role.ADMINISTRATOR else charges.open_with(one.person, one.organisation, now)


def _field(piece: Piece) -> str:
    return f"to-{piece.work}-{piece.number}"
