"""Headers the framework does not set by itself. What is on a page is about somebody: nothing on the way may keep it."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_NO_DEVICES: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

Answer = Callable[[HttpRequest], HttpResponseBase]


def closed_headers(get_response: Answer) -> Answer:
    """Middleware: answers are kept by nobody unless they say otherwise, and embedded by nobody."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _NO_DEVICES)
        return response

    return answer
