"""异议: what businesses say is wrong in this source's rows, until when it has to answer, and its answer."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, objected, paging, refusals, returning
from xinqiao.portal.provider.handing_in import acting_source
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.rights import queries, sources
from xinqiao.rights.cases import About
from xinqiao.rights.errors import DeliveryMismatch, WordsInvalid
from xinqiao.rights.keeping import TEXT_MAX
from xinqiao.rights.rules.objections import ANSWER_TITLES, State

PAGE: Final = "portal:answer_objection"
LONGEST_NUMBER: Final = 18


@only(Role.PROVIDER)
def asked(request: PageRequest) -> HttpResponse:
    """Those that wait for an answer first, the oldest on top; below what was answered or is over."""
    acting_source(request)
    page = paging.asked(request)
    scope = request.visitor.scope
    pending = objected.every(queries.objections(scope, open_=True), PAGE)
    waiting = [one for one in pending if one.state is State.ASKED]
    views = queries.objections(scope, open_=False, page=page)
    title = ngettext("%(n)d 件异议等您答复", "%(n)d 件异议等您答复", len(waiting)) % {"n": len(waiting)}
    told = {
        "waiting": waiting,
        "others": [one for one in pending if one.state is not State.ASKED] + objected.every(views, PAGE),
        "title": title if waiting else _("没有要答复的异议"),
        "terms": objected.terms(),
        "pager": paging.numbered(request, page, more=len(views) == queries.PAGE),
    }
    return render(request, "portal/provider/objections.html", told)


@only(Role.PROVIDER)
def answer(request: PageRequest, number: int) -> HttpResponse:
    """What is asked, and the answer; corrected values come by delivering, as always."""
    acting_source(request)
    view = queries.objection(number, of=request.visitor.scope)
    typed = returning.typed(request)
    filled = {name: typed.get(name, "").strip()[: TEXT_MAX + 1] for name in ("verdict", "text", "delivery")}
    fault = ""
    if request.method == "POST":
        try:
            return _send(request, number, filled)
        except (WordsInvalid, DeliveryMismatch) as problem:
            fault = _words(problem)
    told = {
        "objection": objected.shown(view, reverse(PAGE, args=[number])),
        "waiting": view.state is State.ASKED,
        "answers": [(name, said(title)) for name, title in ANSWER_TITLES.items()],
        "papers": attached.shown(About.OBJECTION, number, attached.ASKED),
        "said": filled,
        "fault": fault,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/provider/objection.html", told, status=400 if fault else 200)


def _send(request: PageRequest, number: int, filled: dict[str, Any]) -> HttpResponse:
    text = filled["delivery"]
    named = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    sources.answer(
        number,
        verdict=filled["verdict"],
        text=filled["text"],
        delivery=(int(text) if named else 0) if text else None,
        by=acting_person(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse(PAGE, args=[number])}?done=answered")


def _words(problem: Problem) -> str:
    told = refusals.words(problem)
    return told["detail"] or told["title"]
