"""How large a request may be. What we are asked is small; anything larger is a mistake or worse."""

from typing import Final

from django.http import HttpRequest

from xinqiao.api.problems import TooLarge
from xinqiao.kernel.sayings import Saying

LARGEST_BODY: Final = 16 * 1024  # bytes: an ask for a report with every item named is under three thousand
SAYING: Final = Saying("请求正文不得超过 {most} KB", most=LARGEST_BODY // 1024)


def declared(request: HttpRequest) -> None:
    """Refuse a body by its declared length, before a byte of it is read. Raises `TooLarge`."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise TooLarge(SAYING)


def check(request: HttpRequest) -> None:
    """The declared length and the real one. Raises `TooLarge`."""
    declared(request)
    if len(request.body) > LARGEST_BODY:
        raise TooLarge(SAYING)
