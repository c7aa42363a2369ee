"""保存期限: until when the institution may keep what it was told; attesting that it is gone, or why it is not."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import keeping, kept
from xinqiao.disclosure.keeping import Attested
from xinqiao.disclosure.kept import How, Kept, State
from xinqiao.disclosure.telling import report_number
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import wording
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only
from xinqiao.subjects import queries as subjects

SHOWN: Final = 100
LAW_LONGEST: Final = keeping.LAW_LONGEST


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """One telling and its term, in words."""

    receipt: int
    report: str
    institution: str
    name: str
    uscc: str
    until: date
    left: str
    overdue: bool


def shown(found: list[Kept], today: date) -> list[ShownTerm]:
    names = {view.id: view for view in subjects.views({one.subject_id for one in found})}
    return [
        ShownTerm(
            one.receipt,
            report_number(one.receipt, one.told_at),
            one.institution_name,
            names[one.subject_id].name,
            names[one.subject_id].uscc,
            one.until,
            _("逾期 %(n)d 天") % {"n": (today - one.until).days}
            if one.until < today
            else wording.days_left(one.until, today),
            one.until < today,
        )
        for one in found
    ]


def words(one: Kept) -> str:
    """How one telling stands, for the business it is about."""
    match one.state:
        case State.DELETED:
            return _("已证明删除")
        case State.RETAINED:
            return _("已停用，依法保留：%(law)s") % {"law": one.law}
        case State.OVERDUE:
            return _("应在 %(until)s 前删除，逾期没有证明") % {"until": one.until}
        case _:
            return _("最多保存到 %(until)s") % {"until": one.until}


@only(Role.OFFICER)
def terms(request: PageRequest) -> HttpResponse:
    """The most urgent first; attested ones are gone from here."""
    fault = ""
    if request.method == "POST":
        try:
            _attest(request)
        except Problem as problem:
            fault = said(problem.detail) or said(problem.title)
        else:
            return redirect("portal:terms")
    today = day_of(timezone.now())
    listed = shown(kept.outstanding(acting_institution(request), size=SHOWN), today)
    told = {"terms": listed, "title": _title(listed), "fault": fault, "said": request.POST, "longest": LAW_LONGEST}
    return render(request, "portal/institution/terms.html", told)


def _attest(request: PageRequest) -> None:
    numbers = [ReceiptNumber(int(number)) for number in request.POST.getlist("receipt") if number.isdecimal()]
    how = How.RETAINED if request.POST.get("how") == How.RETAINED else How.DELETED
    law = request.POST.get("law", "") if how is How.RETAINED else ""
    keeping.attest_in_person(
        Attested(numbers, how, law), of=acting_institution(request), person=acting_person(request), now=timezone.now()
    )


def _title(listed: list[ShownTerm]) -> str:
    late = sum(one.overdue for one in listed)
    if late:
        return ngettext("%(n)d 份已过保存期限", "%(n)d 份已过保存期限", late) % {"n": late}
    return _("没有过期的") if listed else _("没有要到期的")
