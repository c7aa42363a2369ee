"""我的: what the platform holds on me, how it is graded, and what needs me. Each page is a telling like any other: the
door opens for it, and it stands in the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao.authorisation import mandate_queries, person_queries
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.rules import State
from xinqiao.disclosure import own_prospects, queries
from xinqiao.disclosure.own_file import own_file
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.language import said
from xinqiao.oversight import complaints, incidents, infringements
from xinqiao.parties.rules import Role
from xinqiao.portal import (
    committed,
    complained,
    delegated,
    graded,
    infringed,
    naming,
    objected,
    papers,
    showing,
    wording,
)
from xinqiao.portal.business import grants, looks, presenting
from xinqiao.portal.institution import reading
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.rights import commitments

Json = Mapping[str, Any]
LOOKS_AT_HOME: Final = 3
SOON: Final = 14  # days before its end that a grant is mentioned, and after it came on paper


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that needs the business: what, why, and the one thing to do about it."""

    says: str
    because: str
    url: str
    act: str


@dataclass(frozen=True, slots=True)
class Me:
    name: str
    uscc: str
    kind: str


def _told(request: PageRequest) -> Json:
    report: Json = own_file(
        subject_id=acting_subject(request), person=acting_person(request), now=timezone.now()
    ).report
    return report


def _me(report: Json) -> Me:
    subject = report["subject"]
    return Me(subject["name"], subject["uscc"], naming.kind(subject["kind"]))


@never_cache
@only(Role.BUSINESS)
def my_home(request: PageRequest) -> HttpResponse:
    """The grade, what needs me, who looked most recently, whom I let look."""
    report, subject = _told(request), acting_subject(request)
    families = showing.families(report["families"], report["subject"]["uscc"])
    given = [grants.shown(grant) for grant in authorisation.grants_of(subject)]
    live = [grant for grant in given if grant.live]
    page = queries.who_looked(subject, own=False)
    told = {
        "me": _me(report),
        "grade": graded.shown(report["grade"]) if report["grade"] else None,
        "no_grade": graded.absent(report["grade_state"]),
        "todo": [
            *_asked(given),
            *_prepared(given, acting_person(request)),
            *_incidents(subject),
            *_standing_still(live),
            *_watched_over(subject),
            *_complaints_answered(subject),
            *_on_paper(live),
            *_in_person(request),
            *_said_broken(request),
            *_against_me(families),
            *_ending(live),
            *_of_people(request),
        ],
        "looks": looks.shown_all(page.looks[:LOOKS_AT_HOME]),
        "looked_total": f"{len(page.looks)}{'+' if page.before else ''}",
        "grants": live,
        "people": [delegated.mandate(one) for one in mandate_queries.of_subject(subject, timezone.now())],
    }
    return render(request, "portal/business/home.html", told)


def _asked(given: list[grants.ShownGrant]) -> list[ToDo]:
    """Who asks me for a grant; answering is one page away."""
    return [
        ToDo(
            _("%(to)s请您授权") % {"to": grant.to},
            _("%(purpose)s · %(at)s 提出") % {"purpose": grant.purpose, "at": grant.asked_at},
            grant.url,
            _("去看"),
        )
        for grant in given
        if grant.waiting
    ]


def _prepared(given: list[grants.ShownGrant], me: PersonId) -> list[ToDo]:
    """What waits for the second of two people, and for whom."""
    return [
        ToDo(
            _("给%(to)s的授权在等另一个人确认") % {"to": grant.to}
            if grant.preparer == me
            else _("给%(to)s的授权等您确认") % {"to": grant.to},
            _("%(by)s 于 %(at)s 准备") % {"by": grant.prepared_by, "at": grant.prepared_at},
            grant.url,
            _("去看"),
        )
        for grant in given
        if grant.prepared
    ]


def _said_broken(request: PageRequest) -> list[ToDo]:
    """A commitment somebody says was broken: the business is heard first, until a day."""
    given = [one for one in commitments.commitments_of(acting_subject(request)) if one.breach is not None]
    shown = [committed.shown(one, "portal:my_commitment") for one in given]
    return [
        ToDo(
            _("有人说“%(title)s”没有做到") % {"title": one.title},
            _("说明的期限 %(due)s") % {"due": one.breach.clock.due},
            one.url,
            _("去说明"),
        )
        for one in shown
        if one.breach is not None and one.breach.proposed and not one.breach.answer
    ]


def _standing_still(live: list[grants.ShownGrant]) -> list[ToDo]:
    """Grants that open nothing because the platform has suspended their institution's access."""
    return [
        ToDo(_("给%(to)s的授权现在不起作用") % {"to": grant.to}, grant.still, grant.url, _("去看"))
        for grant in live
        if grant.still
    ]


def _watched_over(subject: SubjectId) -> list[ToDo]:
    """What came lately of a case against an institution that had looked at me."""
    lately = timezone.now() - timedelta(days=SOON)
    return [
        ToDo(
            _("对%(to)s看您信息的查处有了结果") % {"to": one.view.institution_name},
            one.word,
            f"{reverse('portal:who_looked')}#h-cases",
            _("去看"),
        )
        for one in infringed.every(infringements.concerning(subject), "")
        if one.view.decided_at is not None and one.view.decided_at > lately
    ]


def _complaints_answered(subject: SubjectId) -> list[ToDo]:
    lately = timezone.now() - timedelta(days=SOON)
    found = [(one, one.ended_at or one.answered_at) for one in complaints.complaints_of(subject) if not one.waiting]
    return [
        ToDo(
            _("您的投诉有了答复"),
            _("%(whom)s · %(at)s 答复") % {"whom": complained.shown(one).whom, "at": wording.instant(at)},
            reverse("portal:my_complaint", args=[one.number]),
            _("去看"),
        )
        for one, at in found
        if at is not None and at > lately
    ]


