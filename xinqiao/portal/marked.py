"""要留意的查看, in words: for the institution and for the operator alike, who see codes and numbers, not names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinqiao.authorisation import marks
from xinqiao.authorisation.marks import Mark, MarkedLook, Summary
from xinqiao.disclosure.telling import report_number
from xinqiao.kernel.ids import InstitutionId, ReceiptNumber, SubjectId
from xinqiao.portal import naming, paging
from xinqiao.subjects import queries as subjects

TITLES: Final[Mapping[Mark, str | Promise]] = {
    Mark.WITHOUT_CASE: gettext_lazy("没有在办的业务"),
    Mark.AFTER_REFUSAL: gettext_lazy("没有放款以后又看"),
    Mark.BROAD: gettext_lazy("查看面过宽"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind of mark: how many looks bear it, and the address that lists them alone."""

    title: str
    count: int
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class ShownLook:
    receipt: ReceiptNumber
    report: str
    uscc: str
    purpose: str
    at: datetime
    why: tuple[str, ...]


def chosen(request: HttpRequest) -> Mark | None:
    """Which kind of mark the address asks for; nonsense asks for all."""
    said = request.GET.get("mark", "")
    return Mark(said) if said in set(Mark) else None


def told(request: HttpRequest, institution: InstitutionId, address: str) -> dict[str, object]:
    """What a page about one institution's looks needs. `address` is that page's, to which `mark` is added."""
    now, mark, before = timezone.now(), chosen(request), paging.cursor(request)
    found = marks.looks(institution, now, mark=mark, before=ReceiptNumber(before) if before else None)
    summary = marks.summary(institution, now)
    return {
        "summary": summary,
        "title": title(summary),
        "kinds": _kinds(summary, mark, address),
        "looks": _shown(found),
        "pager": paging.older(request, found[-1].receipt if len(found) == marks.PAGE else None),
    }


def title(summary: Summary) -> str:
    said = {"n": summary.never_lent, "all": summary.businesses, "days": summary.days}
    if not summary.businesses:
        return _("近 %(days)d 天没有按授权查看过") % said
    if not summary.never_lent:
        return _("近 %(days)d 天看过的企业都放过款") % said
    return (
        ngettext(
            "近 %(days)d 天看过 %(all)d 家企业，%(n)d 家从未放款",
            "近 %(days)d 天看过 %(all)d 家企业，%(n)d 家从未放款",
            summary.never_lent,
        )
        % said
    )


def _kinds(summary: Summary, here: Mark | None, address: str) -> list[Counted]:
    joint = "&" if "?" in address else "?"
    return [
        Counted(str(TITLES[mark]), summary.marks[mark], f"{address}{joint}mark={mark}", mark is here) for mark in Mark
    ]


def _shown(found: Sequence[MarkedLook]) -> list[ShownLook]:
    codes: dict[SubjectId, str] = {one.id: one.uscc for one in subjects.views({look.subject_id for look in found})}
    return [
        ShownLook(
            look.receipt,
            report_number(look.receipt, look.at),
            codes[look.subject_id],
            naming.purpose(look.purpose),
            look.at,
            tuple(_why(look, mark) for mark in look.marks),
        )
        for look in found
    ]


def _why(look: MarkedLook, mark: Mark) -> str:
    if mark is not Mark.BROAD:
        return str(TITLES[mark])
    return _("打开 %(n)s 项，平时 %(usual)s 项") % {"n": look.opened, "usual": look.usual}
