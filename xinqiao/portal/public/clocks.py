"""时限公开: how well the clocks were kept, on a page for people and as JSON for programs."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.oversight import published
from xinqiao.oversight.published import Published
from xinqiao.oversight.rules.figures import TOGETHER, Figure
from xinqiao.portal import limits, naming
from xinqiao.portal.entrance import address_of

_WORDS: Final[dict[str, tuple[Callable[[], str], Callable[[], str]]]] = {
    "objections": (lambda: _("异议"), lambda: _terms("objection_own_matter", "objection_with_source")),
    "annulments": (lambda: _("撤下已撤销的失信信息"), lambda: _terms("revoked_act_removed")),
    "repairs": (lambda: _("执行修复决定"), lambda: _terms("repair_carried_out")),
    "complaints": (lambda: _("投诉"), lambda: _terms("complaint_answered")),
}


def _terms(*names: str) -> str:
    days = _("、").join(str(catalogue.city().clocks[name].within) for name in names)
    return _("期限 %(days)s 个工作日") % {"days": days}


def clocks(request: HttpRequest) -> HttpResponse:
    limits.count(limits.PUBLIC_CHECK, address_of(request), now=timezone.now())
    told = published.statistics(timezone.now())
    said = {
        "since": told.since,
        "until": told.until,
        "fewest": told.fewest,
        "kinds": [_kind(one) for one in told.kinds],
    }
    return render(request, "portal/public/clocks.html", said)


def clocks_json(request: HttpRequest) -> JsonResponse:
    limits.count(limits.PUBLIC_CHECK, address_of(request), now=timezone.now())
    return JsonResponse(
        published.as_json(published.statistics(timezone.now())), json_dumps_params={"ensure_ascii": False}
    )


def _kind(one: Published) -> dict[str, Any]:
    title, term = _WORDS[one.name]
    groups = [
        (_("其他来源") if name == TOGETHER else naming.source(name), figure) for name, figure in one.groups.items()
    ]
    return {"title": title(), "term": term(), "whole": one.whole, "few": _few(one.whole), "groups": groups}


def _few(one: Figure) -> bool:
    return one.in_time is None