def _incidents(subject: SubjectId) -> list[ToDo]:
    """What happened to my information, until it has been read."""
    return [
        ToDo(
            _("您的信息出了安全事件"),
            _("%(at)s 通知；里面有您可以采取的措施") % {"at": wording.instant(one.approved_at or one.reported_at)},
            reverse("portal:my_incident", args=[one.number]),
            _("去看"),
        )
        for one, read in incidents.told_to(subject)
        if read is None
    ]


def _on_paper(live: list[grants.ShownGrant]) -> list[ToDo]:
    """What somebody signed on paper in my name lately: to be taken back at once where nobody did."""
    lately = (day_of(timezone.now()) - timedelta(days=SOON)).isoformat()
    return [
        ToDo(
            _("%(to)s交来了一份纸质授权") % {"to": grant.to},
            _("%(by)s 签字；不是您签的，请马上撤回") % {"by": grant.given_by},
            grant.url,
            _("去看"),
        )
        for grant in live
        if grant.scan and grant.given_at >= lately
    ]


def _in_person(request: PageRequest) -> list[ToDo]:
    """What institutions ask of the person behind the page, which is no matter of the business."""
    now = timezone.now()
    waiting = [one for one in person_queries.of_person(acting_person(request)) if one.state(now) is State.ASKED]
    return [
        ToDo(
            _("%(to)s问您本人") % {"to": one.institution_name},
            _("看您本人的信息，由您本人决定，和企业无关"),
            reverse("portal:my_consent", args=[one.id]),
            _("去看"),
        )
        for one in waiting
    ]


def _against_me(families: list[showing.Family]) -> list[ToDo]:
    """What is held against me, by kind of entry, so that I can check it first."""
    lines = [(family, line) for family in families for line in family.lines if line.nature == "breach" and line.counts]
    if not lines:
        return []
    family, first = lines[0]
    says = ngettext("档案里有 %(n)d 条失信信息", "档案里有 %(n)d 条失信信息", len(lines)) % {"n": len(lines)}
    because = " · ".join(part for part in (first.title, first.since, first.source) if part)
    return [ToDo(says, because, f"{reverse('portal:my_file')}#{family.name}", _("去看"))]


def _ending(live: list[grants.ShownGrant]) -> list[ToDo]:
    today = day_of(timezone.now())
    return [
        ToDo(
            _("给%(to)s的授权快到期了") % {"to": grant.to},
            _("%(until)s 到期；贷款还在办的话，可以重新授权") % {"until": grant.until},
            grant.url,
            _("去看"),
        )
        for grant in live
        if (grant.until_day - today).days < SOON
    ]


def _of_people(request: PageRequest) -> list[ToDo]:
    """Who has come to act for us lately, and who does so no more: the representative hears of each."""
    subject, me, now = acting_subject(request), acting_person(request), timezone.now()
    since = now - timedelta(days=SOON)
    held, over = mandate_queries.of_subject(subject, now), mandate_queries.over(since, now, subject_id=subject)
    come = [delegated.mandate(one) for one in held if one.since >= since and one.person != me]
    gone = [delegated.mandate(one) for one in over]
    where = {"url": reverse("portal:my_people"), "act": _("去看")}
    said = [
        ToDo(_("%(name)s能以企业的名义办事了") % {"name": one.name}, f"{one.capacity} · {one.since}", **where)
        for one in come
    ]
    return said + [
        ToDo(_("%(name)s不再替企业办事") % {"name": one.name}, f"{one.because} · {one.ended}", **where) for one in gone
    ]


@never_cache
@only(Role.BUSINESS)
def my_file(request: PageRequest) -> HttpResponse:
    """Everything held, by family, with source and date of every line."""
    report = _told(request)
    families = showing.families(report["families"], report["subject"]["uscc"])
    told = {
        "families": families,
        "title": _title(families),
        "terms": objected.terms(),
        "as_of": reading.as_of(report),
        "offers": papers.offers(*presenting.OFFERED),
        "nothing": showing.empty_families(report, heard=True),
        "unheard": showing.empty_families(report, heard=False),
    }
    return render(request, "portal/business/file.html", told)


def _title(families: list[showing.Family]) -> str:
    lines = [line for family in families for line in family.lines]
    breaches = sum(family.adverse for family in families)
    if not lines:
        return _("还没有归集到您的信息")
    if not breaches:
        return ngettext("%(n)d 条信息，没有失信", "%(n)d 条信息，没有失信", len(lines)) % {"n": len(lines)}
    return _("%(n)s 条信息，其中 %(breaches)s 条失信") % {"n": len(lines), "breaches": breaches}


@never_cache
@only(Role.BUSINESS)
def my_grade(request: PageRequest) -> HttpResponse:
    """Why this grade: parts, reasons, what is missing, with and without what is disputed."""
    report = _told(request)
    grade = graded.shown(report["grade"]) if report["grade"] else None
    signals = own_prospects.signals(
        subject_id=acting_subject(request), person=acting_person(request), now=timezone.now()
    )
    told = {
        "me": _me(report),
        "grade": grade,
        "no_grade": graded.absent(report["grade_state"]),
        "signals": [(said(one.title), said(one.reason), one.level, one.on) for one in signals],
    }
    return render(request, "portal/business/grade.html", told)
