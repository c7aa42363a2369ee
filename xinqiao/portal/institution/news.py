"""消息: what happened that concerns the institution, in words, and where its programs are called with the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.ids import GrantId
from xinqiao.kernel.sayings import Saying
from xinqiao.notices import queries, sending, webhooks
from xinqiao.notices.queries import CallView, WebhookView
from xinqiao.notices.rules import DISABLED_AFTER, News
from xinqiao.notices.webhooks import Registered
from xinqiao.parties.rules import Role
from xinqiao.portal import paging, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only
from xinqiao.subjects import queries as subjects

SHOWN: Final = 50
LONGEST_NUMBER: Final = 15
WORDS: Final[dict[str, Callable[[], str]]] = {
    News.GRANT_ASKED: lambda: _("已向企业请求授权"),
    News.GRANT_GIVEN: lambda: _("企业给了授权"),
    News.GRANT_DECLINED: lambda: _("企业没有同意"),
    News.GRANT_PAUSED: lambda: _("企业暂停了授权"),
    News.GRANT_RESUMED: lambda: _("企业恢复了授权"),
    News.GRANT_REVOKED: lambda: _("企业撤回了授权"),
    News.GRANT_EXPIRED: lambda: _("授权到期"),
    News.GRANT_EXHAUSTED: lambda: _("授权的次数用完了"),
    News.AGREEMENT_MADE: lambda: _("协议生效"),
    News.AGREEMENT_ENDED: lambda: _("协议终止"),
    News.ACCESS_SUSPENDED: lambda: _("平台暂停了接入"),
    News.ACCESS_RESUMED: lambda: _("接入已恢复"),
    News.INFRINGEMENT_OPENED: lambda: _("平台对本机构立案"),
    News.INFRINGEMENT_DECIDED: lambda: _("查处案件有了认定"),
    News.CORRECTION_WAITING: lambda: _("看过的信息有更正"),
    News.LINE_DISPUTED: lambda: _("看过的一条信息有异议"),
    News.LINE_SETTLED: lambda: _("看过的一条信息异议已办结"),
    News.LINE_REPAIRED: lambda: _("看过的一条信息已修复，请不要再使用"),
    News.WATCH_NEWS: lambda: _("持续关注的企业有变化，请用系统取"),
    News.PUSH_READY: lambda: _("订阅的公开信息文件做好了"),
    News.WEBHOOK_REGISTERED: lambda: _("登记了通知地址"),
    News.WEBHOOK_DISABLED: lambda: _("通知地址连续失败，已停发"),
}
FAULTS: Final[dict[str, Callable[[], str]]] = {
    "address-refused": lambda: _("域名解析到不允许的地址"),
    "unreachable": lambda: _("连不上"),
    "too-slow": lambda: _("太慢"),
    "too-large": lambda: _("回答太长"),
}


@dataclass(frozen=True, slots=True)
class ShownEvent:
    number: int
    says: str
    about: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownCall:
    number: int
    at: datetime
    says: str
    received: bool
    millis: int


@only(Role.OFFICER)
def news(request: PageRequest) -> HttpResponse:
    """The newest first."""
    institution, before = acting_institution(request), paging.cursor(request)
    found = queries.newest(institution, before=before, size=SHOWN)
    oldest = found[-1]["data"]["number"] if len(found) == SHOWN else None
    told = {
        "events": [_shown(one) for one in found],
        "title": _("最近的消息") if found else _("还没有消息"),
        "pager": paging.older(request, oldest),
        "failing": [one for one in queries.webhooks(institution) if one.state == "disabled"],
    }
    return render(request, "portal/institution/news.html", told)


def _shown(event: Mapping[str, Any]) -> ShownEvent:
    data = event["data"]
    at = datetime.fromisoformat(event["time"])
    return ShownEvent(data["number"], WORDS[event["type"]](), _about(data), _where(data), at)


def _about(data: Mapping[str, Any]) -> str:
    """Whom a grant is of; the institution is a party to it."""
    grant = authorisation.grant(GrantId(data["grant"])) if "grant" in data else None
    if grant is None:
        return ""
    [subject] = subjects.views([grant.subject_id])
    return f"{subject.name} · " + _("授权书 %(n)s") % {"n": grant.id}


def _where(data: Mapping[str, Any]) -> str:
    if "webhook" in data:
        return reverse("portal:webhook", args=[data["webhook"]])
    if "infringement" in data:
        return reverse("portal:our_case", args=[data["infringement"]])
    if "push" in data:
        return reverse("portal:pushes")
    return reverse("portal:corrections") if "receipt" in data else ""


@only(Role.OFFICER)
def all_webhooks(request: PageRequest) -> HttpResponse:
    """Those there are, and a form for another."""
    institution, secret = acting_institution(request), None
    if request.method == "POST":
        url = returning.typed(request).get("url", "").strip()
        if not url:
            raise FormIncomplete(Saying("请填写地址。"))
        secret = webhooks.register(institution=institution, url=url, by=acting_person(request), now=timezone.now())
    found = queries.webhooks(institution)
    told = {
        "webhooks": [(one, _state(one)) for one in found],
        "secret": secret,
        "title": _("通知地址") if found else _("还没有登记通知地址"),
        "most": webhooks.MOST,
    }
    return render(request, "portal/institution/webhooks.html", told)


@only(Role.OFFICER)
def webhook(request: PageRequest, number: int) -> HttpResponse:
    """One of them: how it stands, what became of the calls; its secret changed, ended, taken up again, replayed."""
    institution, secret = acting_institution(request), None
    if request.method == "POST":
        secret = _act(request, number)
        if secret is None:
            return redirect("portal:webhook", number)
    view = queries.webhook(number, institution)
    told = {
        "webhook": view,
        "state": _state(view),
        "secret": secret,
        "calls": [_call(one) for one in queries.calls(number, institution, SHOWN)],
        "days": DISABLED_AFTER.days,
    }
    return render(request, "portal/institution/webhook.html", told)


def _act(request: PageRequest, number: int) -> Registered | None:
    """What the button says; a new secret where there is one to show."""
    institution, by, now = acting_institution(request), acting_person(request), timezone.now()
    said = returning.typed(request)
    match said.get("act"):
        case "rotate":
            return webhooks.rotate(number, institution=institution, by=by, now=now)
        case "resume":
            webhooks.resume(number, institution=institution, by=by, now=now)
        case "end":
            webhooks.end(number, institution=institution, by=by, now=now)
        case "replay":
            sending.replay(_number(said.get("event", "")), number, institution=institution, now=now)
    return None


def _number(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER):
        raise FormIncomplete(Saying("请填写消息的编号。"))
    return int(text)


def _state(one: WebhookView) -> tuple[str, str]:
    words = {"live": (_("正常"), "good"), "disabled": (_("已停发"), "bad"), "ended": (_("已停用"), "")}
    return (_("正在失败"), "care") if one.state == "live" and one.failing_since else words[one.state]


def _call(one: CallView) -> ShownCall:
    says = FAULTS[one.fault]() if one.fault else str(one.status)
    return ShownCall(one.number, one.at, says, one.received, one.millis)
