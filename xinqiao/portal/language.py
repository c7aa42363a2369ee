"""Chinese first: the reader's own choice decides, not the browser's settings. Many a clerk's browser speaks English."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

LANGUAGES: Final = ("zh-hans", "en")
YEAR: Final = 365 * 24 * 3600


def in_chosen_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the words of this answer in the language of the cookie, else Chinese."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in LANGUAGES else LANGUAGES[0]):
            response = get_response(request)
        response.headers.setdefault("Content-Language", "en" if chosen == "en" else "zh-Hans")
        return response

    return answer


def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to where it was made."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("portal:home")
    response = HttpResponseRedirect(back)
    if chosen in LANGUAGES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response
