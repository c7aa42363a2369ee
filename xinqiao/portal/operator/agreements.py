"""协议与承诺: every institution with the state of its papers; drafting, signing for the platform, ending."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import draft_queries, drafting, letters, purposes, signing, texts
from xinqiao.parties import queries as parties
from xinqiao.parties.drafting import Terms
from xinqiao.parties.queries import InstitutionView
from xinqiao.parties.rules import Role, Side
from xinqiao.portal import evidence, naming, proving, returning, signed
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only

LONGEST_NUMBER: Final = 9
USUAL_DAYS: Final = 730


@only(Role.OPERATOR)
def papers_of_all(request: PageRequest) -> HttpResponse:
    """Drafts that wait, agreements that run out, officers who have not signed; then everybody."""
    rows = [_row(one) for one in parties.institutions(request.visitor.scope)]
    rows.sort(key=lambda row: (not row["drafts"], row["left"] is None, row["left"] or 0))
    told = {"rows": rows, "title": _title(rows), "steps": signed.DUE, "sources": _owing_sources()}
    return render(request, "portal/operator/agreements.html", told)


def _title(rows: list[dict[str, Any]]) -> str:
    """What wants doing first."""
    waiting, due = (sum(bool(row[what]) for row in rows) for what in ("drafts", "due"))
    if waiting:
        return ngettext("%(n)d 份协议草稿等签字", "%(n)d 份协议草稿等签字", waiting) % {"n": waiting}
    if due:
        return ngettext("%(n)d 份协议快到期", "%(n)d 份协议快到期", due) % {"n": due}
    return _("没有等签字、快到期的协议")


def _owing_sources() -> list[str]:
    """Those with people here of whom nobody has signed that it answers for what it hands in."""
    now = timezone.now()
    peopled = [one for one in catalogue.city().sources if parties.people_in(Role.PROVIDER, one, now)]
    return [naming.source(one) for one in peopled if not letters.answered_for(one)]


def _row(one: InstitutionView) -> dict[str, Any]:
    now, today = timezone.now(), signed.today()
    held = next((known for known in parties.agreements_of(one.id) if known.in_force(today)), None)
    officers = parties.people_in(Role.OFFICER, one.id, now)
    drafts = [signed.edition(found, now) for found in draft_queries.of(one.id, now) if found.state in signed.WAITING]
    return {
        "id": one.id,
        "name": one.name,
        "agreement": held,
        "left": None if held is None else (held.until - today).days,
        "due": held is not None and (held.until - today).days <= max(signed.DUE),
        "drafts": drafts,
        "unsworn": [_name(person) for person in officers if letters.needed(person, one.id)],
    }


@only(Role.OPERATOR)
def papers_of(request: PageRequest, institution: str) -> HttpResponse:
    """The agreements and letters of one institution, and the form for a new draft (or a new edition of one)."""
    named = parties.institution(institution)
    if (asked := signed.unconfirmed(request)) is not None:
        return asked
    typed, fault = returning.typed(request), ""
    if request.method == "POST":
        made: list[int] = []
        fault = signed.tried(request, lambda: made.append(_act(request, named)))
        if not fault:
            return redirect("portal:one_draft", number=made[0]) if made[0] else redirect(request.path)
    said = typed or request.GET
    told = _standing(named) | _form(named, said.get("change", "")) | {"fault": fault}
    if typed:
        told |= {"said": typed, "chosen": typed.getlist("items") + typed.getlist("purposes")}
        told["feedback"] = typed.get("feedback") == "yes"
    return render(request, "portal/operator/agreement.html", told, status=400 if fault else 200)


def _act(request: PageRequest, named: InstitutionView) -> int:
    """The draft's number; 0 where an agreement was ended."""
    form, by, now = request.POST, acting_person(request), timezone.now()
    if form.get("act") == "end":
        signed.end(request, _number(form.get("agreement", "")), Side.PLATFORM)
        return 0
    terms = Terms(
        institution=named.id,
        items=frozenset(form.getlist("items")),
        purposes=frozenset(form.getlist("purposes")),
        since=signed.day(form, "since"),
        until=signed.day(form, "until"),
        signatory=PersonId(_number(form.get("signatory", ""))),
        feedback=form.get("feedback") == "yes",
    )
    if form.get("change"):
        return drafting.change(_number(form["change"]), terms, by=by, now=now)
    return drafting.draft(terms, by=by, now=now)


