"""What the framework itself refuses, said in the form of the way in it came by: a page, or the interface's JSON."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from xinqiao.api import problems
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.portal import refusals

_INTERFACE: Final = ("/api/", "/oauth/")


class Failed(Problem):
    """Something broke; the act was rolled back whole."""

    type = "failed"
    kind = Kind.UNAVAILABLE
    title = "平台出了差错"

    def __init__(self) -> None:
        super().__init__(Saying("这次请求没有生效，也没有丢失任何数据。请稍后再试。"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_interface(request):
        return problems.answered(request, problems.Malformed())
    return refusals.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusals.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_interface(request):
        return problems.answered(request, problems.NoSuchPath())
    return refusals.not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    if _is_interface(request):
        return problems.answered(request, Failed())
    return refusals.failed(request)


def _is_interface(request: HttpRequest) -> bool:
    return request.path.startswith(_INTERFACE)
