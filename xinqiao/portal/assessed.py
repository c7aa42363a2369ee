"""影响评估 in words: for the operators who write and approve them, and for inspectors."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue, language
from xinqiao.catalogue import assessments as files
from xinqiao.catalogue.schema import Assessment
from xinqiao.parties.assessment_queries import AssessmentView
from xinqiao.portal import naming, wording


def on_file(every: list[AssessmentView], today: date) -> dict[str, Any]:
    """What was decided of institutions and departments, and the city's own of items and purposes."""
    return {
        "decided": [shown(one, today) for one in every if one.decided_at is not None],
        "files": [file(one, today) for one in catalogue.city().assessments.values()],
    }


def shown(one: AssessmentView, today: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.institution_name,
        "purposes": _("、").join(
            [*([_("公共信用评价等级")] if one.grade else []), *map(naming.purpose, sorted(one.purposes))]
        ),
        "items": _covers(one.items, ()),
        "how_many": _how_many(len(one.items)),
        "contents": _contents(one),
        "by": one.assessed_by_name,
        "at": wording.instant(one.assessed_at),
        "decided": one.decided_by_name,
        "again": one.again,
        "state": _state(one, today),
        "good": one.stands(today),
    }


def _how_many(items: int) -> str:
    """As many as a city has, for an institution: their names are opened one assessment at a time."""
    return ngettext("%(n)d 个数据项", "%(n)d 个数据项", items) % {"n": items}


def _covers(items: Any, named: Any) -> str:
    about = [naming.purpose(name) for name in sorted(named)]
    return _("、").join([*about, *(naming.item(name) for name in sorted(items))])


def _contents(one: AssessmentView | Assessment) -> list[tuple[str, str]]:
    """The three of 个人信息保护法 §56."""
    titles = (_("是否合法、正当、必要"), _("对个人权益的影响及安全风险"), _("保护措施"))
    return list(zip(titles, map(language.said, (one.lawful, one.impact, one.measures)), strict=True))


def _state(one: AssessmentView, today: date) -> str:
    if not one.approved:
        return _("等另一位运营人员批准") if one.approved is None else _("没有批准")
    return _("有效") if one.stands(today) else _("该重新评估了")


def file(one: Assessment, today: date) -> dict[str, Any]:
    said = {"by": language.said(one.assessed_by), "on": one.assessed_on, "ok": language.said(one.approved_by)}
    return {
        "title": language.said(one.title),
        "covers": _covers(one.items, one.purposes),
        "contents": _contents(one),
        "who": _("%(by)s 评估，%(on)s；%(ok)s 批准") % said,
        "again": one.again,
        "overdue": files.overdue(one, today),
    }
