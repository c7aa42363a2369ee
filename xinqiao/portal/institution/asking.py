"""查询报告: find a business, ask, read. The answer is in the page that answers and nowhere else: we keep no copy."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.queries import GrantView
from xinqiao.disclosure import reports
from xinqiao.disclosure.door import Asked
from xinqiao.disclosure.errors import AccessSuspended
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, SubjectId
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.uscc import Uscc
from xinqiao.oversight import infringements
from xinqiao.parties import charges
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, paging, papers, qr, refusals, returning, wording
from xinqiao.portal.institution import reading, requesting
from xinqiao.portal.public import verifying
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

LIVE_SHOWN: Final = 50
LONGEST_SEARCH: Final = 60
KEY: Final = 16  # random bytes: the key a report is remembered under, so that its files are no second look
LONGEST_KEY: Final = 128
# JSON inside a page: only these three could end the element that holds it.
IN_A_PAGE: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Allowed:
    """One live grant to this institution, for the list and the button beside it."""

    number: GrantId
    name: str
    purpose: str
    until: str
    left: str


@dataclass(frozen=True, slots=True)
class Found:
    """A business, and what it allows this institution at this moment."""

    name: str
    uscc: str
    kind: str
    division: str
    grants: tuple[Allowed, ...]


@only(Role.OFFICER)
def ask(request: PageRequest) -> HttpResponse:
    """Search above, the businesses that have granted something below."""
    institution = acting_institution(request)
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    told = {
        "q": text,
        "agreement": parties.agreement_in_force(institution, day_of(timezone.now())),
        "cases": infringements.how_many_open(institution),
        "stopped": parties.suspension_of(institution, day_of(timezone.now())),
        "sent": request.GET.get("requested", "")[:LONGEST_SEARCH],
        "requested": requesting.waiting(institution, request.visitor.scope),
        **(_searched(request, institution, text) if text else _granted(request, institution)),
    }
    return render(request, "portal/institution/ask.html", told)


def _searched(request: PageRequest, institution: InstitutionId, text: str) -> dict[str, object]:
    """By the beginning of a code or a part of a name. Names are public; what has been granted is told beside each."""
    page = subjects.search(text, scope=request.visitor.scope, after=paging.mark(request))
    live = _live(institution)
    found = [_found(one, live.get(one.id, ())) for one in page.subjects]
    return {
        "found": found,
        "found_words": _found_words(len(found), more=page.after is not None),
        "pager": paging.onwards(request, page.after),
    }


def _granted(request: PageRequest, institution: InstitutionId) -> dict[str, object]:
    here = charges.numbers(Work.ASK, request.visitor.scope)  # of other branches' businesses by search
    live = {
        subject: grants
        for subject, grants in _live(institution).items()
        if here is None or any(grant.id in here for grant in grants)
    }
    page = paging.asked(request)
    end = page * LIVE_SHOWN
    views = subjects.views(list(live)[end - LIVE_SHOWN : end])
    words = ngettext("%(n)d 家企业", "%(n)d 家企业", len(live)) % {"n": len(live)}
    return {
        "waiting": [_found(one, live[one.id]) for one in views],
        "waiting_words": words,
        "pager": paging.numbered(request, page, more=end < len(live)),
    }


def _live(institution: InstitutionId) -> dict[SubjectId, list[GrantView]]:
    """The grants that hold at this moment, by business, the newest first."""
    now = timezone.now()
    live: dict[SubjectId, list[GrantView]] = {}
    for grant in authorisation.grants_to(institution):
        if grant.live(now):
            live.setdefault(grant.subject_id, []).append(grant)
    return live


def _found(subject: SubjectView, grants: Sequence[GrantView]) -> Found:
    today, once = day_of(timezone.now()), {grant.purpose: grant for grant in reversed(grants)}
    allowed = [
        Allowed(g.id, g.purpose, naming.purpose(g.purpose), g.until.isoformat(), wording.days_left(g.until, today))
        for g in once.values()
    ]
    return Found(
        subject.name, subject.uscc, naming.kind(subject.kind), naming.division(subject.division), tuple(allowed)
    )


def _found_words(found: int, *, more: bool) -> str:
    if more:
        return _("先列 %(n)d 家，名称写得多一些会更准") % {"n": found}
    return ngettext("找到 %(n)d 家", "找到 %(n)d 家", found) % {"n": found} if found else _("没有找到")


@never_cache
@only(Role.OFFICER)
def ask_report(request: PageRequest) -> HttpResponse:
    """The one act of these pages: told here and now, receipted, and known to the business."""
    asked = returning.typed(request)
    uscc, purpose = asked.get("uscc", "").strip(), asked.get("purpose", "")
    if request.method != "POST":
        return redirect(f"{reverse('portal:ask')}?{urlencode({'q': uscc})}" if uscc else "portal:ask")
    try:
        told = reports.disclose_report(
            asker=acting_institution(request),
            officer=acting_person(request),
            uscc=uscc,
            purpose=purpose,
            now=timezone.now(),
            key=(key := secrets.token_urlsafe(KEY)),
        )
    except Problem as problem:
        return refused(request, problem, uscc, purpose)
    digest = told.as_json()["receipt"]["report_digest"]
    check = request.build_absolute_uri(verifying.address_to_check(told.report["number"], digest))
    said = {
        "report": reading.page(told.report),
        "digest": digest,
        "check": check,
        "qr": qr.of(check),
        "key": key,
        "offers": papers.offers(),
        "evidence": mark_safe(told.text.translate(IN_A_PAGE)),  # noqa: S308 - JSON without the signs that end it
    }
    return render(request, "portal/institution/report.html", said)


@never_cache
@only(Role.OFFICER)
def download(request: PageRequest) -> HttpResponse:
    """The report that was just read, as a file: decided anew, and no second look while it says the same."""
    if request.method != "POST":
        return redirect("portal:ask")
    uscc, purpose = request.POST.get("uscc", "").strip(), request.POST.get("purpose", "")
    try:
        asked = Asked(
            acting_institution(request), Uscc.parse(uscc), purpose, timezone.now(), officer=acting_person(request)
        )
        key, check = request.POST.get("key", "")[:LONGEST_KEY], papers.check_at(request)
        return papers.handed_out(reports.hand_out_report(asked, papers.asked(request), check=check, key=key))
    except Problem as problem:
        return refused(request, problem, uscc, purpose)


def refused(request: PageRequest, problem: Problem, uscc: str, purpose: str) -> HttpResponse:
    """Which rule, and what would change it. One page for every refusal of the door; others take the usual one."""
    if problem.kind is not Kind.REFUSED:
        return refusals.refused(request, problem)
    said = {
        **refusals.words(problem),
        "uscc": uscc,
        "purpose": naming.purpose(purpose),
        "change": _suspended() if isinstance(problem, AccessSuspended) else _change(problem.type),
    }
    return render(request, "portal/institution/refused.html", said, status=refusals.STATUS[problem.kind])


def _suspended() -> str:
    return _("恢复由平台运营单位办理。暂停的理由和期限写在“查询报告”页的上面。")


def _change(kind: str) -> str:
    """What would open the door; by the stable name of the refusal."""
    match kind:
        case "agreement-not-in-force":
            return _("本机构与平台的共享协议要在有效期内。请联系平台运营单位续签。")
        case "not-party":
            return _("请本机构的管理人员确认您的岗位。")
        case "purpose-mismatch":
            return _("请按企业授权时选的用途查询；要用于别的事，请企业另作授权。")
        case "grant-paused":
            return _("企业暂停了授权。请与企业联系，它恢复以后当时就能查。")
        case "frequency-exhausted":
            return _("企业允许的次数这段时间已经用完，过些时候再查；急用的，请企业另作授权。")
        case _:
            return _("请企业登录平台，在“授权”里选择本机构和用途。授权以后当时就能查。")
