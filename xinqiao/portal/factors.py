"""登录安全: the factors of whoever is here: the first one between password and sign-in, the others on one's account."""

from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from xinqiao.parties import codes, factors, passkeys, recovery
from xinqiao.parties.errors import NotShown
from xinqiao.parties.queries import PersonView
from xinqiao.parties.rules import Method, Shown
from xinqiao.portal import limits, proving, qr, returning, wording
from xinqiao.portal import passkeys as asked
from xinqiao.portal.visitors import PageRequest

_METHODS = {Method.CODE: lambda: _("动态口令"), Method.PASSKEY: lambda: _("通行密钥")}


@never_cache
def enrol(request: PageRequest) -> HttpResponse:
    """Whoever must have a second factor and has none chooses the first one here, the password having been right."""
    waiting = proving.between(request)
    if waiting is None:
        return redirect("portal:sign_in")
    if factors.of(waiting.person.id):
        return redirect("portal:second")
    return render(request, "portal/enrol.html", {"passkeys": asked.possible(request)})


@never_cache
def mine(request: PageRequest) -> HttpResponse:
    """What I sign in with, and how to change it."""
    person = request.visitor.person
    if person is None:
        return returning.to_sign_in(request)  # type: ignore[return-value]
    found = factors.of(person.id)
    shown = [(one.id, _METHODS[one.kind](), one.name, wording.instant(one.added_at)) for one in found]
    by = proving.shown(request.session)
    told = {
        "factors": shown,
        "has_code": any(one.kind is Method.CODE for one in found),
        "required": factors.required(person.id, timezone.now()),
        "left": recovery.left(person.id),
        "recovered": by is not None and by.method is Method.RECOVERY,
        "passkeys": asked.possible(request),
    }
    return render(request, "portal/factors.html", told)


# ── adding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _enrolling(request: PageRequest) -> PersonView | HttpResponse:
    """Who may add a factor: the first one after the password, any other after showing once more who is there."""
    waiting = proving.between(request)
    if waiting is not None and not factors.of(waiting.person.id):
        return waiting.person
    person = request.visitor.person
    if person is None:
        return returning.to_sign_in(request)  # type: ignore[return-value]
    return person if proving.confirmation(request) is not None else proving.ask_again(request)


@never_cache
@sensitive_post_parameters("draft", "code")
@sensitive_variables("secret")
def add_code(request: PageRequest) -> HttpResponse:
    """The secret as a picture and as letters; the first code shows that the app has it."""
    person = _enrolling(request)
    if isinstance(person, HttpResponse):
        return person
    fault = ""
    if request.method == "POST":
        draft = request.POST.get("draft", "")
        secret = codes.drafted(person.id, draft)
        limits.count(limits.SECOND_FACTOR_PERSON, str(person.id), now=timezone.now())
        try:
            by = codes.enrol(
                person=person.id, secret=secret, code=request.POST.get("code", "")[:40], now=timezone.now()
            )
            return _done(request, person, by)
        except NotShown:
            fault = _("口令不对。请看应用里现在显示的六位数字。")
    else:
        secret, draft = codes.draft(person.id)
    told: dict[str, Any] = {
        "qr": qr.of(codes.address(secret, person.name)),
        "secret": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "draft": draft,
        "fault": fault,
    }
    return render(request, "portal/factor_code.html", told, status=400 if fault else 200)


@never_cache
def passkey_options(request: PageRequest) -> HttpResponse:
    """Asked by the script when the button is pressed."""
    person = _enrolling(request)
    if isinstance(person, HttpResponse) or request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    said, state = passkeys.begin_enrolling(asked.site(request), person=person.id, name=person.name)
    request.session[asked.WAITING] = dict(state)
    return JsonResponse(dict(said))


@never_cache
def add_passkey(request: PageRequest) -> HttpResponse:
    """What the device answered."""
    person = _enrolling(request)
    if isinstance(person, HttpResponse):
        return person
    if request.method != "POST":
        return render(request, "portal/factor_passkey.html", {"passkeys": asked.possible(request)})
    state, said = asked.answer(request)
    name = request.POST.get("name", "")
    by = passkeys.enrol(asked.site(request), state, said, person=person.id, name=name, now=timezone.now())
    return _done(request, person, by)


def _done(request: PageRequest, person: PersonView, by: Shown) -> HttpResponse:
    """Signed in where this was the last step of it; recovery codes with the first factor."""
    waiting = proving.between(request)
    if waiting is not None:
        proving.let_in(request, waiting.user, by)
    else:
        proving.remember(request.session, by)
    wanted = waiting.wanted if waiting else reverse("portal:factors")
    if recovery.left(person.id):
        return redirect(wanted)
    return _told(request, recovery.make(person=person.id, now=timezone.now()), wanted)


@sensitive_variables("told")
def _told(request: PageRequest, told: list[str], wanted: str) -> HttpResponse:
    return render(request, "portal/recovery_codes.html", {"codes": told, "wanted": wanted})


# ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@proving.confirmed
def new_recovery_codes(request: PageRequest) -> HttpResponse:
    """Ten new ones; those on the old paper open nothing any more."""
    person = request.visitor.person
    if request.method != "POST" or person is None or not factors.of(person.id):
        return redirect("portal:factors")
    return _told(request, recovery.make(person=person.id, now=timezone.now()), reverse("portal:factors"))


@proving.confirmed
def remove(request: PageRequest, number: int) -> HttpResponse:
    """One of one's own factors goes. Whoever came in with it has to show another one next."""
    person = request.visitor.person
    if request.method != "POST" or person is None:
        return redirect("portal:factors")
    factors.remove(number, person=person.id, now=timezone.now())
    by = proving.shown(request.session)
    if by is not None and by.factor == number and by.method is not Method.RECOVERY:
        proving.remember(request.session, Shown(Method.PASSWORD, by.at))
    return redirect("portal:factors")
