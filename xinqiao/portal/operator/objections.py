"""异议: decided here, with what its business and its source say; no value of the line is read, only their words."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import corrected
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, objected, paging, refusals, returning
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.rights import deciding, queries, sources, stopping
from xinqiao.rights.cases import About
from xinqiao.rights.errors import WordsInvalid
from xinqiao.rights.keeping import TEXT_MAX
from xinqiao.rights.rules.objections import GROUND_TITLES, State

PAGE: Final = "portal:decide_objection"
Act = Callable[[PageRequest, int, Mapping[str, str]], object]


@only(Role.OPERATOR)
def objections(request: PageRequest) -> HttpResponse:
    """The open ones, the oldest on top; decided ones below."""
    page, scope = paging.asked(request), request.visitor.scope
    pending = objected.every(queries.objections(scope, open_=True), PAGE)
    views = queries.objections(scope, open_=False, page=page)
    count = queries.how_many(scope)
    title = ngettext("%(n)d 件异议在办", "%(n)d 件异议在办", count) % {"n": count}
    told = {
        "pending": pending,
        "ended": objected.every(views, PAGE),
        "title": title if count else _("没有在办的异议"),
        "terms": objected.terms(),
        "pager": paging.numbered(request, page, more=len(views) == queries.PAGE),
    }
    return render(request, "portal/operator/objections.html", told)


@only(Role.OPERATOR)
def decide(request: PageRequest, number: int) -> HttpResponse:
    """Everything both sides said, the clocks, and the acts that are allowed now."""
    queries.objection(number, of=request.visitor.scope)
    typed = returning.typed(request)
    filled = {
        name: typed.get(name, "").strip()[: TEXT_MAX + 1] for name in ("act", "decision", "because", "ground", "note")
    }
    filled["newer"] = typed.get("newer", "right")
    fault = ""
    if request.method == "POST":
        try:
            _act(filled)(request, number, filled)
        except WordsInvalid as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
        else:
            return redirect(f"{reverse(PAGE, args=[number])}?done={filled['decision'] or filled['act']}")
    return _page(request, number, filled, fault)


def _page(request: PageRequest, number: int, filled: Mapping[str, str], fault: str) -> HttpResponse:
    view = queries.objection(number, of=request.visitor.scope)
    told = {
        "objection": objected.shown(view, reverse(PAGE, args=[number])),
        "can_ask": view.state is State.OPENED,
        "unanswered": view.state is State.ASKED,
        "upheld": view.state is State.UPHELD,
        "told": corrected.told_of({view.fact, view.stands_on}) if view.state is State.UPHELD else [],
        "terms": objected.terms(),
        "grounds": [(ground, said(title)) for ground, title in GROUND_TITLES.items()],
        "papers": attached.shown(About.OBJECTION, number, attached.OURS),
        "said": filled,
        "fault": fault,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/operator/objection.html", told, status=400 if fault else 200)


def _act(filled: Mapping[str, str]) -> Act:
    return _ACTS.get(filled["act"]) or _DECISIONS.get(filled["decision"]) or _neither


def _neither(*_named: Any) -> None:
    raise WordsInvalid(Saying("请选择异议成立还是不成立"))


def _uphold(request: PageRequest, number: int, filled: Mapping[str, str]) -> None:
    deciding.uphold(
        number,
        because=filled["because"],
        by=acting_person(request),
        newer_is_right=filled["newer"] == "right",
        now=timezone.now(),
    )


def _reject(request: PageRequest, number: int, filled: Mapping[str, str]) -> None:
    deciding.reject(number, because=filled["because"], by=acting_person(request), now=timezone.now())


def _ask(request: PageRequest, number: int, _filled: Mapping[str, str]) -> None:
    sources.ask(number, by=acting_person(request), now=timezone.now())


def _pause(request: PageRequest, number: int, filled: Mapping[str, str]) -> None:
    by, now = acting_person(request), timezone.now()
    stopping.pause(number, ground=filled["ground"], note=filled["note"], by=by, now=now)


def _resume(request: PageRequest, number: int, _filled: Mapping[str, str]) -> None:
    stopping.resume(number, by=acting_person(request), now=timezone.now())


_DECISIONS: Final[dict[str, Act]] = {"uphold": _uphold, "reject": _reject}
_ACTS: Final[dict[str, Act]] = {"ask": _ask, "pause": _pause, "resume": _resume}
