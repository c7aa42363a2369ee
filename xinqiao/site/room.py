"""No more requests at a time than can be answered soon; who is one too many is told so at once and may come again.

Without it a queue grows that nobody sees: everybody waits, and callers give up on answers that are being worked out.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from xinqiao.api import problems
from xinqiao.cli.serving import AT_WORK, WAITING
from xinqiao.parties.errors import TooOften
from xinqiao.portal import refusals

Answer = Callable[[HttpRequest], HttpResponseBase]

PATIENCE: Final = 5.0  # seconds in line; only a house that stands still makes anybody wait so long
COME_AGAIN: Final = timedelta(seconds=1)


class Room:
    """Middleware, one for each web process. Of its server's threads some are kept for saying no."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        self._at_work = BoundedSemaphore(AT_WORK)
        self._inside = BoundedSemaphore(AT_WORK + WAITING)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._inside.acquire(blocking=False):
            return _full(request)
        try:
            return self._in_turn(request)
        finally:
            self._inside.release()

    def _in_turn(self, request: HttpRequest) -> HttpResponseBase:
        if not self._at_work.acquire(timeout=PATIENCE):
            return _full(request)
        try:
            return self._get_response(request)
        finally:
            self._at_work.release()


def _full(request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith(problems.ADDRESSES):
        return problems.answered(request, TooOften(COME_AGAIN))
    return refusals.crowded(request, COME_AGAIN)
