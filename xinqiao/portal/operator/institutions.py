"""机构的接入: who has access, whose is suspended; stopped by one operator at once, taken up again by another."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties import queries as parties
from xinqiao.parties import suspending
from xinqiao.parties.queries import AgreementView, InstitutionView, SuspensionView
from xinqiao.parties.rules import KIND_TITLES, Role
from xinqiao.portal import proving, refusals, returning
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE: Final = "portal:one_institution"


@dataclass(frozen=True, slots=True)
class Row:
    """One institution: its agreement in force were it not suspended, and the suspension that stands."""

    id: InstitutionId
    name: str
    kind: str
    url: str
    agreement: AgreementView | None
    suspension: SuspensionView | None


@only(Role.OPERATOR)
def institutions(request: PageRequest) -> HttpResponse:
    """The suspended ones on top."""
    today = day_of(timezone.now())
    rows = [_row(one, today) for one in parties.institutions(request.visitor.scope)]
    rows.sort(key=lambda row: (row.suspension is None, row.name))
    stopped = sum(row.suspension is not None for row in rows)
    title = ngettext("%(n)d 家机构暂停接入", "%(n)d 家机构暂停接入", stopped) % {"n": stopped}
    told = {"rows": rows, "title": title if stopped else _("没有暂停接入的机构")}
    return render(request, "portal/operator/institutions.html", told)


@only(Role.OPERATOR)
@proving.confirmed
def one_institution(request: PageRequest, institution: str) -> HttpResponse:
    """What suspending would do, and the form for it; or since when it stands, and the form to end it."""
    named = parties.institution(institution)
    typed, fault = returning.typed(request), ""
    filled = {name: typed.get(name, "").strip()[: suspending.REASON_MAX + 1] for name in ("because", "until")}
    if request.method == "POST":
        try:
            _act(request, named.id, filled)
            return redirect(PAGE, institution=named.id)
        except Problem as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
    return render(
        request, "portal/operator/institution.html", _told(request, named, filled, fault), status=400 if fault else 200
    )


def _act(request: PageRequest, institution: InstitutionId, filled: dict[str, str]) -> None:
    by, now = acting_person(request), timezone.now()
    today = day_of(now)
    if request.POST.get("act") == "resume":
        suspending.resume(institution, because=filled["because"], by=by, today=today, now=now)
    else:
        until = date.fromisoformat(filled["until"]) if filled["until"] else None
        suspending.suspend(institution, ground=filled["because"], until=until, by=by, today=today, now=now)


def _told(request: PageRequest, named: InstitutionView, filled: dict[str, str], fault: str) -> dict[str, Any]:
    now = timezone.now()
    row, every = _row(named, day_of(now)), parties.suspensions_of(named.id)
    earlier = [one for one in every if row.suspension is None or one.id != row.suspension.id]
    return {
        "row": row,
        "by": _name(row.suspension),
        "own": row.suspension is not None and row.suspension.suspended_by == acting_person(request),
        "live": sum(grant.live(now) for grant in authorisation.grants_to(named.id)),
        "earlier": [(one, _name(one)) for one in earlier],
        "said": filled,
        "fault": fault,
    }


def _row(one: InstitutionView, today: date) -> Row:
    held = next((known for known in parties.agreements_of(one.id) if known.in_force(today)), None)
    address = reverse(PAGE, args=[one.id])
    return Row(one.id, one.name, said(KIND_TITLES[one.kind]), address, held, parties.suspension_of(one.id, today))


def _name(one: SuspensionView | None) -> str:
    person = parties.person(one.suspended_by) if one else None
    return person.name if person else ""
