"""信用修复: what lies with Credit China, what was decided there, and what is not carried out here yet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.parties.rules import Role
from xinqiao.portal import repaired
from xinqiao.portal.visitors import PageRequest, only
from xinqiao.rights import credit_china, repairs


@only(Role.OPERATOR)
def repairs_here(request: PageRequest) -> HttpResponse:
    """Decisions without effect on top: each is a business still held to what was repaired."""
    pending = [repaired.result(one) for one in repairs.not_carried_out()]
    count = len(pending)
    title = ngettext("%(n)d 件修复决定还没有执行", "%(n)d 件修复决定还没有执行", count) % {"n": count}
    told = {
        "pending": pending,
        "title": title if count else _("修复决定都已经执行"),
        "waiting": [repaired.shown(one) for one in repairs.with_the_window()],
        "decided": [repaired.result(one) for one in repairs.newest_results()],
        "simulated": credit_china.window().stand_in is not None,
    }
    return render(request, "portal/operator/repairs.html", told)
