"""暂存待核: a full list that lost too much at once waits for a person who has asked the source."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.intake import held as deciding
from xinqiao.intake import queries
from xinqiao.intake.errors import NotHeld
from xinqiao.intake.rules.states import State
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.parties.rules import Role
from xinqiao.portal import delivered, paging, returning
from xinqiao.portal.provider.results import result
from xinqiao.portal.visitors import PageRequest, acting_person, only

SHORTEST_REASON = 4
LONGEST_REASON = 500


@only(Role.OPERATOR)
def held(request: PageRequest) -> HttpResponse:
    page, count = paging.asked(request), queries.how_many(request.visitor.scope, state=State.HELD)
    views = queries.deliveries(request.visitor.scope, state=State.HELD, page=page)
    title = ngettext("%(n)d 份等您核实", "%(n)d 份等您核实", count) % {"n": count}
    told = {
        "deliveries": delivered.rows(views, "portal:decide"),
        "title": title if count else _("没有暂存的交付"),
        "pager": paging.numbered(request, page, more=page * queries.PAGE < count),
    }
    return render(request, "portal/operator/held.html", told)


@only(Role.OPERATOR)
def decide(request: PageRequest, number: int) -> HttpResponse:
    """Released or withdrawn, with the reason that goes into the log's act."""
    view = queries.delivery(DeliveryNumber(number), scope=request.visitor.scope)
    if view.state is not State.HELD:
        raise NotHeld(number)
    typed = returning.typed(request)
    said = {"decision": typed.get("decision", ""), "reason": typed.get("reason", "").strip()}
    fault = _fault(said) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        act = deciding.release if said["decision"] == "release" else deciding.withdraw
        act(view.number, because=said["reason"][:LONGEST_REASON], by=acting_person(request), now=timezone.now())
        done = said["decision"]
        return redirect(f"{reverse('portal:one_delivery', args=[number])}?done={done}")
    shown = result(view, reverse("portal:decide", args=[number]), with_values=False)
    told = {"delivery": shown, "said": said, "fault": fault}
    return render(request, "portal/operator/decide.html", told, status=400 if fault else 200)


def _fault(said: dict[str, str]) -> str:
    if said["decision"] not in {"release", "withdraw"}:
        return _("请选择放行还是不用。")
    return _("请写明理由。") if len(said["reason"]) < SHORTEST_REASON else ""
