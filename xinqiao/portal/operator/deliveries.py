"""交付: every source's deliveries, the newest first; counts and reasons, no rows."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.intake import queries
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.parties.rules import Role
from xinqiao.portal import delivered, naming, paging
from xinqiao.portal.provider.results import result
from xinqiao.portal.visitors import PageRequest, only


@only(Role.OPERATOR)
def deliveries(request: PageRequest) -> HttpResponse:
    """Filters stay in the address."""
    city, page = catalogue.city(), paging.asked(request)
    chosen = {"source": request.GET.get("source", ""), "item": request.GET.get("item", "")}
    views = queries.deliveries(request.visitor.scope, page=page, **chosen)
    told = {
        "deliveries": delivered.rows(views, "portal:one_delivery"),
        "sources": [(name, naming.source(name)) for name in city.sources],
        "items": [(item.item, naming.item(item.item)) for item in city.delivered_items()],
        "chosen": chosen,
        "title": _("最近的交付") if views else _("还没有交付"),
        "pager": paging.numbered(request, page, more=len(views) == queries.PAGE),
    }
    return render(request, "portal/operator/deliveries.html", told)


@only(Role.OPERATOR)
def delivery(request: PageRequest, number: int) -> HttpResponse:
    """One delivery as its source sees it, without the values of its rows."""
    view = queries.delivery(DeliveryNumber(number), scope=request.visitor.scope)
    shown = result(view, reverse("portal:one_delivery", args=[number]), with_values=False)
    told = {"delivery": shown, "operator": True, "done": request.GET.get("done", "")}
    return render(request, "portal/operator/delivery.html", told)
