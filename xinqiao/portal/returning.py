"""A session that ended in the middle of something: sign in again, be back where one was, with what had been typed.

What a stranger typed travels in the sign-in form and only then into the session of whoever signed in, so that strangers
fill no tables of ours. It fills the form again and is never sent by itself.
"""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

if TYPE_CHECKING:
    from xinqiao.portal.visitors import PageRequest

KEPT: Final = "kept"  # in the sign-in form, and the key of the session
ENDED: Final = "ended"
LONGEST: Final = 16_000  # characters; the longest form is a reason of 500, nine characters each when they are Chinese
UNAUTHENTICATED: Final = 401
NOT_KEPT: Final = "csrfmiddlewaretoken"


def to_sign_in(request: "PageRequest") -> HttpResponseBase:
    """Asked to sign in, and then back: with what a form carried, or to the page a part of which was asked for."""
    if request.method == "POST":
        return _with_what_was_typed(request)
    door = f"{reverse('portal:sign_in')}?{ENDED}=yes" if _had_session(request) else None
    answer = redirect_to_login(_page_of(request), door)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def _page_of(request: "PageRequest") -> str:
    """The address the visitor sees; a part of a page (htmx) is fetched from within it."""
    return request.htmx.current_url_abs_path or request.get_full_path()


def _with_what_was_typed(request: "PageRequest") -> HttpResponse:
    said = {"next": request.path, KEPT: _typed(request), ENDED: _had_session(request)}
    # htmx swaps in only what came off well; everybody else is told the truth by the status too.
    return render(request, "portal/sign_in.html", said, status=200 if request.htmx else UNAUTHENTICATED)


def _typed(request: HttpRequest) -> str:
    said = request.POST.copy()
    said.pop(NOT_KEPT, None)
    return said.urlencode()[:LONGEST]


def _had_session(request: HttpRequest) -> bool:
    """Whether this browser had a session that is no more: signing out by hand takes the cookie along."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def ended(request: HttpRequest) -> bool:
    """Whether the sign-in page was reached because a session had ended."""
    return ENDED in request.GET or ENDED in request.POST


def keep_brought(request: HttpRequest, address: str) -> None:
    """After signing in: what the sign-in form brought along, for the form at this address."""
    if brought := request.POST.get(KEPT, "")[:LONGEST]:
        request.session[KEPT] = {"at": urlsplit(address).path, "typed": brought}


def keep_sent(request: HttpRequest) -> bool:
    """Keep what a form with an old token carried, if a page of ours sent it; whether it was kept.

    Signing in changes the token, so a form left open in another tab comes with the one before. Only a browser that says
    the form came from here is believed: what another host sent must fill nothing.
    """
    if request.META.get("HTTP_ORIGIN") != f"{request.scheme}://{request.get_host()}":
        return False
    request.session[KEPT] = {"at": request.path, "typed": _typed(request)}
    return True


def typed(request: HttpRequest) -> QueryDict:
    """What fills this form: what was just sent, else what was being typed here before (told once)."""
    if request.method == "POST":
        return request.POST
    kept = request.session.get(KEPT)
    if kept is None or kept["at"] != request.path:
        return QueryDict()
    del request.session[KEPT]
    return QueryDict(kept["typed"])
