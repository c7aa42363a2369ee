"""查处侵权 at the operator's desk: cases in hand, one opened, one taken on to its end."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.oversight import infringements as queries
from xinqiao.oversight import infringing
from xinqiao.oversight.errors import WordsInvalid
from xinqiao.oversight.rules.infringements import FINDING_TITLES, Act, Origin, State, after
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import infringed, refusals
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE: Final = "portal:one_case"


@only(Role.OPERATOR)
def cases(request: PageRequest) -> HttpResponse:
    return listed(request, PAGE, "portal:new_case")


def listed(request: PageRequest, page: str, new: str) -> HttpResponse:
    """The open ones, the oldest on top; ended ones below. `page` and `new` are this desk's addresses."""
    scope = request.visitor.scope
    pending = infringed.every(queries.infringements(scope, open_=True), page)
    told = {
        "pending": pending,
        "ended": infringed.every(queries.infringements(scope, open_=False), page),
        "title": infringed.title(len(pending)),
        "new": new,
    }
    return render(request, "portal/operator/cases.html", told)


@only(Role.OPERATOR)
def new_case(request: PageRequest) -> HttpResponse:
    """A form; `?to=` and `?receipts=` fill it from the marks."""
    return opened(request, PAGE)


def opened(request: PageRequest, page: str) -> HttpResponse:
    """The form of a new case at either desk: an inspector's own finding, or an operator's."""
    filled, fault = infringed.filled(request), ""
    if request.method == "POST":
        try:
            return redirect(page, number=_open(request, filled))
        except Problem as problem:
            fault = refusals.words(problem)["detail"] or refusals.words(problem)["title"]
    else:
        filled |= {name: request.GET.get(name, filled[name])[:200] for name in ("institution", "receipts")}
    told = {"said": filled, "fault": fault, "institutions": infringed.institutions(), "back": _back(request)}
    return render(request, "portal/operator/case_new.html", told, status=400 if fault else 200)


def _back(request: PageRequest) -> str:
    return "portal:inspected_cases" if request.visitor.scope.role is Role.INSPECTOR else "portal:cases"


def _open(request: PageRequest, filled: Mapping[str, str]) -> int:
    if filled["institution"] not in infringed.institutions():
        raise WordsInvalid(Saying("请选择一家机构"))
    inspector = request.visitor.scope.role is Role.INSPECTOR
    receipts = infringed.receipts(filled["receipts"])
    noticed = Origin.MARK if receipts and request.GET.get("from") == "marks" else Origin.OPERATOR
    return infringing.open_(
        institution=filled["institution"],
        origin=Origin.INSPECTOR if inspector else noticed,
        facts=filled["facts"],
        receipts=receipts,
        by=acting_person(request),
        now=timezone.now(),
    ).number


@only(Role.OPERATOR)
def one_case(request: PageRequest, number: int) -> HttpResponse:
    """Everything said, the clocks, and the acts that are allowed now."""
    filled, fault = infringed.filled(request), ""
    if request.method == "POST":
        try:
            act = _ACTS.get(filled["act"], _none)
            act(number, acting_person(request), filled)
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = refusals.words(problem)["detail"] or refusals.words(problem)["title"]
    view = queries.infringement(number)
    today = day_of(timezone.now())
    told = {
        "case": infringed.shown(view, PAGE),
        "may": {act.value: after(view.state, act) is not None for act in Act},
        "heard": view.heard(today),
        "own": view.proposed_by == acting_person(request),
        "suspended": parties.suspension_of(view.institution, today),
        "findings": [(finding, said(title)) for finding, title in FINDING_TITLES.items()],
        "proposed": view.state is State.PROPOSED,
        "said": filled,
        "fault": fault,
    }
    return render(request, "portal/operator/case.html", told, status=400 if fault else 200)


Filled = Mapping[str, str]


def _none(_number: int, _by: PersonId, _filled: Filled) -> None:
    raise WordsInvalid(Saying("请选择要办什么"))


def _suspend(number: int, by: PersonId, filled: Filled) -> None:
    until = date.fromisoformat(filled["until"]) if filled["until"] else None
    infringing.suspend(number, until=until, by=by, now=timezone.now())


def _propose(number: int, by: PersonId, filled: Filled) -> None:
    infringing.propose(number, finding=filled["finding"], because=filled["because"], by=by, now=timezone.now())


def _turn_back(number: int, by: PersonId, filled: Filled) -> None:
    infringing.turn_back(number, because=filled["because"], by=by, now=timezone.now())


def _confirm(number: int, by: PersonId, _filled: Filled) -> None:
    infringing.confirm(number, by=by, now=timezone.now())


def _refer(number: int, by: PersonId, filled: Filled) -> None:
    said_there = {"regulator": filled["regulator"], "reference": filled["reference"]}
    infringing.refer(number, **said_there, outcome=filled["because"], by=by, now=timezone.now())


def _close(number: int, by: PersonId, filled: Filled) -> None:
    infringing.close(number, outcome=filled["because"], by=by, now=timezone.now())


_ACTS: Final[dict[str, Callable[[int, PersonId, Filled], None]]] = {
    "suspend": _suspend,
    "propose": _propose,
    "turn_back": _turn_back,
    "confirm": _confirm,
    "refer": _refer,
    "close": _close,
}
