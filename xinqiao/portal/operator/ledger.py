"""日志核对 on the page: the last result, and a new one on request."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.ledger import queries
from xinqiao.parties.rules import Role
from xinqiao.portal import wording
from xinqiao.portal.models import LogCheck
from xinqiao.portal.operator import checks
from xinqiao.portal.visitors import PageRequest, acting_person, only

NAMED = 200  # rows on the page; the command line names them all


@only(Role.OPERATOR)
def ledger(request: PageRequest) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        checks.ask(by=acting_person(request), now=now)
        return redirect("portal:ledger")
    last, running = checks.last(), checks.under_way(now) is not None
    told = {
        "running": running,
        "title": _("正在核对") if running else _title(last),
        "under": _under(last),
        "report": _report(last),
        "checkpoint": queries.checkpoint(),
    }
    return render(request, "portal/operator/ledger.html", told)


def _title(last: LogCheck | None) -> str:
    if last is None or last.report is None:
        return _("还没有核对过")
    if last.report["sound"]:
        return _("每一行都与日志一致")
    wrong = len(last.report["found"]) + last.report["unnamed"]
    return ngettext("%(n)d 处与日志不一致", "%(n)d 处与日志不一致", wrong) % {"n": wrong}


def _under(last: LogCheck | None) -> str:
    if last is None or last.report is None or last.done_at is None:
        return _("核对会把每张受保护的表逐行与日志比对，找出绕过程序的改动。")
    rows = sum(last.report["tables"].values())
    said = {
        "at": wording.instant(last.done_at),
        "size": wording.count(last.report["size"]),
        "rows": wording.count(rows),
    }
    return _("%(at)s 核对，日志 %(size)s 条，表中 %(rows)s 行") % said


def _report(last: LogCheck | None) -> dict[str, Any] | None:
    if last is None or last.report is None:
        return None
    words = {
        "altered": _("被改动"),
        "added": _("被添加"),
        "removed": _("被删除"),
        "rolled-back": _("被回退"),
        "unguarded": _("保护被拆除"),
        "unreadable": _("无法读完"),
        "unregistered": _("没有登记核对办法"),
    }
    found = [{**one, "word": words.get(one["what"], one["what"])} for one in last.report["found"][:NAMED]]
    return {"found": found, "tables": sorted(last.report["tables"].items())}
