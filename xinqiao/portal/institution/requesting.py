"""请求授权: an officer asks a business for a grant; the business finds it on its home page and answers there."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue, language
from xinqiao.authorisation import asking, queries, templates
from xinqiao.authorisation.errors import AgreementNotInForce
from xinqiao.authorisation.rules import State, last_day
from xinqiao.catalogue.meaning import needs_grant
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import charges
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.queries import AgreementView
from xinqiao.parties.rules import Role, Scope
from xinqiao.portal import naming, returning, staffed, wording
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

SHOWN: Final = 50  # questions that wait, on the page where one asks


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question this institution has asked and that the business has not answered."""

    name: str
    uscc: str
    purpose: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Way:
    value: str
    title: str
    detail: str


def waiting(institution: InstitutionId, scope: Scope) -> list[Waiting]:
    """The questions of the scope's branch that wait for their answer, the newest first, and with whom each is now."""
    now, here = timezone.now(), charges.numbers(Work.ASK, scope)
    asked = [one for one in queries.grants_to(institution) if one.state(now) is State.ASKED]
    open_ones = [one for one in asked if here is None or one.id in here][:SHOWN]
    held = charges.contacts(Work.ASK, [one.id for one in open_ones])
    whose = {view.id: view for view in subjects.views([one.subject_id for one in open_ones])}
    return [
        Waiting(
            whose[one.subject_id].name,
            whose[one.subject_id].uscc,
            naming.purpose(one.purpose),
            staffed.contact(held.get(one.id)) or one.asked_by,
            wording.instant(one.asked_at or one.starts_at),
        )
        for one in open_ones
    ]


@only(Role.OFFICER)
def request_grant(request: PageRequest) -> HttpResponse:
    """What for, what, until when; then it is the business's turn."""
    said = returning.typed(request) if request.method == "POST" else request.GET
    if not (uscc := said.get("uscc", "").strip()):
        return redirect("portal:ask")
    subject = subjects.known_as(Uscc.parse(uscc))
    institution, today = acting_institution(request), day_of(timezone.now())
    agreement = parties.agreement_in_force(institution, today)
    if agreement is None:
        raise AgreementNotInForce
    if request.method != "POST":
        return render(request, "portal/institution/request.html", _form(subject, agreement, today))
    template = templates.templates().get(said.get("way", ""))
    if template is None:
        raise FormIncomplete(Saying("请选择用途。"))
    asking.ask(
        institution=institution,
        subject_id=subject.id,
        items=[name for name in said.getlist("items") if name],
        purpose=template.purpose,
        fetch=template.fetch,
        until=_day(said.get("until", "")),
        officer=acting_person(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse('portal:ask')}?{urlencode({'requested': subject.uscc})}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FormIncomplete(Saying("请选择授权到哪一天。")) from None


def _form(subject: SubjectView, agreement: AgreementView, today: date) -> dict[str, Any]:
    return {"subject": subject, **choices(agreement, today)}


def choices(agreement: AgreementView, today: date) -> dict[str, Any]:
    """What an agreement lets one ask for: the ways, the items that take a grant, the days."""
    ways = [one for one in templates.templates().values() if one.purpose in agreement.purposes]
    longest = [one.longest_days for one in ways] or [1]
    return {
        "ways": [
            Way(
                one.template,
                _("%(purpose)s：%(way)s") % {"purpose": naming.purpose(one.purpose), "way": language.said(one.title)},
                _("最长 %(n)d 天") % {"n": one.longest_days},
            )
            for one in ways
        ],
        "items": [
            (name, naming.item(name)) for name in sorted(agreement.items) if needs_grant(catalogue.city().item(name))
        ],
        "today": today.isoformat(),
        "until": min(last_day(today, min(longest)), agreement.until).isoformat(),  # good whatever is chosen
        "latest": min(last_day(today, max(longest)), agreement.until).isoformat(),
    }
