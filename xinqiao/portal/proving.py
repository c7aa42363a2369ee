"""What a session remembers of how its person showed who they are, and the moment between password and second factor.

A person who has given only the password is not signed in: the session knows whom to ask further, for ten minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth import get_user_model, login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from xinqiao.parties import queries as parties
from xinqiao.parties.queries import PersonView
from xinqiao.parties.rules import Method, Shown
from xinqiao.portal import returning

SHOWN: Final = "shown"  # keys of the session
BETWEEN: Final = "between"
PATIENCE: Final = timedelta(minutes=10)


def remember(session: SessionBase, shown: Shown) -> None:
    session[SHOWN] = [shown.method, shown.at.isoformat(), shown.factor]


def shown(session: SessionBase) -> Shown | None:
    kept = session.get(SHOWN)
    return Shown(Method(kept[0]), datetime.fromisoformat(kept[1]), kept[2]) if kept else None


def let_in(request: HttpRequest, user_id: int, by: Shown) -> None:
    """The person is signed in from now on, under a new session key."""
    login(request, get_user_model().objects.get(pk=user_id), backend="django.contrib.auth.backends.ModelBackend")
    request.session.pop(BETWEEN, None)
    remember(request.session, by)


# ── between password and second factor ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Between:
    """Whose password was right, where they wanted to go, and what a form of theirs had carried."""

    user: int
    login: str
    person: PersonView
    wanted: str


def ask_further(request: HttpRequest, user_id: int, wanted: str) -> None:
    request.session.cycle_key()
    request.session[BETWEEN] = [user_id, wanted, timezone.now().isoformat()]
    returning.keep_brought(request, wanted)


def between(request: HttpRequest) -> Between | None:
    kept = request.session.get(BETWEEN)
    if kept is None or timezone.now() > datetime.fromisoformat(kept[2]) + PATIENCE:
        return None
    user, person = get_user_model().objects.filter(pk=kept[0]).first(), parties.person_of_user(kept[0])
    return None if person is None or user is None else Between(kept[0], user.get_username(), person, kept[1])


# ── shown just now ───────────────────────────────────────────────────────────────────────────────────────────────────


def confirmation(request: HttpRequest) -> Shown | None:
    """What was shown in the last minutes."""
    found = shown(request.session)
    return found if found is not None and found.just_now(timezone.now()) else None


def confirmed(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page that asks once more who is there, unless that was shown in the last minutes. What a form carried waits."""

    @wraps(page)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if confirmation(request) is not None:
            return page(request, *args, **kwargs)
        return ask_again(request)

    return answer


def ask_again(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        returning.keep_sent(request)
    back = request.path if request.method == "POST" else request.get_full_path()
    return HttpResponseRedirect(f"{reverse('portal:confirm')}?{urlencode({'next': back})}")
