"""信用承诺, as whoever they were made to sees them: what waits, and the acts on one. For both desks."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, committed, paging, refusals, returning
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.rights import breaking, commitments, committing, mending
from xinqiao.rights.cases import About
from xinqiao.rights.errors import WordsInvalid

OURS: Final = "portal:one_commitment"
THEIRS: Final = "portal:commitment_to_us"
_ACTS: Final[dict[str, Callable[..., object]]] = {
    "keep": committing.keep,
    "propose": breaking.propose,
    "establish": breaking.establish,
    "dismiss": breaking.dismiss,
    "agree": mending.agree,
    "refuse": mending.refuse,
}
_SAYS: Final = {"propose": ("facts", "evidence"), **dict.fromkeys(("establish", "dismiss", "refuse"), ("because",))}


@only(Role.OPERATOR)
def commitments_here(request: PageRequest) -> HttpResponse:
    return _list(request, OURS)


@only(Role.PROVIDER)
def commitments_to_us(request: PageRequest) -> HttpResponse:
    return _list(request, THEIRS)


@only(Role.OPERATOR)
def one_commitment(request: PageRequest, number: int) -> HttpResponse:
    return _one(request, number, OURS, attached.OURS)


@only(Role.PROVIDER)
def commitment_to_us(request: PageRequest, number: int) -> HttpResponse:
    return _one(request, number, THEIRS, attached.ASKED)


def _list(request: PageRequest, address: str) -> HttpResponse:
    """What waits on top."""
    page, scope = paging.asked(request), request.visitor.scope
    waiting = commitments.waiting(scope, day_of(timezone.now()))
    newest = commitments.newest(scope, page)
    count = len(waiting)
    title = ngettext("%(n)d 件承诺等办理", "%(n)d 件承诺等办理", count) % {"n": count}
    told = {
        "waiting": committed.every(waiting, address),
        "newest": committed.every(newest, address),
        "title": title if count else _("没有等办理的承诺"),
        "pager": paging.numbered(request, page, more=len(newest) == commitments.PAGE),
    }
    return render(request, "portal/parts/commitments_page.html", told)


def _one(request: PageRequest, number: int, address: str, paper: str) -> HttpResponse:
    """What was signed, what both sides say, and the acts that are allowed now."""
    scope = request.visitor.scope
    commitments.commitment(number, of=scope)
    fault: Mapping[str, str] | None = None
    if request.method == "POST":
        try:
            _act(request, number)
            return redirect(reverse(address, args=[number]))
        except Problem as problem:
            if problem.kind is Kind.NOT_FOUND:
                raise
            fault = refusals.words(problem)
    view = commitments.commitment(number, of=scope)
    told = {
        "one": committed.shown(view, address),
        "papers": attached.shown(About.COMMITMENT, number, paper),
        "back": reverse("portal:commitments_here" if address == OURS else "portal:commitments_to_us"),
        "said": returning.typed(request) if fault else {},
        "fault": fault,
    }
    return render(request, "portal/parts/commitment_page.html", told, status=400 if fault else 200)


def _act(request: PageRequest, number: int) -> None:
    name = request.POST.get("act", "")
    act = _ACTS.get(name)
    if act is None:
        raise WordsInvalid
    said = {field: request.POST.get(field, "") for field in _SAYS.get(name, ())}
    act(number, by=acting_person(request), now=timezone.now(), **said)
