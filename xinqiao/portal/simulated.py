"""样例登录的页面: what a phone or another site would show. In production it is not there."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.kernel.problems import Problem
from xinqiao.kernel.uscc import Uscc
from xinqiao.language import said
from xinqiao.parties import sign_on_simulator as simulator
from xinqiao.parties.sign_on import WAY_TITLES, Capacity, Licence, Way
from xinqiao.parties.sign_on_simulator import Card
from xinqiao.portal import refusals
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest

LONGEST: Final = 200
ASKED: Final = ("state", "nonce", "back")


@never_cache
def page(request: PageRequest, way: str) -> HttpResponse:
    """Choose who signs on: somebody of the sample city, or anybody one likes to invent."""
    if way not in simulator.ways():
        raise Http404
    asked = {name: (request.POST or request.GET).get(name, "") for name in ASKED}
    if urlsplit(asked["back"]).path != reverse("portal:sign_on_back", args=[way]):
        raise Http404
    if request.method == "POST":
        try:
            return _answered(request, Way(way), asked)
        except Problem as problem:
            return _page(request, Way(way), asked, refusals.words(problem)["title"])
    return _page(request, Way(way), asked)


def _page(request: PageRequest, way: Way, asked: dict[str, str], fault: str = "") -> HttpResponse:
    told = {
        "title": said(WAY_TITLES[way]),
        "cards": list(enumerate(_cards(way))),
        "with_licence": way in simulator.WITH_LICENCE,
        "only_licence": way is Way.E_LICENCE,
        "asked": asked,
        "typed": request.POST,
        "fault": fault,
    }
    return render(request, "portal/simulated.html", told, status=400 if fault else 200)


def _cards(way: Way) -> Sequence[Card]:
    """A licence alone at the one, people with and without at the next, people alone at the third."""
    every = simulator.roster()
    if way is Way.E_LICENCE:
        return [card for card in every if card.licence is not None]
    if way is Way.YUSHIBAN:
        return [card for card in every if card.licence is None]
    return every


def _answered(request: PageRequest, way: Way, asked: dict[str, str]) -> HttpResponse:
    chosen, cards = request.POST.get("card", ""), _cards(way)
    card = cards[int(chosen)] if chosen.isdecimal() and int(chosen) < len(cards) else _typed(request, way)
    code = simulator.choose(way, card, nonce=asked["nonce"], back=_back(request, way), now=timezone.now())
    said_back = urlencode({"code": code, "state": asked["state"]})
    return HttpResponseRedirect(f"{reverse('portal:sign_on_back', args=[way])}?{said_back}")


def _back(request: PageRequest, way: Way) -> str:
    return request.build_absolute_uri(reverse("portal:sign_on_back", args=[way]))


def _typed(request: PageRequest, way: Way) -> Card:
    """Raises `FormIncomplete`, `NotAUscc`."""
    name, number, uscc = (request.POST.get(one, "").strip()[:LONGEST] for one in ("name", "number", "uscc"))
    if not name or not number or (way is Way.E_LICENCE and not uscc):
        raise FormIncomplete
    licence = Licence(Uscc.parse(uscc), "", _capacity(request)) if uscc and way in simulator.WITH_LICENCE else None
    return Card(name, number, licence)


def _capacity(request: PageRequest) -> Capacity:
    said_as = request.POST.get("capacity", "")
    return Capacity.CLERK if said_as == Capacity.CLERK else Capacity.REPRESENTATIVE
