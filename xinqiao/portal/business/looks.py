"""谁看过: every look at my file, by whom, at what, why and when, the same minute. Each has a receipt to keep."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.catalogue.meaning import needs_grant
from xinqiao.disclosure import deferring, kept, pushed, queries, receipts
from xinqiao.disclosure.queries import Look
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import ReceiptNumber, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.oversight import infringements
from xinqiao.oversight.infringements import InfringementView
from xinqiao.parties.rules import Role
from xinqiao.portal import evidence, infringed, naming, paging
from xinqiao.portal.institution import keeping
from xinqiao.portal.visitors import PageRequest, acting_subject, only


@dataclass(frozen=True, slots=True)
class ShownLook:
    """One look in words. `mine` is a look by the business itself."""

    number: ReceiptNumber
    who: str
    what: str
    why: str
    items: str
    grants: tuple[int, ...]
    at: datetime
    mine: bool
    files: tuple[queries.Handed, ...]
    keeping: str
    shared: queries.Shared | None

    @property
    def receipt_url(self) -> str:
        return reverse("portal:look_receipt", args=[self.number])


def shown_all(looks: Sequence[Look]) -> list[ShownLook]:
    """Each with what has become of its term."""
    terms = kept.of_receipts([look.number for look in looks], day_of(timezone.now()))
    return [shown(look, terms.get(look.number)) for look in looks]


def shown(look: Look, term: kept.Kept | None) -> ShownLook:
    return ShownLook(
        number=look.number,
        who=_who(look),
        what=naming.told(look),
        why=_why(look),
        items=_("、").join(naming.item(name) for name in look.items if needs_grant(catalogue.city().item(name)))
        if look.grants
        else "",
        grants=look.grants,
        at=look.told_at,
        mine=look.kind is Kind.OWN_FILE_TOLD,
        files=look.files,
        keeping="" if term is None else keeping.words(term),
        shared=look.shared,
    )


def _who(look: Look) -> str:
    officer = look.officer or look.client
    if look.institution is not None:
        return " · ".join(part for part in (look.institution_name, look.branch_name, officer) if part)
    return officer if look.kind is Kind.OWN_FILE_TOLD else _("平台运营 · %(officer)s") % {"officer": officer}


def _why(look: Look) -> str:
    match look.kind:
        case Kind.OWN_FILE_TOLD:
            return _("本人查询")
        case Kind.GRADE_SHOWN:
            return _("运营核对")
        case Kind.CORRECTION_TOLD:
            return _("告诉它看过的信息有错")
        case _:
            return naming.purpose(look.purpose)


@only(Role.BUSINESS)
def who_looked(request: PageRequest) -> HttpResponse:
    """Others' looks; one's own on request, since they would hide the ones that matter."""
    own, before = request.GET.get("own") == "yes", paging.cursor(request)
    page = queries.who_looked(acting_subject(request), before=ReceiptNumber(before) if before else None, own=own)
    told = {
        "looks": shown_all(page.looks),
        "own": own,
        "title": _title(page.looks, own=own),
        "pager": paging.older(request, page.before),
        "cases": infringed.every(_of_mine(acting_subject(request)), ""),
        "holders": pushed.holders(acting_subject(request)),
        "deferred": [one for one in deferring.counted() if one.waiting],
    }
    return render(request, "portal/business/looked.html", told)


def _of_mine(subject: SubjectId) -> list[InfringementView]:
    """Cases about looks at this business; of a case about several only its own looks are shown."""
    mine = infringements.concerning(subject)
    looks = queries.looks_under([one for case in mine for one in case.receipts])
    of = {look.number for look in looks if look.subject_id == subject}
    return [replace(case, receipts=tuple(one for one in case.receipts if one in of)) for case in mine]


def _title(looks: tuple[Look, ...], *, own: bool) -> str:
    if not looks:
        return _("还没有机构看过")
    if own:
        return _("所有查看记录")
    looks = tuple(look for look in looks if look.kind is not Kind.CORRECTION_TOLD) or looks
    last = looks[0]
    names = {look.institution_name for look in looks if look.institution_name}
    if not names:
        return _("平台运营人员看过等级")
    return ngettext("%(n)d 家机构看过，最近是%(last)s", "%(n)d 家机构看过，最近是%(last)s", len(names)) % {
        "n": len(names),
        "last": last.institution_name or _("平台运营"),
    }


@only(Role.BUSINESS)
def receipt(request: PageRequest, number: int) -> HttpResponse:
    """The evidence of one look at this business; another's is not found."""
    return evidence.as_file(receipts.receipt(number, of=acting_subject(request)), f"xinqiao-receipt-{number}")
