"""政务共享依据: one operator declares by which law a department is told what, another approves; either ends it."""

from datetime import date
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.catalogue.meaning import shareable
from xinqiao.disclosure import deferring
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import clients, institutions, sharing, sharing_queries
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import BasisState, InstitutionKind, Role
from xinqiao.parties.sharing import Declared, Deferral
from xinqiao.parties.sharing_queries import BasisView
from xinqiao.portal import naming, proving, refusals, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only

LONGEST_NUMBER: Final = 9


@only(Role.OPERATOR)
@proving.confirmed
def bases(request: PageRequest) -> HttpResponse:
    """What waits for a second pair of eyes, what is in force, and a form for a new one: first whose, then what."""
    typed = returning.typed(request)
    said = typed if request.method == "POST" or typed else request.GET
    fault = ""
    if request.method == "POST":
        try:
            sharing.declare(_declared(request.POST), by=acting_person(request), now=timezone.now())
            return redirect("portal:sharing_bases")
        except Problem as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
    told = _standing(acting_person(request)) | _form(said.get("department", ""))
    told |= {"said": said, "chosen": said.getlist("items") + said.getlist("users"), "fault": fault}
    return render(request, "portal/operator/sharing_bases.html", told, status=400 if fault else 200)


def _standing(me: PersonId) -> dict[str, Any]:
    today = day_of(timezone.now())
    every = [(one, one.state(today)) for one in sharing_queries.bases()]
    waiting = [
        _shown(one, state) | {"own": one.declared_by == me} for one, state in every if state is BasisState.WAITING
    ]
    return {
        "waiting": waiting,
        "others": [_shown(one, state) for one, state in every if state is not BasisState.WAITING],
        "deferred": deferring.counted(),
        "title": ngettext("%(n)d 份共享依据等人批准", "%(n)d 份共享依据等人批准", len(waiting)) % {"n": len(waiting)}
        if waiting
        else _("没有等批准的共享依据"),
    }


def _shown(one: BasisView, state: BasisState) -> dict[str, Any]:
    names = sharing_queries.names_of(one.persons)
    return {
        "id": one.id,
        "department": one.department_name,
        "law": one.law,
        "duty": one.duty,
        "items": _("、").join(naming.item(name) for name in sorted(one.items)),
        "grade": one.grade,
        "users": _("、").join([*names.values(), *sorted(one.clients)]),
        "since": one.since,
        "until": one.until,
        "deferral": one.deferral_law,
        "days": one.deferral_days,
        "declared": one.declared_by_name,
        "decided": one.decided_by_name,
        "state": naming.basis_state(state),
        "good": state is BasisState.IN_FORCE,
        "because": one.ended_because,
        "ends": state in {BasisState.IN_FORCE, BasisState.NOT_STARTED},
    }


def _form(department: str) -> dict[str, Any]:
    """Departments first; once one is chosen, its people and programs and what may be shared."""
    city, now = catalogue.city(), timezone.now()
    of_the_state = [one for one in city.sources.values() if one.kind in institutions.OF_THE_STATE]
    told: dict[str, Any] = {"departments": [(one.source, naming.source(one.source)) for one in of_the_state]}
    if department not in {one.source for one in of_the_state}:
        return told | {"department": ""}
    people = parties.people_in(Role.PROVIDER, department, now)
    names = sharing_queries.names_of(people)
    users = [(f"person:{one}", names[one]) for one in people]
    users += [(f"client:{one.id}", one.id) for one in clients.of(InstitutionId(department))]
    return told | {
        "department": department,
        "department_title": naming.source(department),
        "admitted": department in {one.id for one in parties.departments()},
        "users": users,
        "items": [(one.item, naming.item(one.item)) for one in city.whole_items() if shareable(one)],
        "most_days": sharing.MOST_DEFERRED,
    }


def _declared(form: QueryDict) -> Declared:
    users = [user.partition(":") for user in form.getlist("users")]
    law, days = form.get("deferral_law", "").strip(), form.get("deferral_days", "")
    department = form.get("department", "")
    _admit(department, form.get("contact", "").strip())
    return Declared(
        department=department,
        law=form.get("law", ""),
        duty=form.get("duty", ""),
        items=frozenset(form.getlist("items")),
        since=_day(form.get("since", "")),
        until=_day(form.get("until", "")),
        persons=frozenset(PersonId(int(who)) for kind, _s, who in users if kind == "person" and _number(who)),
        clients=frozenset(who for kind, _s, who in users if kind == "client"),
        deferral=Deferral(law, int(days) if _number(days) else 0) if law else None,
        grade=form.get("grade") == "yes",
    )


def _admit(department: str, contact: str) -> None:
    """The first basis of a department makes it a party, under its name in the catalogue."""
    if department in catalogue.city().sources and department not in {one.id for one in parties.departments()}:
        if not contact:
            raise FormIncomplete(Saying("请写明这个部门的联系方式。"))
        name = catalogue.city().sources[department].names[-1].title
        kind = InstitutionKind.DEPARTMENT
        institutions.admit(id=department, name=name, kind=kind, contact=contact[:200], now=timezone.now())


def _number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FormIncomplete(Saying("请写明起止日期。")) from error


@only(Role.OPERATOR)
@proving.confirmed
def decide_basis(request: PageRequest, number: int) -> HttpResponse:
    if request.method == "POST":
        by, now, decision = acting_person(request), timezone.now(), request.POST.get("decision")
        if decision == "end":
            sharing.end(number, because=request.POST.get("because", ""), by=by, now=now)
        else:
            act = sharing.approve if decision == "approve" else sharing.turn_down
            act(number, by=by, now=now)
    return redirect("portal:sharing_bases")
