"""The few places each role has, five at most so that they fit a thumb."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinqiao.kernel.city_time import day_of
from xinqiao.language import said
from xinqiao.parties import branch_queries
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role, Scope
from xinqiao.portal import naming


@dataclass(frozen=True, slots=True)
class Tab:
    title: str | Promise
    url: str
    picture: str
    here: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """One role a person may act in. `key` names it in the session; `title` says where, `role` as what."""

    key: str
    scope: Scope
    title: str
    role: str | Promise


HOMES: Final = {
    Role.BUSINESS: "portal:my_home",
    Role.OFFICER: "portal:ask",
    Role.PROVIDER: "portal:due",
    Role.OPERATOR: "portal:health",
    Role.INSPECTOR: "portal:overview",
    Role.ADMINISTRATOR: "portal:staff",
    Role.ASSOCIATE: "portal:our_association",
}

DESKS: Final = {
    Role.BUSINESS: _("企业"),
    Role.OFFICER: _("机构工作台"),
    Role.PROVIDER: _("信息提供单位"),
    Role.OPERATOR: _("平台运营"),
    Role.INSPECTOR: _("检查"),
    Role.ADMINISTRATOR: _("单位管理"),
    Role.ASSOCIATE: _("行业协会商会"),
}

_TABS: Final[dict[Role, tuple[tuple[str | Promise, str, str], ...]]] = {
    Role.BUSINESS: (
        (_("我的"), "portal:my_home", "home"),
        (_("档案"), "portal:my_file", "file"),
        (_("评价"), "portal:my_grade", "bars"),
        (_("授权"), "portal:my_grants", "grant"),
        (_("谁看过"), "portal:who_looked", "eye"),
    ),
    Role.OFFICER: (
        (_("查询报告"), "portal:ask", "file"),
        (_("我查过的"), "portal:asked", "list"),
        (_("保存期限"), "portal:terms", "home"),
        (_("更正"), "portal:corrections", "pause"),
        (_("消息"), "portal:news", "home"),
    ),
    Role.PROVIDER: (
        (_("要报送的"), "portal:due", "home"),
        (_("报送"), "portal:upload", "up"),
        (_("报送记录"), "portal:deliveries", "list"),
        (_("异议"), "portal:asked_objections", "pause"),
    ),
    Role.OPERATOR: (
        (_("运行"), "portal:health", "bars"),
        (_("交付"), "portal:all_deliveries", "list"),
        (_("暂存待核"), "portal:held", "pause"),
        (_("异议"), "portal:objections", "grant"),
        (_("追踪"), "portal:trace", "eye"),
    ),
    Role.INSPECTOR: (
        (_("总览"), "portal:overview", "bars"),
        (_("查处"), "portal:inspected_cases", "list"),
        (_("检查"), "portal:inspections", "file"),
        (_("投诉"), "portal:complaints_above", "pause"),
        (_("平台"), "portal:inspected_operator", "home"),
    ),
    Role.ADMINISTRATOR: (
        (_("人员与网点"), "portal:staff", "home"),
        (_("请人"), "portal:invite_colleague", "up"),
        (_("协议与承诺"), "portal:our_agreement", "grant"),
    ),
    Role.ASSOCIATE: ((_("协会"), "portal:our_association", "home"),),
}


def desk(scope: Scope) -> Desk:
    role = scope.role
    title = place(scope)
    return Desk(f"{role}:{scope.organisation}:{scope.zone}", scope, title, DESKS[role] if role else "")


def place(scope: Scope) -> str:
    """The organisation a person acts for, by its name today, and at which branch."""
    named = _organisation(scope)
    return named if scope.branch is None else f"{named} · {branch_queries.names()[scope.branch]}"


def _organisation(scope: Scope) -> str:
    if scope.institution:
        return parties.institution(scope.institution).name
    if scope.source:
        return naming.source(scope.source)
    if scope.organisation:
        return said(branch_queries.organisation(scope.organisation, on=day_of(timezone.now())).name)
    return naming.city() if scope.role in {Role.OPERATOR, Role.INSPECTOR} else ""


def tabs(role: Role | None, path: str) -> list[Tab]:
    """The places of a role; the longest address that the path begins with is where we are."""
    if role not in _TABS:
        return []
    places = [(title, reverse(name), f"portal/pictures/{picture}.svg") for title, name, picture in _TABS[role]]
    here = max((url for _, url, _ in places if path.startswith(url)), key=len, default="")
    return [Tab(title, url, picture, url == here) for title, url, picture in places]


def home_of(role: Role | None) -> str:
    """Where a person who signs in lands; who has no role here yet, at what can be done about that."""
    return reverse(HOMES.get(role, "portal:account") if role else "portal:account")
