"""Coming in by 电子营业执照, 政务服务网 or 豫事办; and by the same once more before what matters."""

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.language import said
from xinqiao.ledger import refusals as counted
from xinqiao.parties import identities, sign_on_simulator
from xinqiao.parties import queries as parties
from xinqiao.parties import sign_on as signing
from xinqiao.parties.errors import NotTheSamePerson, SignOnBroken, SignOnExpired, SignOnReplayed
from xinqiao.parties.rules import Method, Shown
from xinqiao.parties.sign_on import LIFE, WAY_TITLES, Capacity, Vouched, Way
from xinqiao.portal import limits, proving, returning
from xinqiao.portal.entrance import address_of, next_of
from xinqiao.portal.visitors import PageRequest

COOKIE: Final = "__Host-sign-on" if settings.HTTPS else "sign-on"


def offered(person: parties.PersonView | None = None) -> Sequence[tuple[Way, str]]:
    """The buttons: every way there is here, or those by which this person has come before."""
    mine = sign_on_simulator.ways() if person is None else identities.ways_of(person.id)
    return [(way, said(WAY_TITLES[way])) for way in sign_on_simulator.ways() if way in mine]


@never_cache
def begin(request: PageRequest, way: str) -> HttpResponse:
    """Off to whoever vouches. What was begun goes along sealed in a cookie, so that strangers fill no table of ours."""
    chosen = _way(way)
    if request.method != "POST":
        raise Http404
    limits.count(limits.SIGN_ON_ADDRESS, address_of(request), now=timezone.now())
    wanted = next_of(request, request.POST)
    provider, back = sign_on_simulator.provider(chosen), _back(request, chosen)
    address, sealed = signing.begin(provider, chosen, wanted=wanted, back=back, now=timezone.now())
    returning.keep_brought(request, wanted)
    answer = HttpResponseRedirect(address)
    age = int(LIFE.total_seconds())
    answer.set_cookie(COOKIE, sealed, max_age=age, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return answer


@never_cache
def back(request: PageRequest, way: str) -> HttpResponse:
    """Back with an answer: signed in by it, under a new session key."""
    chosen = _way(way)
    limits.count(limits.SIGN_ON_ADDRESS, address_of(request), now=timezone.now())
    try:
        answer = _in(request, chosen)
    except (SignOnBroken, SignOnExpired, SignOnReplayed, NotTheSamePerson):
        counted.count("unauthenticated", now=timezone.now())
        raise
    answer.delete_cookie(COOKIE)
    return answer


def _in(request: PageRequest, way: Way) -> HttpResponse:
    now, provider, sealed = timezone.now(), sign_on_simulator.provider(way), request.COOKIES.get(COOKIE, "")
    vouched, wanted = signing.complete(
        provider, way, sealed=sealed, said=request.GET.dict(), back=_back(request, way), now=now
    )
    person = identities.recognise(vouched, now=now)
    user = parties.user_of(person)
    if user is None:
        raise SignOnBroken
    proving.let_in(request, user, Shown(Method.SIGN_ON, now))
    return HttpResponseRedirect(_on_to(wanted, vouched))


def _on_to(wanted: str, vouched: Vouched) -> str:
    """Where they wanted to go; who came with a licence for nothing in particular, to that business."""
    held = vouched.licence
    if wanted != "/" or held is None or held.capacity is not Capacity.REPRESENTATIVE:
        return wanted
    return reverse("portal:join")


def _back(request: PageRequest, way: Way) -> str:
    return request.build_absolute_uri(reverse("portal:sign_on_back", args=[way]))


def _way(way: str) -> Way:
    if way not in sign_on_simulator.ways():
        raise Http404
    return Way(way)
