"""通行密钥 on the pages: what the browser is asked, as JSON for our one small script, and what it answers, as a form.

A challenge waits in the session for one answer.
"""

import ipaddress
import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import refusals as counted
from xinqiao.parties import passkeys
from xinqiao.parties import queries as parties
from xinqiao.parties.errors import NotShown
from xinqiao.parties.passkeys import Site
from xinqiao.parties.rules import Shown
from xinqiao.portal import limits, proving, returning, second
from xinqiao.portal.entrance import address_of, next_of
from xinqiao.portal.errors import PasskeysNeedAName
from xinqiao.portal.visitors import PageRequest

WAITING: Final = "passkey"  # key of the session
LONGEST_ANSWER: Final = 20_000  # characters; a large attestation has some 8,000


def site(request: HttpRequest) -> Site:
    """Raises `PasskeysNeedAName`: browsers keep passkeys for names, not for addresses made of numbers."""
    if not possible(request):
        raise PasskeysNeedAName
    return Site(_host(request), f"{request.scheme}://{request.get_host()}")


def possible(request: HttpRequest) -> bool:
    try:
        ipaddress.ip_address(_host(request))
    except ValueError:
        return True
    return False


def _host(request: HttpRequest) -> str:
    host, _sep, port = request.get_host().rpartition(":")
    return (host if port.isdigit() and host else request.get_host()).strip("[]")


@never_cache
def options(request: PageRequest) -> HttpResponse:
    """Asked by the script when the button is pressed: for one's own passkeys, or for whichever the device knows."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    limits.count(limits.SIGN_IN_ADDRESS, address_of(request), now=timezone.now())
    waiting = proving.between(request)
    person = request.visitor.person or (waiting.person if waiting else None)
    asked, state = passkeys.begin_showing(site(request), person=person.id if person else None)
    request.session[WAITING] = dict(state)
    return JsonResponse(dict(asked))


@never_cache
def show(request: PageRequest) -> HttpResponse:
    """Signing in with a passkey alone, as the second factor, or to confirm: by what the session is waiting for."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    limits.count(limits.SIGN_IN_ADDRESS, address_of(request), now=timezone.now())
    try:
        state, said = answer(request)
        person, by = passkeys.show(site(request), state, said, now=timezone.now())
        return _shown(request, person, by)
    except NotShown:
        counted.count("unauthenticated", now=timezone.now())
        raise


def _shown(request: PageRequest, person: PersonId, by: Shown) -> HttpResponse:
    if request.visitor.person is not None:
        if request.visitor.person.id != person:
            raise NotShown
        return second.confirmed_by(request, by)
    waiting = proving.between(request)
    if waiting is not None and waiting.person.id != person:
        raise NotShown
    user = parties.user_of(person)
    if user is None:
        raise NotShown
    wanted = waiting.wanted if waiting else next_of(request, request.POST)
    proving.let_in(request, user, by)
    if waiting is None:
        returning.keep_brought(request, wanted)
    return HttpResponseRedirect(wanted)


def answer(request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The challenge, which is spent by this, and what the browser answered. Raises `NotShown`."""
    state, text = request.session.pop(WAITING, None), request.POST.get("credential", "")
    try:
        said = json.loads(text) if state and len(text) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise NotShown
    return state, said