def _standing(named: InstitutionView) -> dict[str, Any]:
    now, today = timezone.now(), signed.today()
    agreements = parties.agreements_of(named.id)
    on_line = draft_queries.drafts_of(one.id for one in agreements)
    officers = parties.people_in(Role.OFFICER, named.id, now)
    return {
        "named": named,
        "agreements": [signed.agreement(one, today, on_line) for one in agreements],
        "drafts": [signed.edition(one, now) for one in draft_queries.of(named.id, now)],
        "letters": signed.letters(named.id),
        "unsworn": [_name(person) for person in officers if letters.needed(person, named.id)],
        "grounds": signed.grounds(),
        "notice": texts.current(texts.AGREEMENT).notice_days,
    }


def _form(named: InstitutionView, change: str) -> dict[str, Any]:
    """Filled with the edition that is to be changed, else with the agreement in force."""
    now, today = timezone.now(), signed.today()
    before = draft_queries.draft(_number(change), now) if change else None
    held = parties.agreement_in_force(named.id, today)
    filled = before or held
    people = [
        one for one in parties.people_in(Role.ADMINISTRATOR, named.id, now) if drafting.may_sign(one, named.id, now)
    ]
    usable = [one for one in purposes.purposes().values() if named.kind in one.institutions]
    return {
        "change": change,
        "said": {
            "since": before.since if before else today,
            "until": before.until if before else today + timedelta(days=USUAL_DAYS),
            "signatory": str(before.signatory) if before else "",
        },
        "chosen": sorted(filled.items | filled.purposes) if filled else [],
        "feedback": filled is not None and filled.feedback,
        "people": [(str(person), _name(person)) for person in people],
        "purposes": [(one.purpose, naming.purpose(one.purpose)) for one in usable],
        "items": [(one.item, naming.item(one.item)) for one in catalogue.city().whole_items()],
    }


@only(Role.OPERATOR)
def one_draft(request: PageRequest, number: int) -> HttpResponse:
    """An edition, what changed, and what the platform may do with it now."""
    now, fault = timezone.now(), ""
    draft_queries.draft(number, now)
    if (asked := signed.unconfirmed(request)) is not None:
        return asked
    if request.method == "POST":
        fault = signed.tried(request, lambda: _decide(request, number))
        if not fault:
            return redirect("portal:one_draft", number=number)
    view = draft_queries.draft(number, now)
    told = {
        "one": signed.edition(view, now),
        "mine": acting_person(request) in {view.drafted_by, view.signatory},
        "fault": fault,
    }
    return render(request, "portal/operator/draft.html", told, status=400 if fault else 200)


def _decide(request: PageRequest, number: int) -> None:
    by, now, form = acting_person(request), timezone.now(), request.POST
    if form.get("act") == "withdraw":
        drafting.withdraw(number, because=form.get("because", ""), by=by, now=now)
    else:
        shown = proving.shown(request.session)
        signing.countersign(number, digest=form.get("digest", ""), by=by, shown=shown, now=now)


@only(Role.OPERATOR)
def agreement_file(request: PageRequest, number: int) -> HttpResponse:
    return evidence.as_file(draft_queries.signed_file(number), f"xinqiao-agreement-{number}")


def _name(person: PersonId) -> str:
    view = parties.person(person)
    return view.name if view else ""


def _number(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER):
        raise FormIncomplete(Saying("请选择谁来签字。"))
    return int(text)
