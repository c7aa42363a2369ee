"""入驻申请, as its applicant and the operators read it."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.language import said
from xinqiao.parties import purposes
from xinqiao.parties.application_queries import ApplicationView
from xinqiao.parties.applying import Applied
from xinqiao.parties.rules import APPLICATION_TITLES, KIND_TITLES, ApplicationState, InstitutionKind
from xinqiao.portal import naming

FIELDS = ("name", "uscc", "kind", "licence", "contact", "county", "why", "administrator")
_TONES = {
    ApplicationState.MADE: "brand",
    ApplicationState.ASKED: "care",
    ApplicationState.PROPOSED: "care",
    ApplicationState.ADMITTED: "good",
    ApplicationState.REFUSED: "bad",
}


def applied(form: QueryDict) -> Applied:
    """What the form says, as it was typed."""
    items, named = frozenset(form.getlist("items")), frozenset(form.getlist("purposes"))
    typed = {name: form.get(name, "") for name in FIELDS}
    return Applied(items=items, purposes=named, **typed)


def choices() -> dict[str, Any]:
    city = catalogue.city()
    return {
        "kinds": [(str(kind), said(title)) for kind, title in KIND_TITLES.items()],
        "counties": [(one.code, said(one.title)) for one in city.divisions.values() if one.withdrawn is None],
        "purposes": [(one.purpose, naming.purpose(one.purpose)) for one in purposes.purposes().values()],
        "items": [(one.item, naming.item(one.item)) for one in city.whole_items()],
    }


def answers(one: Applied | ApplicationView) -> list[tuple[str, str]]:
    """What was said, to be read over."""
    kind, city = InstitutionKind(one.kind), catalogue.city()
    told = [
        (_("单位名称"), one.name),
        (_("统一社会信用代码"), one.uscc),
        (_("哪类单位"), said(KIND_TITLES[kind])),
        (_("许可证号码"), one.licence),
        (_("联系方式"), one.contact),
        (_("在哪里"), said(city.divisions[one.county].title)),
        (_("要查的数据项"), _("、").join(naming.item(name) for name in sorted(one.items))),
        (_("用途"), _("、").join(naming.purpose(name) for name in sorted(one.purposes))),
        (_("为什么"), one.why),
        (_("谁来签字、管人"), one.administrator),
    ]
    return [(title, text) for title, text in told if text]


def shown(one: ApplicationView) -> dict[str, Any]:
    return {
        "view": one,
        "kind": said(KIND_TITLES[one.kind]),
        "state": said(APPLICATION_TITLES[one.state]),
        "tone": _TONES.get(one.state, ""),
        "answers": answers(one),
        "late": one.waits and one.due < day_of(timezone.now()),
        "made": one.state is ApplicationState.MADE,
        "asked": one.state is ApplicationState.ASKED,
        "proposed": one.state is ApplicationState.PROPOSED,
        "admitted": one.state is ApplicationState.ADMITTED,
    }
