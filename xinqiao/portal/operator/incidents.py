"""个人信息安全事件 at the operator's desk: reported, assessed, approved by a second person, told to the authority."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import queries as disclosure
from xinqiao.kernel.city_time import CITY_TIME
from xinqiao.kernel.ids import InstitutionId, PersonId, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.oversight import incidents as queries
from xinqiao.oversight import notifying
from xinqiao.oversight.errors import WordsInvalid
from xinqiao.oversight.notifying import Notice
from xinqiao.oversight.rules.incidents import State
from xinqiao.parties.rules import Role
from xinqiao.portal import complained, infringed, notified
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.subjects import matching

PAGE: Final = "portal:incident"
Filled = Mapping[str, str]


@only(Role.OPERATOR)
def incidents(request: PageRequest) -> HttpResponse:
    """Those there were, and the form to report one: short, since it is filled in in haste."""
    typed, fault = notified.filled(request), ""
    if request.method == "POST":
        try:
            made = notifying.report(what=typed["what"], by=acting_person(request), now=timezone.now())
            return redirect(PAGE, number=made.number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    every = notified.every(queries.incidents(), PAGE)
    count = sum(one.view.open for one in every)
    title = ngettext("%(n)d 件安全事件没有办完", "%(n)d 件安全事件没有办完", count) % {"n": count}
    told = {"incidents": every, "title": title if count else _("没有在办的安全事件"), "said": typed, "fault": fault}
    return render(request, "portal/operator/incidents.html", told, status=400 if fault else 200)


@only(Role.OPERATOR)
def incident(request: PageRequest, number: int) -> HttpResponse:
    """Where it stands, and the form of the next step."""
    typed, fault = notified.filled(request), ""
    if request.method == "POST":
        try:
            _ACTS.get(typed["act"], _none)(number, acting_person(request), typed)
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    view = queries.incident(number)
    told = {
        "one": notified.shown(view),
        "assessing": view.state is State.REPORTED,
        "assessed": view.state is State.ASSESSED,
        "approved": view.state is State.APPROVED,
        "own": view.assessed_by == acting_person(request),
        "institutions": infringed.institutions(),
        "said": typed,
        "fault": fault,
    }
    return render(request, "portal/operator/incident.html", told, status=400 if fault else 200)


def _none(_number: int, _by: PersonId, _typed: Filled) -> None:
    raise WordsInvalid(Saying("请选择要办什么"))


def _assess(number: int, by: PersonId, typed: Filled) -> None:
    if typed["must_tell"] not in {"yes", "no"}:
        raise WordsInvalid(Saying("请选择要不要通知"))
    notice = Notice(typed["kinds"], typed["measures"], typed["contact"])
    said = {"must_tell": typed["must_tell"] == "yes", "because": typed["because"], "affected": _affected(typed)}
    notifying.assess(number, notice, **said, by=by, now=timezone.now())  # type: ignore[arg-type]


def _affected(typed: Filled) -> list[SubjectId]:
    """By their codes, and everybody an institution was told about since a day."""
    codes = [Uscc.parse(word) for word in typed["codes"].replace("，", " ").replace(",", " ").split()]
    known = matching.place(codes)
    if strange := [code for code in codes if code not in known]:
        raise WordsInvalid(Saying("没有这个主体：{code}", code=strange[0]))
    found = set(known.values())
    if typed["institution"] in infringed.institutions() and typed["since"]:
        found.update(disclosure.told_about(InstitutionId(typed["institution"]), _morning(typed["since"])))
    return sorted(found)


def _morning(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), CITY_TIME)
    except ValueError:
        raise WordsInvalid(Saying("日期写成 2026-11-23 这样")) from None


def _turn_back(number: int, by: PersonId, typed: Filled) -> None:
    notifying.turn_back(number, because=typed["because"], by=by, now=timezone.now())


def _approve(number: int, by: PersonId, _typed: Filled) -> None:
    notifying.approve(number, by=by, now=timezone.now())


def _notify(number: int, by: PersonId, typed: Filled) -> None:
    said = {"authority": typed["authority"], "reference": typed["reference"]}
    notifying.notify(number, **said, by=by, now=timezone.now())


_ACTS: Final[dict[str, Callable[[int, PersonId, Filled], None]]] = {
    "assess": _assess,
    "turn_back": _turn_back,
    "approve": _approve,
    "notify": _notify,
}
