"""批量推送: what public information the institution subscribes to, and the files that were made of it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.disclosure import pushed, subscribing
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.pushed import FORMS, OrderView, SubscriptionView, Wanted
from xinqiao.disclosure.pushing import NOTHING
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.language import said
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import evidence, naming, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only

LONGEST_NUMBER: Final = 15
LISTS: Final = ("items", "divisions", "industries", "kinds", "sizes")


@only(Role.OFFICER)
def pushes(request: PageRequest) -> HttpResponse:
    """The subscriptions there are with their files, and a form for another."""
    institution = acting_institution(request)
    if request.method == "POST":
        _act(request)
        return redirect("portal:pushes")
    found = [one for one in pushed.of_institution(institution) if one.ended_at is None or one.pushes]
    agreement = parties.agreement_in_force(institution, day_of(timezone.now()))
    told: dict[str, Any] = {
        "subscriptions": [_shown(one) for one in found],
        "title": _("订阅的公开信息") if found else _("还没有订阅公开信息"),
        "purposes": [(name, naming.purpose(name)) for name in sorted(agreement.purposes)] if agreement else [],
        "choices": _choices(catalogue.city()),
        "making": any(one.order is not None and one.order.ended_at is None for one in found),
    }
    return render(request, "portal/institution/pushes.html", told)


def _act(request: PageRequest) -> None:
    """Subscribe; or of a subscription there is, ask for a file or end it."""
    typed = returning.typed(request)
    act, number = typed.get("act", ""), typed.get("subscription", "")
    if act == "begin":
        lists = (tuple(sorted(set(typed.getlist(name)))) for name in LISTS)
        subscribing.begin(_asked(request, typed.get("purpose", "")), Wanted(*lists))
    elif act not in {"full", "changes", "end"} or not number.isdecimal() or len(number) > LONGEST_NUMBER:
        raise FormIncomplete(Saying("请从订阅页面上选择。"))
    elif act == "end":
        subscribing.end(int(number), institution=acting_institution(request), now=timezone.now())
    else:
        subscribing.order(int(number), _asked(request), full=act == "full")


def _asked(request: PageRequest, purpose: str = "") -> Asked:
    return Asked(acting_institution(request), MANY, purpose, timezone.now(), acting_person(request))


def _choices(city: City) -> list[dict[str, Any]]:
    """What can be ticked, in the city's order."""
    sized = subscribing.sized(city)
    divisions = [one for one in city.divisions.values() if one.withdrawn is None and one.code != city.code]
    sections = [one for one in city.industries.values() if one.code == one.section]
    sizes = city.codes[subscribing.SIZES].values if sized else {}
    return [
        _group("items", _("数据项"), ((one.item, naming.item(one.item)) for one in subscribing.open_items(city))),
        _group("divisions", _("区划"), ((one.code, said(one.title)) for one in divisions)),
        _group("industries", _("行业门类"), ((one.code, f"{one.code} {said(one.title)}") for one in sections)),
        _group("kinds", _("主体类型"), ((kind.value, naming.kind(kind)) for kind in SubjectKind)),
        _group("sizes", _("划型"), ((code, said(one.title)) for code, one in sizes.items())),
    ]


def _group(name: str, title: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "title": title, "options": list(options)}


def _shown(one: SubscriptionView) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "items": _("、").join(naming.item(name) for name in one.wanted.items),
        "narrowed": " · ".join(_narrowed(one.wanted)),
        "purpose": naming.purpose(one.purpose),
        "by": one.by,
        "ended": one.ended_at,
        "state": _state(one.order),
        "making": one.order is not None and one.order.ended_at is None,
        "pushes": one.pushes,
    }


def _narrowed(wanted: Wanted) -> list[str]:
    city = catalogue.city()
    sizes = city.codes[subscribing.SIZES].values
    words = [
        _("、").join(naming.division(code) for code in wanted.divisions),
        _("、").join(naming.industry(code) for code in wanted.industries),
        _("、").join(naming.kind(kind) for kind in wanted.kinds),
        _("、").join(said(sizes[code].title) for code in wanted.sizes if code in sizes),
    ]
    return [word for word in words if word] or [_("全市所有主体")]


def _state(order: OrderView | None) -> str:
    if order is None:
        return _("还没有要过文件")
    if order.ended_at is None:
        return _("正在生成：%(done)s / %(of)s 户") % {"done": order.done, "of": order.of or "…"}
    if order.push is not None:
        return ""
    if order.because == NOTHING:
        return _("上一份之后没有变化，没有新文件")
    return _("上一次没有生成：%(why)s") % {"why": order.because}


@only(Role.OFFICER)
def fetch(request: PageRequest, number: int) -> HttpResponseBase:
    """The file in the form asked for, or its receipt."""
    form = request.GET.get("form", "")
    if form not in FORMS:
        return evidence.as_file(pushed.evidence(number, of=acting_institution(request)), f"xinqiao-push-{number}")
    name, media, content = subscribing.fetch(number, form, _asked(request))
    answer = StreamingHttpResponse(subscribing.chunks(content), content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
