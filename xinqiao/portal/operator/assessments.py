"""影响评估: what was thought through before items, purposes and institutions were opened, by one person and another."""

from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import assessing, assessment_queries, purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.assessing import Assessed
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.portal import assessed, naming, proving, refusals, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only


@only(Role.OPERATOR)
@proving.confirmed
def assessments(request: PageRequest) -> HttpResponse:
    """What waits for a second pair of eyes, all that is on file, and a form for a new one: first of whom, then what."""
    typed = returning.typed(request)
    said = typed if request.method == "POST" or typed else request.GET
    fault = ""
    if request.method == "POST":
        try:
            today = day_of(timezone.now())
            assessing.assess(_assessed(request.POST), by=acting_person(request), today=today, now=timezone.now())
            return redirect("portal:assessments")
        except Problem as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
    told = _standing(acting_person(request)) | _form(request, said.get("institution", ""))
    told |= {"said": said, "chosen": said.getlist("items") + said.getlist("purposes"), "fault": fault}
    return render(request, "portal/operator/assessments.html", told, status=400 if fault else 200)


def _standing(me: PersonId) -> dict[str, Any]:
    today, every = day_of(timezone.now()), assessment_queries.every()
    waiting = [assessed.shown(one, today) | {"own": one.assessed_by == me} for one in every if one.decided_at is None]
    return assessed.on_file(every, today) | {
        "waiting": waiting,
        "title": ngettext("%(n)d 份影响评估等人批准", "%(n)d 份影响评估等人批准", len(waiting)) % {"n": len(waiting)}
        if waiting
        else _("没有等批准的影响评估"),
    }


def _form(request: PageRequest, institution: str) -> dict[str, Any]:
    every = [*parties.institutions(request.visitor.scope), *parties.departments()]
    chosen = next((one for one in every if one.id == institution), None)
    if chosen is None:
        return {"institutions": [(one.id, one.name) for one in every], "institution": ""}
    usable = [one for one in purposes.purposes().values() if chosen.kind in one.institutions]
    return {
        "institution": chosen.id,
        "institution_title": chosen.name,
        "purposes": [(one.purpose, naming.purpose(one.purpose)) for one in usable],
        "items": [(one.item, naming.item(one.item)) for one in catalogue.city().whole_items()],
        "grade": chosen.kind is InstitutionKind.DEPARTMENT,  # told to one only where its sharing basis names it
        "least": assessing.SHORTEST,
        "most": assessing.LONGEST,
    }


def _assessed(form: QueryDict) -> Assessed:
    try:
        again = date.fromisoformat(form.get("again", ""))
    except ValueError as error:
        raise FormIncomplete(Saying("请写明哪天以前重新评估。")) from error
    return Assessed(
        form.get("institution", ""),
        frozenset(form.getlist("items")),
        frozenset(form.getlist("purposes")),
        form.get("lawful", ""),
        form.get("impact", ""),
        form.get("measures", ""),
        again,
        form.get("grade") == "yes",
    )


@only(Role.OPERATOR)
@proving.confirmed
def decide_assessment(request: PageRequest, number: int) -> HttpResponse:
    if request.method == "POST":
        act = assessing.approve if request.POST.get("decision") == "approve" else assessing.turn_down
        act(number, by=acting_person(request), now=timezone.now())
    return redirect("portal:assessments")
