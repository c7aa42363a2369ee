"""After the password: a code, a passkey or a recovery code; and the same asked once more before what matters."""

from collections.abc import Callable

from django.contrib.auth import authenticate
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xinqiao import home
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import refusals as counted
from xinqiao.parties import codes, factors, recovery, stand_in_codes
from xinqiao.parties.errors import NotShown
from xinqiao.parties.rules import Method, Shown
from xinqiao.portal import limits, proving, returning, sign_on
from xinqiao.portal.entrance import LONGEST_PASSWORD, address_of, next_of
from xinqiao.portal.errors import TooManyTries
from xinqiao.portal.refusals import TOO_MANY, words
from xinqiao.portal.visitors import PageRequest

LONGEST_CODE = 40


@never_cache
@sensitive_post_parameters("code")
def second(request: PageRequest) -> HttpResponse:
    """The password was right; now the second factor."""
    waiting = proving.between(request)
    if waiting is None:
        return redirect("portal:sign_in")
    if not factors.of(waiting.person.id):
        return redirect("portal:enrol")
    if request.method != "POST":
        return _asked(request, "portal/second.html", waiting.person.id)
    return _try(request, "portal/second.html", waiting.person.id, _code, lambda by: _in(request, by))


def _in(request: PageRequest, by: Shown) -> HttpResponse:
    waiting = proving.between(request)
    if waiting is None:
        return redirect("portal:sign_in")
    proving.let_in(request, waiting.user, by)
    return redirect("portal:factors") if by.method is Method.RECOVERY else HttpResponseRedirect(waiting.wanted)


@never_cache
@sensitive_post_parameters("code", "password")
def confirm(request: PageRequest) -> HttpResponse:
    """Who is there, once more: with a second factor, or the password where there is none."""
    person = request.visitor.person
    if person is None:
        return returning.to_sign_in(request)  # type: ignore[return-value]
    if request.method != "POST":
        return _asked(request, "portal/confirm.html", person.id)
    show = _code if factors.of(person.id) else _password
    return _try(request, "portal/confirm.html", person.id, show, lambda by: confirmed_by(request, by))


def confirmed_by(request: PageRequest, by: Shown) -> HttpResponse:
    proving.remember(request.session, by)
    return HttpResponseRedirect(next_of(request, request.POST))


def _code(request: PageRequest, person: PersonId) -> Shown:
    typed, now = request.POST.get("code", "")[:LONGEST_CODE], timezone.now()
    if "".join(typed.split()).isdigit():
        return codes.show(person=person, code=typed, now=now)
    return recovery.show(person=person, code=typed, now=now)


def _password(request: PageRequest, person: PersonId) -> Shown:
    del person
    typed = request.POST.get("password", "")[:LONGEST_PASSWORD]
    user = authenticate(request, username=request.user.get_username(), password=typed)
    if user is None or user.pk != request.user.pk:
        raise NotShown
    return Shown(Method.PASSWORD, timezone.now())


def _try(
    request: PageRequest,
    page: str,
    person: PersonId,
    show: Callable[[PageRequest, PersonId], Shown],
    then: Callable[[Shown], HttpResponse],
) -> HttpResponse:
    """One counted try; what is wrong is told in one sentence, whatever it was."""
    who = f"{person}\n{address_of(request)}"
    try:
        limits.count(limits.SECOND_FACTOR_PERSON, str(person), now=timezone.now())
        limits.count(limits.SECOND_FACTOR, who, now=timezone.now())
        by = show(request, person)
    except TooManyTries as refusal:
        counted.count("rate-limited", now=timezone.now())
        return _asked(request, page, person, _("%(title)s。%(detail)s") % words(refusal), TOO_MANY)
    except NotShown:
        counted.count("unauthenticated", now=timezone.now())
        return _asked(request, page, person, _("没有通过验证。口令每个只能用一次，半分钟换一个。"), 400)
    limits.forget(limits.SECOND_FACTOR, who)
    return then(by)


def _asked(request: PageRequest, page: str, person: PersonId, fault: str = "", status: int = 200) -> HttpResponse:
    mine = {one.kind for one in factors.of(person)}
    told = {
        "fault": fault,
        "has_code": Method.CODE in mine,
        "has_passkey": Method.PASSKEY in mine,
        "has_any": bool(mine),
        "has_password": request.user.is_authenticated and request.user.has_usable_password(),
        "ways": sign_on.offered(request.visitor.person) if request.visitor.person else [],
        "login": request.user.get_username(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "stand_in": _stand_in(request),
    }
    return render(request, page, told, status=status)


def _stand_in(request: PageRequest) -> stand_in_codes.Now | None:
    """In the sample city the stand-in shows what a phone would."""
    waiting = proving.between(request)
    login = request.user.get_username() if request.user.is_authenticated else waiting.login if waiting else ""
    if home.mode() is not home.Mode.SAMPLE:
        return None
    try:
        return stand_in_codes.code(login, now=timezone.now())
    except stand_in_codes.NobodyOfTheSample:
        return None
