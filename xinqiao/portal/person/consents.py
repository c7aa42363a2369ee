"""我本人的同意: what institutions ask of me in person, what I agreed to, who looked, and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from xinqiao import catalogue
from xinqiao.authorisation import person_notices, person_queries, persons, queries
from xinqiao.authorisation.person_queries import ConsentView
from xinqiao.authorisation.rules import State
from xinqiao.disclosure import queries as disclosure
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import ConsentId
from xinqiao.kernel.problems import Problem
from xinqiao.language import in_english
from xinqiao.parties import charges
from xinqiao.parties.charges import Work
from xinqiao.portal import naming, refusals, returning, staffed, wording
from xinqiao.portal.business import looks
from xinqiao.portal.visitors import Page, PageRequest, acting_person
from xinqiao.subjects import queries as subjects

TERMS: Final = (30, 90, 180)  # days offered beside the last one asked for
LOOKS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """A consent in words."""

    number: ConsentId
    to: str
    contact: str
    about: str
    uscc: str
    capacity: str
    purpose: str
    hers: str
    asked_by: str
    asked_at: str
    given_at: str
    until: str
    state: State
    state_title: str
    revoked_at: str

    @property
    def url(self) -> str:
        return reverse("portal:my_consent", args=[self.number])


def in_person(page: Page) -> Page:
    """A page for whoever is signed in, in whatever role: it is about the person."""

    @wraps(page)
    def answer(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return page(request, *args, **kwargs) if request.visitor.person else returning.to_sign_in(request)

    return answer


def shown(consent: ConsentView) -> ShownConsent:
    [subject] = subjects.views([consent.subject_id])
    state = consent.state(timezone.now())
    return ShownConsent(
        number=consent.id,
        to=consent.institution_name,
        contact=consent.contact,
        about=subject.name,
        uscc=subject.uscc,
        capacity=person_notices.CAPACITIES[consent.capacity][in_english()],
        purpose=naming.purpose(consent.purpose),
        hers=person_notices.hers(consent.items, _in_words, _("、")),
        asked_by=staffed.contact(charges.contacts(Work.CONSENT, [consent.id]).get(consent.id)) or consent.asked_by,
        asked_at=wording.instant(consent.asked_at),
        given_at=_moment(consent.given_at),
        until=consent.until.isoformat(),
        state=state,
        state_title=naming.grant_state(state),
        revoked_at=_moment(consent.revoked_at),
    )


def _in_words(text: str) -> str:
    return catalogue.city().english.get(text, text) if in_english() else text


def _moment(at: datetime | None) -> str:
    return wording.instant(at) if at else ""


@never_cache
@in_person
def my_consents(request: PageRequest) -> HttpResponse:
    """Everything asked of me in person, what waits first."""
    every = [shown(one) for one in person_queries.of_person(acting_person(request))]
    told = {
        "waiting": [one for one in every if one.state is State.ASKED],
        "live": [one for one in every if one.state is State.GIVEN],
        "ended": [one for one in every if one.state not in {State.ASKED, State.GIVEN}],
    }
    return render(request, "portal/person/consents.html", told)


@never_cache
@in_person
def invitation(request: PageRequest, code: str) -> HttpResponse:
    """Who holds the code shows that she is the one who is asked; until then the page says nothing but that."""
    persons.invited(code)
    if request.method != "POST":
        return render(request, "portal/person/invitation.html", {})
    try:
        taken = persons.take_up(
            code, number=request.POST.get("number", ""), by=acting_person(request), now=timezone.now()
        )
    except Problem as problem:
        told = {"fault": refusals.words(problem)["title"]}
        return render(request, "portal/person/invitation.html", told, status=refusals.STATUS[problem.kind])
    return redirect("portal:my_consent", number=taken.id)


@never_cache
@in_person
def my_consent(request: PageRequest, number: int) -> HttpResponse:
    """One question, or one consent: who, about what business, what is mine in it, until when, who looked."""
    consent = person_queries.hers(ConsentId(number), acting_person(request))
    if request.method == "POST":
        return _answered(request, consent)
    return render(request, "portal/person/consent.html", _told(consent, request.GET.get("until", ""), request.GET))


def _told(consent: ConsentView, until: str, said_so: Any, fault: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {"consent": shown(consent), "done": said_so.get("done", ""), "fault": fault}
    if consent.state(timezone.now()) is State.ASKED:
        return told | _question(consent, until)
    numbers = person_queries.receipts_of(consent.id)[:LOOKS_SHOWN]
    return told | {
        "text": queries.shown_text(consent.text_digest),
        "looks": looks.shown_all(disclosure.looks_under(numbers)),
    }


def _question(consent: ConsentView, until: str) -> dict[str, Any]:
    """What agreeing would sign. The day is chosen first: it stands in the words."""
    today = day_of(timezone.now())
    offered = [today + timedelta(days=n - 1) for n in TERMS]
    days = [*(day for day in offered if day < consent.asked_until), consent.asked_until]
    chosen = next((day for day in days if day.isoformat() == until), consent.asked_until)
    try:
        words, settled = persons.offered(consent.id, chosen, english=in_english(), now=timezone.now())
    except Problem as problem:  # the day has gone by, or the template has changed; saying no always can be said
        return {"blocked": refusals.words(problem)}
    since = settled.range.since
    return {
        "words": words,
        "days": [(day.isoformat(), day == chosen) for day in days],
        "chosen": chosen.isoformat(),
        "data_since": since.isoformat() if since else "",
        "keep_days": wording.term(settled.keep_days),
    }


def _answered(request: PageRequest, consent: ConsentView) -> HttpResponse:
    by, now, answer = acting_person(request), timezone.now(), request.POST.get("answer", "")
    if answer == "yes" and request.POST.get("read") != "yes":
        told = _told(consent, request.POST.get("until", ""), {}, _("请先确认已经看过。"))
        return render(request, "portal/person/consent.html", told, status=400)
    if answer in _ACTS:
        _ACTS[answer](request, consent, by, now)
    return redirect(f"{reverse('portal:my_consent', args=[consent.id])}?done={answer}")


def _yes(request: PageRequest, consent: ConsentView, by: Any, now: datetime) -> None:
    until = date.fromisoformat(request.POST.get("until", ""))
    persons.give(consent.id, until=until, text=request.POST.get("text", ""), by=by, now=now)


_ACTS: Final[dict[str, Callable[..., object]]] = {
    "yes": _yes,
    "no": lambda _request, consent, by, now: persons.decline(consent.id, by=by, now=now),
    "revoke": lambda _request, consent, by, now: persons.revoke(consent.id, by=by, now=now),
}
