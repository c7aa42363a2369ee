"""更正: what the institution was told that turned out wrong since, by numbers and names, without a value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.disclosure import corrected
from xinqiao.disclosure.corrected import Notice
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, paging
from xinqiao.portal.visitors import PageRequest, acting_institution, only

_OUTCOMES: Final = {
    "replaced": ("care", gettext_lazy("已更正")),
    "withdrawn": ("bad", gettext_lazy("已撤下")),
    "repaired": ("bad", gettext_lazy("已修复，停止使用")),
}


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One notice in words. `lines` name the kind of information and where it came from, `reports` those it was in."""

    number: str
    name: str
    uscc: str
    lines: tuple[str, ...]
    reports: tuple[tuple[str, str], ...]
    says: str
    tone: str
    word: str
    at: datetime
    receipt_url: str


def shown(notice: Notice) -> ShownNotice:
    told = notice.said
    tone, word = _OUTCOMES[told["outcome"]]
    return ShownNotice(
        number=told["number"],
        name=told["subject"]["name"],
        uscc=told["subject"]["uscc"],
        lines=tuple(_line(one) for one in told["lines"]),
        reports=tuple(
            (one["number"], reverse("portal:asked_receipt", args=[one["receipt"]])) for one in told["reports"]
        ),
        says=said(told["said"]),
        tone=tone,
        word=str(word),
        at=datetime.fromisoformat(told["generated_at"]),
        receipt_url=reverse("portal:asked_receipt", args=[notice.receipt]),
    )


def _line(told: dict[str, Any]) -> str:
    if "item" not in told:
        return _("评价依据的一条信息")
    where = {"n": told["delivery"], "row": told["line"], "source": naming.source(told["source"])}
    return f"{naming.item(told['item'])} · " + _("%(source)s，交付 %(n)s 第 %(row)s 行") % where


@only(Role.OFFICER)
def corrections(request: PageRequest) -> HttpResponse:
    """The newest first."""
    before = paging.cursor(request)
    found = corrected.newest(acting_institution(request), before=ReceiptNumber(before) if before else None)
    told = {
        "notices": [shown(one) for one in found],
        "title": _("看过的报告里有这些更正") if found else _("没有更正通知"),
        "pager": paging.older(request, found[-1].receipt if len(found) == corrected.PAGE else None),
    }
    return render(request, "portal/institution/corrections.html", told)
