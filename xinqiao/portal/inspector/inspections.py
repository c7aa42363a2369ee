"""检查: an inspector begins a check, writes down what was found and what to mend by when, and sees that it is."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.oversight import inspecting
from xinqiao.oversight import inspections as queries
from xinqiao.oversight.errors import WordsInvalid
from xinqiao.oversight.rules.inspections import State
from xinqiao.parties.rules import Role
from xinqiao.portal import infringed, inspected
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE: Final = "portal:inspection"
OPERATOR: Final = "-"  # in the list of whom to check
Filled = Mapping[str, str]


@only(Role.INSPECTOR)
def inspections(request: PageRequest) -> HttpResponse:
    told = inspected.listed(request, PAGE)
    count = len(told["pending"])
    title = ngettext("%(n)d 项检查没有结束", "%(n)d 项检查没有结束", count) % {"n": count}
    said = {"title": title if count else _("没有在办的检查")}
    return render(request, "portal/inspector/inspections.html", told | said)


@only(Role.INSPECTOR)
def new_inspection(request: PageRequest) -> HttpResponse:
    typed, fault = inspected.filled(request), ""
    if request.method == "POST":
        try:
            return redirect(PAGE, number=_open(request, typed))
        except Problem as problem:
            fault = inspected.fault_of(problem)
    else:
        typed["institution"] = request.GET.get("institution", typed["institution"])[:60]
    whom = {OPERATOR: _("平台运营单位"), **infringed.institutions()}
    told = {"institutions": whom, "said": typed, "fault": fault}
    return render(request, "portal/inspector/inspection_new.html", told, status=400 if fault else 200)


def _open(request: PageRequest, typed: Filled) -> int:
    whom = typed["institution"]
    if whom != OPERATOR and whom not in infringed.institutions():
        raise WordsInvalid(Saying("请选择检查谁"))
    said = {"scope": typed["text"], "by": acting_person(request), "now": timezone.now()}
    return inspecting.open_(institution=None if whom == OPERATOR else whom, **said).number  # type: ignore[arg-type]


@only(Role.INSPECTOR)
def inspection(request: PageRequest, number: int) -> HttpResponse:
    """Where it stands, and the form of the next step."""
    typed, fault = inspected.filled(request), ""
    if request.method == "POST":
        try:
            _ACTS.get(typed["act"], _none)(number, acting_person(request), typed)
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = inspected.fault_of(problem)
    view = queries.inspection(number, of=request.visitor.scope)
    told = {
        "one": inspected.shown(view, PAGE),
        "finding": view.state is State.OPENED,
        "reported": view.state is State.REPORTED,
        "said": typed,
        "fault": fault,
    }
    return render(request, "portal/inspector/inspection.html", told, status=400 if fault else 200)


def _none(_number: int, _by: PersonId, _typed: Filled) -> None:
    raise WordsInvalid(Saying("请选择要办什么"))


def _find(number: int, by: PersonId, typed: Filled) -> None:
    said = {"findings": typed["findings"], "mend": typed["mend"], "due": _day(typed["due"])}
    inspecting.find(number, **said, by=by, now=timezone.now())  # type: ignore[arg-type]


def _send_back(number: int, by: PersonId, typed: Filled) -> None:
    due = _day(typed["due"])
    if due is None:
        raise WordsInvalid(Saying("请写明改到哪一天以前"))
    inspecting.send_back(number, because=typed["because"], due=due, by=by, now=timezone.now())


def _close(number: int, by: PersonId, _typed: Filled) -> None:
    inspecting.close(number, by=by, now=timezone.now())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WordsInvalid(Saying("日期写成 2026-11-23 这样")) from None


_ACTS: Final[dict[str, Callable[[int, PersonId, Filled], None]]] = {
    "find": _find,
    "send_back": _send_back,
    "close": _close,
}
