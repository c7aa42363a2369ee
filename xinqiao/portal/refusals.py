"""The one place where a refusal becomes a page with a status. Domains know neither pages nor status codes."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.language import said
from xinqiao.portal import returning
from xinqiao.portal.errors import NoSuchPage, NotYourDesk, TooManyTries

STATUS: Final = {
    Kind.INVALID: 400,
    Kind.REFUSED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MUCH: 413,
    Kind.TOO_OFTEN: 429,
    Kind.UNAVAILABLE: 503,
}
TOO_MANY: Final = 429

log = logging.getLogger(__name__)


class RefusalsAsPages:
    """Middleware: whatever a verb refuses is shown in its own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Problem) else None


def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The page of a refusal: what was refused, why, and what would change it."""
    status = TOO_MANY if isinstance(problem, TooManyTries) else STATUS[problem.kind]
    told = {**words(problem), "other_desk": isinstance(problem, NotYourDesk)}
    answer = render(request, "portal/refused.html", told, status=status)
    if isinstance(problem, TooManyTries):
        answer.headers["Retry-After"] = str(int(problem.wait.total_seconds()))
    return answer


def words(problem: Problem) -> dict[str, str]:
    """What was refused and why, in the reader's language; a detail that only repeats the title is left out."""
    detail = said(problem.detail) if problem.detail != problem.title else ""
    return {"title": said(problem.title), "detail": detail}


# ── the framework's own refusals ─────────────────────────────────────────────────────────────────────────────────────


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("这个请求读不懂"), _("请回到上一页再试一次；链接如果是抄来的，可能少了一段。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("这个页面不对您开放"), _("如果您认为应当能看，请找本单位的管理人员。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _(NoSuchPage.title), _("地址可能抄错了，也可能这一页已经不在。没有任何数据受影响。"))


def crowded(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """More people than can be served at once; said without a session or the database, which have enough to do."""
    told = {"title": _("现在人多"), "detail": _("您刚才的操作没有生效，也没有丢失任何数据。请过几秒再试。")}
    answer = render(request, "portal/failed.html", told, status=TOO_MANY)
    answer.headers["Retry-After"] = str(int(wait.total_seconds()))
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Says nothing was lost, which holds: an act that failed was rolled back whole. Needs no session, no database."""
    told = {"title": _("平台出了差错"), "detail": _("您刚才的操作没有生效，也没有丢失任何数据。请过一会儿再试。")}
    try:
        return render(request, "portal/failed.html", told, status=500)
    except Exception:
        log.exception("the page of a failure failed")
        return HttpResponse(f"{told['title']}。{told['detail']}", status=500, content_type="text/plain; charset=utf-8")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without its token, or with the one before: mostly a page left open too long."""
    title = _("页面放得太久了")
    if request.user.is_authenticated and returning.keep_sent(request):
        detail = _("为了安全，刚才那一步没有提交。填的内容还在，回去核对后再提交；文件要重新选。")
        return _page(request, 403, title, detail, back=request.path)
    return _page(request, 403, title, _("为了安全，请回到上一页刷新后再提交。刚才的内容没有提交。"))


def _page(request: HttpRequest, status: int, title: str, detail: str, back: str = "") -> HttpResponse:
    told: dict[str, Any] = {"title": title, "detail": detail, "back": back}
    return render(request, "portal/refused.html", told, status=status)
