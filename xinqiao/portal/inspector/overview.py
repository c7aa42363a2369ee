"""总览: every institution by its looks, and the operator by its clocks and acts; never what stands in a file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from xinqiao.authorisation.marks import Mark
from xinqiao.language import said
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.oversight import inspections, overview
from xinqiao.oversight.overview import Late, Overseen
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import inspected, marked, naming, objected, wording
from xinqiao.portal.visitors import PageRequest, only
from xinqiao.rights.rules.objections import STATE_TITLES, State

_WORDS: Final[dict[Kind, Callable[[], str]]] = {
    Kind.AGREEMENT_MADE: lambda: _("签订共享协议"),
    Kind.AGREEMENT_ENDED: lambda: _("终止共享协议"),
    Kind.ACCESS_SUSPENDED: lambda: _("暂停接入"),
    Kind.ACCESS_RESUMED: lambda: _("恢复接入"),
    Kind.ROLE_GIVEN: lambda: _("给人岗位"),
    Kind.ROLE_ENDED: lambda: _("收回岗位"),
    Kind.RESET_CONFIRMED: lambda: _("重置登录安全"),
    Kind.DELIVERY_RELEASED: lambda: _("放行暂存的交付"),
    Kind.DELIVERY_WITHDRAWN: lambda: _("不用暂存的交付"),
    Kind.MODEL_ADOPTED: lambda: _("评价模型的一个版本定稿"),
    Kind.MODEL_PROPOSED: lambda: _("提请批准评价模型"),
    Kind.MODEL_APPROVED: lambda: _("批准评价模型"),
    Kind.MODEL_TURNED_DOWN: lambda: _("没有批准评价模型"),
    Kind.MODEL_RETIRED: lambda: _("停用评价模型"),
    Kind.OVERRIDE_PROPOSED: lambda: _("提请人工调整等级"),
    Kind.OVERRIDE_APPROVED: lambda: _("批准人工调整等级"),
    Kind.OVERRIDE_TURNED_DOWN: lambda: _("没有批准人工调整等级"),
    Kind.OVERRIDE_WITHDRAWN: lambda: _("撤销人工调整等级"),
    Kind.GRADE_SHOWN: lambda: _("看企业的评价"),
    Kind.COPY_TRACED: lambda: _("查一份文件是谁的"),
    Kind.OBJECTION_PAUSED: lambda: _("异议暂停计时"),
    Kind.OBJECTION_UPHELD: lambda: _("异议成立"),
    Kind.OBJECTION_REJECTED: lambda: _("异议不成立"),
    Kind.ANNULMENT_CONFIRMED: lambda: _("确认撤下"),
    Kind.ANNULMENT_DECLINED: lambda: _("没有撤下"),
    Kind.INFRINGEMENT_OPENED: lambda: _("立案"),
    Kind.INFRINGEMENT_ESTABLISHED: lambda: _("认定侵权"),
    Kind.INFRINGEMENT_DISMISSED: lambda: _("认定没有侵权"),
    Kind.INFRINGEMENT_REFERRED: lambda: _("移送"),
    Kind.INFRINGEMENT_CLOSED: lambda: _("结案"),
}
LATE: Final = {
    "objections": _l("异议"),
    "annulments": _l("撤下"),
    "repairs": _l("修复"),
    "cases": _l("查处"),
    "mending": _l("检查要求的整改"),
}


@dataclass(frozen=True, slots=True)
class ShownAct:
    what: str
    about: str
    at: datetime
    position: int | None


@only(Role.INSPECTOR)
def overview_of_all(request: PageRequest) -> HttpResponse:
    now = timezone.now()
    rows, behind = overview.institutions(now), overview.late(now)
    told = {
        "rows": [(row, _marks(row)) for row in rows],
        "late": _late(behind),
        "title": _title(rows, behind),
        "escalated": sum(one.open for one in overview.escalated()),
        "pending": inspected.every(inspections.inspections(request.visitor.scope, open_=True), "portal:inspection"),
    }
    return render(request, "portal/inspector/overview.html", told)


@only(Role.INSPECTOR)
def marks_of(request: PageRequest, institution: str) -> HttpResponse:
    """One institution's looks that stand out, by codes and numbers, as operators see them."""
    one = parties.institution(institution)
    told = marked.told(request, one.id, reverse("portal:inspected_marks", args=[one.id]))
    told |= {"name": one.name, "institution": one.id, "new": "portal:inspected_case_new", "back": "portal:overview"}
    return render(request, "portal/operator/marks_of.html", told)


def _marks(row: Overseen) -> list[tuple[str, int]]:
    return [(str(marked.TITLES[mark]), row.looks.marks[mark]) for mark in Mark if row.looks.marks[mark]]


def _late(behind: Late) -> list[tuple[str, str]]:
    counted = {name: getattr(behind, name) for name in LATE}
    most = inspections.PAGE  # no more of one kind are read
    return [(str(LATE[name]), f"{n}+" if n >= most else wording.count(n)) for name, n in counted.items() if n]


def _title(rows: list[Overseen], behind: Late) -> str:
    if behind.total:
        return ngettext("平台有 %(n)d 件超期", "平台有 %(n)d 件超期", behind.total) % {"n": behind.total}
    stopped = sum(row.suspension is not None for row in rows)
    if stopped:
        return ngettext("%(n)d 家机构暂停接入", "%(n)d 家机构暂停接入", stopped) % {"n": stopped}
    return _("平台没有超期的，也没有暂停接入的机构")


@only(Role.INSPECTOR)
def of_the_operator(request: PageRequest) -> HttpResponse:
    """Objections past their twenty days, clocks missed now, and what only operators do, by our numbers of things."""
    behind, acts = overview.late(timezone.now()), overview.acts()
    told = {
        "escalated": [(one, _objected(one.state), naming.source(one.source)) for one in overview.escalated()],
        "terms": objected.terms(),
        "late": _late(behind),
        "acts": [_act(event) for event in acts],
        "counted": Counter(_WORDS[Kind(event.kind)]() for event in acts).most_common(),
    }
    return render(request, "portal/inspector/operator.html", told)


def _objected(state: State) -> str:
    return said(STATE_TITLES[state])


def _act(event: Event) -> ShownAct:
    about = " · ".join(f"{name} {value}" for name, value in event.about.items() if isinstance(value, int | str))
    return ShownAct(_WORDS[Kind(event.kind)](), about, event.at, event.position)
