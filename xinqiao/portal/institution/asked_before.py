"""我查过的: what the institution was told, with the receipt of each. The reports themselves are not kept here."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.disclosure import copies, queries, receipts
from xinqiao.disclosure.telling import report_number
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.parties.rules import Role
from xinqiao.portal import evidence, naming, paging
from xinqiao.portal.visitors import PageRequest, acting_institution, only, within_reach
from xinqiao.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class Asked:
    number: ReceiptNumber
    what: str
    report: str
    name: str
    uscc: str
    purpose: str
    officer: str
    at: datetime
    files: tuple[queries.Handed, ...]

    @property
    def receipt_url(self) -> str:
        return reverse("portal:asked_receipt", args=[self.number])


@only(Role.OFFICER)
def asked(request: PageRequest) -> HttpResponse:
    """The newest first; the report itself is with whoever asked for it."""
    before = paging.cursor(request)
    since = ReceiptNumber(before) if before else None
    page = queries.looks_of(acting_institution(request), within=within_reach(request), before=since)
    known = {view.id: view for view in subjects.views({look.subject_id for look in page.looks})}
    shown = [
        Asked(
            look.number,
            naming.told(look),
            report_number(look.number, look.told_at),
            known[look.subject_id].name,
            known[look.subject_id].uscc,
            naming.purpose(look.purpose),
            " · ".join(part for part in (look.branch_name, look.officer or look.client) if part),
            look.told_at,
            look.files,
        )
        for look in page.looks
    ]
    title = _("本机构查过的报告") if shown else _("本机构还没有查过报告")
    told = {"reports": shown, "title": title, "pager": paging.older(request, page.before)}
    return render(request, "portal/institution/asked.html", told)


@only(Role.OFFICER)
def file_receipt(request: PageRequest, number: int) -> HttpResponse:
    """The evidence of one file this institution was handed; another's is not found."""
    return evidence.as_file(copies.evidence(number, of=acting_institution(request)), f"xinqiao-document-{number}")


@only(Role.OFFICER)
def receipt(request: PageRequest, number: int) -> HttpResponse:
    """The evidence of one telling to this institution; another's is not found."""
    told = receipts.receipt(number, of=acting_institution(request), within=within_reach(request))
    return evidence.as_file(told, f"xinqiao-receipt-{number}")
