"""电话核实: the papers that were drawn, to be asked about by phone; what the call came to is written down here."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinqiao.authorisation import calling, paper_queries
from xinqiao.authorisation.paper_queries import Call
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.rules import Role
from xinqiao.portal import on_paper, refusals
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only

TITLES: Final[dict[Call, str | Promise]] = {
    Call.CONFIRMED: gettext_lazy("确实签过"),
    Call.DENIED: gettext_lazy("没有签过"),
    Call.UNREACHED: gettext_lazy("没有打通"),
}


@only(Role.OPERATOR)
def calls(request: PageRequest) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            _record(request)
        except Problem as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
        else:
            return redirect("portal:calls")
    waiting = paper_queries.calls()
    n = len(waiting)
    told = {
        "waiting": on_paper.shown(waiting),
        "called": on_paper.shown(paper_queries.called()),
        "outcomes": [(call, str(title)) for call, title in TITLES.items()],
        "title": ngettext("%(n)d 份纸质授权等电话核实", "%(n)d 份纸质授权等电话核实", n) % {"n": n}
        if n
        else _("没有等电话核实的"),
        "fault": fault,
    }
    return render(request, "portal/operator/calls.html", told, status=400 if fault else 200)


def _record(request: PageRequest) -> None:
    said = request.POST
    if said.get("call") not in set(Call) or not said.get("paper", "").isdecimal():
        raise FormIncomplete(Saying("请选择电话核实的结果。"))
    by, now = acting_person(request), timezone.now()
    calling.record(int(said["paper"]), Call(said["call"]), note=said.get("note", ""), by=by, now=now)
