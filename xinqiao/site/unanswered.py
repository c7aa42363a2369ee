"""What the framework itself refuses, said in the form of the way in it came by: a page, or the interface's JSON."""

from django.http import HttpRequest, HttpResponse

from xinqiao.api import problems
from xinqiao.portal import refusals


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
        return problems.answered(request, problems.NotReady())
    return refusals.failed(request)


def _is_interface(request: HttpRequest) -> bool:
    return request.path.startswith(problems.ADDRESSES)
