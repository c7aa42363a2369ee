"""Signing in and out, and choosing the role and the business one acts for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xinqiao.authorisation import mandate_queries
from xinqiao.ledger import refusals
from xinqiao.parties import factors, identities
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Method, Role, Shown
from xinqiao.parties.sign_on import Capacity
from xinqiao.portal import delegated, limits, naming, navigation, proving, returning
from xinqiao.portal.errors import TooManyTries
from xinqiao.portal.refusals import TOO_MANY, words
from xinqiao.portal.visitors import DESK, SUBJECT, PageRequest
from xinqiao.subjects import queries as subjects

LONGEST_NAME: Final = 150  # the framework's own limit on a sign-in's name
LOOK_BACK: Final = timedelta(days=366)  # how long what has ended is told to whom it ended for
LONGEST_PASSWORD: Final = 256  # hashing costs by length


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: PageRequest) -> HttpResponse:
    """Name and password; one sentence for a wrong name and a wrong password, so that names cannot be tried out."""
    if request.visitor.person is not None:
        return HttpResponseRedirect(next_of(request, request.GET))
    if request.method != "POST":
        return _form(request)
    name = request.POST.get("username", "").strip()[:LONGEST_NAME]
    try:
        _count(request, name)
    except TooManyTries as refusal:
        refusals.count("rate-limited", now=timezone.now())
        return _form(request, fault=_("%(title)s。%(detail)s") % words(refusal), status=TOO_MANY)
    password = request.POST.get("password", "")[:LONGEST_PASSWORD]
    user = authenticate(request, username=name, password=password)
    if user is None:
        refusals.count("unauthenticated", now=timezone.now())
        return _form(request, fault=_("登录名或密码不对。"), status=400)
    limits.forget(limits.SIGN_IN, f"{name}\n{address_of(request)}")
    return _password_was_right(request, user.pk)


def _password_was_right(request: PageRequest, user: int) -> HttpResponse:
    """In, or on to the second factor: to show it, or to enrol the first one where the role asks for one."""
    now, wanted, person = timezone.now(), next_of(request, request.POST), parties.person_of_user(user)
    if person is not None and (factors.of(person.id) or factors.required(person.id, now)):
        proving.ask_further(request, user, wanted)
        return redirect("portal:second")
    proving.let_in(request, user, Shown(Method.PASSWORD, now))
    returning.keep_brought(request, wanted)
    return HttpResponseRedirect(wanted)


def _count(request: HttpRequest, name: str) -> None:
    now, address = timezone.now(), address_of(request)
    limits.count(limits.SIGN_IN_ADDRESS, address, now=now)
    limits.count(limits.SIGN_IN_NAME, name, now=now)
    limits.count(limits.SIGN_IN, f"{name}\n{address}", now=now)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the web server in front of us tells it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _form(request: PageRequest, *, fault: str = "", status: int = 200) -> HttpResponse:
    said: dict[str, Any] = {
        "fault": fault,
        "username": request.POST.get("username", "")[:LONGEST_NAME],
        "next": request.POST.get("next") or request.GET.get("next", ""),
        returning.KEPT: request.POST.get(returning.KEPT, "")[: returning.LONGEST],
        "ended": returning.ended(request),
    }
    return render(request, "portal/sign_in.html", said, status=status)


def next_of(request: HttpRequest, said: QueryDict) -> str:
    """Where the visitor wanted to go, if it is here; else the front page, which sends each role to its own."""
    wanted = said.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


def sign_out(request: PageRequest) -> HttpResponse:
    if request.method == "POST":
        logout(request)
    return redirect("portal:home")


def account(request: PageRequest) -> HttpResponse:
    """Who I am here, and the roles and businesses I may choose from."""
    if request.visitor.person is None:
        return redirect("portal:sign_in")
    me, now = request.visitor.person.id, timezone.now()
    shown = identities.licence_of(me, now)
    told = {
        "choices": choices(request),
        "signed_on": bool(identities.ways_of(me)),
        "licence": shown is not None and shown.capacity is Capacity.REPRESENTATIVE,
        "doubts": [delegated.in_doubt(one) for one in mandate_queries.doubts_about(me)],
        "over": [delegated.mandate(one) for one in mandate_queries.over(now - LOOK_BACK, now, person=me)],
    }
    return render(request, "portal/account.html", told)


def act_as(request: PageRequest) -> HttpResponse:
    """Choose a role, and for a business which one; only what is really held can be chosen."""
    if request.method != "POST":
        return redirect("portal:account")
    desk, _sep, subject = request.POST.get("as", "").partition("/")
    if desk in {held.key for held in request.visitor.desks}:
        request.session[DESK] = desk
    if subject in {str(held) for held in request.visitor.subjects}:
        request.session[SUBJECT] = int(subject)
    return redirect("portal:home")


@dataclass(frozen=True, slots=True)
class Choice:
    """A role, and for a business the subject, that a person may act for."""

    key: str
    title: str
    detail: str
    here: bool


def choices(request: PageRequest) -> list[Choice]:
    """Everything this person may choose, in the order it was given to them."""
    return [choice for desk in request.visitor.desks for choice in _of_desk(request, desk)]


def _of_desk(request: PageRequest, desk: navigation.Desk) -> list[Choice]:
    here = desk.scope == request.visitor.scope
    if desk.scope.role is not Role.BUSINESS:
        return [Choice(desk.key, desk.title, str(desk.role), here)]
    mine = subjects.views(request.visitor.subjects)
    return [
        Choice(f"{desk.key}/{one.id}", one.name, naming.kind(one.kind), here and one.id == request.visitor.subject)
        for one in mine
    ]
