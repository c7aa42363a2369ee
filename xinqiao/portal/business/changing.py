"""怎样会变: what repair, time and what could still be shown would make of the grade."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao.disclosure import own_prospects
from xinqiao.evaluation.prospects import Change, Then, Way
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import graded
from xinqiao.portal.templatetags.words import day
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only


@dataclass(frozen=True, slots=True)
class Line:
    """What happens, what the grade would be, and where something can be done about it."""

    what: str
    then: str
    better: bool
    url: str = ""


@never_cache
@only(Role.BUSINESS)
def my_changes(request: PageRequest) -> HttpResponse:
    """Each by itself: the others stay as they are."""
    found = own_prospects.changes(subject_id=acting_subject(request), person=acting_person(request), now=timezone.now())
    lines = {way: [_line(one, found.now) for one in found.changes if one.way is way] for way in Way}
    told = {
        "now": graded.words(found.now),
        "on": found.on,
        "repairs": lines[Way.REPAIR],
        "times": lines[Way.TIME],
        "shows": lines[Way.SHOW],
    }
    return render(request, "portal/business/changes.html", told)


def _line(change: Change, now: Then) -> Line:
    better = (change.then.score or 0) > (now.score or 0)
    return Line(_what(change), graded.words(change.then), better, _url(change))


def _what(change: Change) -> str:
    about = _("、").join(said(one) for one in change.about)
    match change.way:
        case Way.REPAIR if len(change.facts) > 1:
            some = ngettext("这 %(n)s 条都修复", "这 %(n)s 条都修复", len(change.facts))
            return some % {"n": len(change.facts)}
        case Way.TIME:
            return _("到 %(on)s，别的都不变：%(about)s") % {"on": day(change.on), "about": about}
        case _:
            return about


def _url(change: Change) -> str:
    return reverse("portal:repair_line", args=change.facts) if len(change.facts) == 1 else ""
