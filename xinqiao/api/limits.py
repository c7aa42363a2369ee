"""How large a request may be. What we are asked is small; anything larger is a mistake or worse."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from xinqiao.api.problems import TooLarge

LARGEST_BODY: Final = 16 * 1024  # bytes: an ask for a report with every item named is under three thousand
LARGEST_ANSWERED: Final = "请求正文不得超过 16 KB"

View = Callable[..., HttpResponse]


def small(view: View) -> View:
    """Refuse a large body by its declared length, before a byte of it is read."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check(request)
        return view(request, *args, **kwargs)

    return within


def check(request: HttpRequest) -> None:
    """Raises `TooLarge`."""
    declared = request.headers.get("Content-Length") or "0"
    if not declared.isdecimal() or int(declared) > LARGEST_BODY:
        raise TooLarge(LARGEST_ANSWERED)
    if len(request.body) > LARGEST_BODY:
        raise TooLarge(LARGEST_ANSWERED)
