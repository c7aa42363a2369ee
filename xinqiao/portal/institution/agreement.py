"""协议与承诺 at the institution's desk: what is agreed, a draft to read and sign, letters, and the way out."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.kernel.ids import InstitutionId
from xinqiao.language import in_english
from xinqiao.parties import draft_queries, drafting, ending, letter_queries, letters, signing
from xinqiao.parties import queries as parties
from xinqiao.parties.draft_queries import DraftView
from xinqiao.parties.errors import UnknownAgreement
from xinqiao.parties.rules import Role, Side
from xinqiao.parties.signing_errors import UnknownDraft, UnknownLetter
from xinqiao.portal import evidence, proving, signed
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE = "portal:our_agreement"


def _mine(request: PageRequest) -> InstitutionId:
    """Of which institution the page is: an officer's or an administrator's."""
    return InstitutionId(request.visitor.scope.organisation)


@only(Role.OFFICER, Role.ADMINISTRATOR, sworn=False)
def our_agreement(request: PageRequest) -> HttpResponse:
    """What holds, what waits for a signature, what was signed; who signs may end it here."""
    institution, now, fault = _mine(request), timezone.now(), ""
    if (asked := signed.unconfirmed(request)) is not None:
        return asked
    if request.method == "POST":
        fault = signed.tried(request, lambda: _end(request))
        if not fault:
            return redirect(PAGE)
    every = parties.agreements_of(institution)
    on_line = draft_queries.drafts_of(one.id for one in every)
    drafts = [signed.edition(one, now) for one in draft_queries.of(institution, now)]
    waiting = [one for one in drafts if one["waits"]]
    held = parties.agreement_in_force(institution, signed.today())
    told = {
        "title": _title(waiting=bool(waiting), held=held is not None),
        "waiting": waiting,
        "agreements": [signed.agreement(one, signed.today(), on_line) for one in every],
        "others": [one for one in drafts if not one["waits"]],
        "letters": signed.letters(institution),
        "may_end": ending.signs(acting_person(request), institution, now),
        "grounds": signed.grounds(),
        "fault": fault,
    }
    return render(request, "portal/institution/agreement.html", told, status=400 if fault else 200)


def _title(*, waiting: bool, held: bool) -> str:
    if waiting:
        return _("有一份协议在办")
    return _("共享协议生效中") if held else _("现在没有生效的共享协议")


def _end(request: PageRequest) -> None:
    number = request.POST.get("agreement", "")
    mine = {str(one.id) for one in parties.agreements_of(_mine(request))}
    if number not in mine:
        raise UnknownAgreement
    signed.end(request, int(number), Side.INSTITUTION)


@only(Role.OFFICER, Role.ADMINISTRATOR, sworn=False)
def our_draft(request: PageRequest, number: int) -> HttpResponse:
    """The whole text on a plain page; who is named in it signs it, or sends it back."""
    now, fault = timezone.now(), ""
    _ours(request, number, now)
    if (asked := signed.unconfirmed(request)) is not None:
        return asked
    if request.method == "POST":
        fault = signed.tried(request, lambda: _decide(request, number))
        if not fault:
            return redirect("portal:our_draft", number=number)
    view = _ours(request, number, now)
    told = {
        "one": signed.edition(view, now),
        "mine": view.signatory == acting_person(request),
        "fault": fault,
    }
    return render(request, "portal/institution/draft.html", told, status=400 if fault else 200)


def _ours(request: PageRequest, number: int, now: datetime) -> DraftView:
    view = draft_queries.draft(number, now)
    if view.institution != _mine(request):
        raise UnknownDraft
    return view


def _decide(request: PageRequest, number: int) -> None:
    by, now, form = acting_person(request), timezone.now(), request.POST
    if form.get("act") == "withdraw":
        drafting.withdraw(number, because=form.get("because", ""), by=by, now=now)
    else:
        signing.sign(number, digest=form.get("digest", ""), by=by, shown=proving.shown(request.session), now=now)


@only(Role.OFFICER, sworn=False)
def our_letter(request: PageRequest) -> HttpResponse:
    """The letter of confidentiality an officer signs before her first look, each version once."""
    institution, me, fault = _mine(request), acting_person(request), ""
    if (asked := signed.unconfirmed(request)) is not None:
        return asked
    if request.method == "POST":
        fault = signed.tried(request, lambda: _undertake(request, institution))
        if not fault:
            return redirect("portal:ask")
    letter = letters.confidentiality(me, institution)
    told = {
        "letter": letter,
        "english": letter.english if in_english() else "",
        "needed": letters.needed(me, institution),
        "fault": fault,
    }
    return render(request, "portal/institution/letter.html", told, status=400 if fault else 200)


def _undertake(request: PageRequest, institution: InstitutionId) -> None:
    digest, shown = request.POST.get("digest", ""), proving.shown(request.session)
    letters.sign_confidentiality(institution, digest=digest, by=acting_person(request), shown=shown, now=timezone.now())


@only(Role.OFFICER, Role.ADMINISTRATOR, sworn=False)
def our_agreement_file(request: PageRequest, number: int) -> HttpResponse:
    """The signed agreement of this institution; another's is not found."""
    if number not in {one.id for one in parties.agreements_of(_mine(request))}:
        raise UnknownAgreement
    return evidence.as_file(draft_queries.signed_file(number), f"xinqiao-agreement-{number}")


@only(Role.OFFICER, Role.ADMINISTRATOR, sworn=False)
def our_letter_file(request: PageRequest, number: int) -> HttpResponse:
    """A letter signed for this institution; another's is not found."""
    if letter_queries.letter(number).organisation != _mine(request):
        raise UnknownLetter
    return evidence.as_file(letter_queries.signed_file(number), f"xinqiao-letter-{number}")
