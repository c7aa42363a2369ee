"""授权一家机构, step by step: to whom, what for, what, until when, the risks, check, done.

One question a page. The answers travel in the address, so the back button works and nothing is kept half-said; the
verb judges them all again at the end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue, language
from xinqiao.authorisation import clocks, grants, notices, templates, written
from xinqiao.authorisation.errors import AgreementNotInForce
from xinqiao.authorisation.notices import NoticeVersion
from xinqiao.authorisation.rules import last_day
from xinqiao.authorisation.templates import Template
from xinqiao.catalogue.meaning import needs_grant
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import AgreementView, InstitutionView
from xinqiao.parties.rules import KIND_TITLES, Role
from xinqiao.portal import naming, proving, returning, wording
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

ORDER: Final = ("who", "why", "items", "until", "risks", "check")
TERMS: Final = (30, 90, 180)  # days offered; the purpose's own limit is always offered too


@dataclass(frozen=True, slots=True)
class Answers:
    """What has been answered so far, as the address carries it; read, not yet believed."""

    to: str = ""
    way: str = ""  # a template: what for, and how often
    until: str = ""
    items: tuple[str, ...] = ()

    @classmethod
    def read(cls, said: QueryDict) -> "Answers":
        return cls(said.get("to", ""), said.get("way", ""), said.get("until", ""), tuple(said.getlist("items")))

    def pairs(self) -> list[tuple[str, str]]:
        named = [("to", self.to), ("way", self.way), ("until", self.until)]
        return [(name, value) for name, value in named if value] + [("items", one) for one in self.items]

    @property
    def template(self) -> Template:
        try:
            return templates.templates()[self.way]
        except KeyError:
            raise FormIncomplete(Saying("请选择用途。")) from None

    def until_day(self) -> date:
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            raise FormIncomplete(Saying("请选择授权到哪一天。")) from None


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str
    detail: str = ""
    checked: bool = False


@only(Role.BUSINESS)
def authorise(request: PageRequest) -> HttpResponse:
    """The step that is asked for, or the first one not answered yet."""
    acting_subject(request)
    said = Answers.read(request.GET)
    asked = request.GET.get("step", "")
    return _STEPS.get(asked, to_whom)(request, said)


def _page(request: PageRequest, said: Answers, step: str, told: Mapping[str, Any], fault: str = "") -> HttpResponse:
    place = ORDER.index(step)
    back = _link(said, ORDER[place - 1]) if place else reverse("portal:my_grants")
    frame = {"step": place + 1, "steps": len(ORDER), "said": said.pairs(), "fault": fault, "back": back}
    return render(request, f"portal/business/authorise_{step}.html", {**frame, **told}, status=400 if fault else 200)


# ── 1 · to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────


def to_whom(request: PageRequest, said: Answers) -> HttpResponse:
    """Only institutions that could see anything: those with an agreement in force."""
    today = day_of(timezone.now())
    every = parties.institutions(request.visitor.scope)
    open_to = [one for one in every if parties.agreement_in_force(one.id, today) is not None]
    choices = [Choice(one.id, one.name, language.said(KIND_TITLES[one.kind]), one.id == said.to) for one in open_to]
    fault = _("请选择一家机构。") if request.GET.get("step") and not said.to else ""
    return _page(request, said, "who", {"choices": choices}, fault)


def _chosen(said: Answers) -> tuple[InstitutionView, AgreementView]:
    agreement = parties.agreement_in_force(said.to, day_of(timezone.now()))
    if agreement is None:
        raise AgreementNotInForce
    return parties.institution(said.to), agreement


# ── 2 · what for, and how long ───────────────────────────────────────────────────────────────────────────────────────


def what_for(request: PageRequest, said: Answers) -> HttpResponse:
    if not said.to:
        return to_whom(request, said)
    to, agreement = _chosen(said)
    choices = [_way(one, said) for one in templates.templates().values() if one.purpose in agreement.purposes]
    if len(choices) == 1:
        choices = [Choice(choices[0].value, choices[0].title, choices[0].detail, checked=True)]
    fault = _("请选择用途。") if request.GET.get("step") == "items" and not said.way else ""
    return _page(request, said, "why", {"to": to.name, "choices": choices}, fault)


def _way(one: Template, said: Answers) -> Choice:
    """What for, how often, and what the institution will do with it."""
    what_for = _("机构会用来%(sentence)s") % {"sentence": language.said(purposes.purpose(one.purpose).sentence)}
    title = _("%(purpose)s：%(way)s") % {"purpose": naming.purpose(one.purpose), "way": language.said(one.title)}
    return Choice(one.template, title, what_for, one.template == said.way)


# ── 3 · what ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def what(request: PageRequest, said: Answers) -> HttpResponse:
    """Everything the agreement allows is chosen until somebody unchooses it."""
    if not said.way:
        return what_for(request, said)
    to, agreement = _chosen(said)
    asked = request.GET.get("step") == "until"
    fault = _("请至少选择一类信息。") if asked and not said.items else ""
    families = _items(said, agreement, all_of_them=not asked)
    return _page(request, said, "items", {"to": to.name, "families": families}, fault)


def _items(said: Answers, agreement: AgreementView, *, all_of_them: bool) -> list[tuple[str, list[Choice]]]:
    """What the agreement allows and a grant is needed for, by family."""
    grouped: dict[str, list[Choice]] = {}
    for name, item in catalogue.city().items.items():
        if name in agreement.items and needs_grant(item):
            checked = name in said.items or (all_of_them and not said.items)
            grouped.setdefault(naming.family(item.family), []).append(
                Choice(name, naming.item(name), _source_names(item.sources), checked)
            )
    return list(grouped.items())


def _source_names(sources: tuple[str, ...]) -> str:
    return _("、").join(naming.source(name) for name in sources)


# ── 4 · until when ───────────────────────────────────────────────────────────────────────────────────────────────────


def until_when(request: PageRequest, said: Answers) -> HttpResponse:
    if not said.items:
        return what(request, said)
    to, agreement = _chosen(said)
    fault = _until_fault(said, agreement) if request.GET.get("step") == "risks" else ""
    return _page(request, said, "until", {"to": to.name, "days": _days(said, agreement)}, fault)


def _latest(said: Answers, agreement: AgreementView) -> date:
    today = day_of(timezone.now())
    return min(last_day(today, said.template.longest_days), agreement.until)


def _days(said: Answers, agreement: AgreementView) -> list[Choice]:
    today, latest = day_of(timezone.now()), _latest(said, agreement)
    offered = {today + timedelta(days=n - 1): _("%(n)d 天") % {"n": n} for n in TERMS}
    offered = {day: words for day, words in offered.items() if day < latest} | {latest: _("最长")}
    preferred = said.until or min(offered, key=lambda day: abs((day - today).days - TERMS[1])).isoformat()
    return [
        Choice(day.isoformat(), _("到 %(day)s") % {"day": day.isoformat()}, words, day.isoformat() == preferred)
        for day, words in sorted(offered.items())
    ]


def _until_fault(said: Answers, agreement: AgreementView) -> str:
    """What the verb would refuse too, later and less kindly."""
    if not said.until:
        return _("请选择看到哪一天。")
    until, latest = said.until_day(), _latest(said, agreement)
    if day_of(timezone.now()) <= until <= latest:
        return ""
    return _("止期最早今天，最晚 %(latest)s。") % {"latest": latest.isoformat()}


# ── 5 · the risks ────────────────────────────────────────────────────────────────────────────────────────────────────


def risks(request: PageRequest, said: Answers) -> HttpResponse:
    """The notice in force for this purpose, word by word (个人信息保护法 §17)."""
    if not said.until:
        return until_when(request, said)
    to, agreement = _chosen(said)
    if not said.items or _until_fault(said, agreement):
        return until_when(request, said)
    return _page(request, said, "risks", _notice(to, said))


def _notice(to: InstitutionView, said: Answers) -> dict[str, Any]:
    """For whoever reads English the translation comes first; the Chinese, which binds, is on the same page."""
    notice = notices.current(said.template.purpose)
    return {"to": to.name, "notice": notice, "words": notice.english if language.in_english() else None}


# ── 6 · check, and done ──────────────────────────────────────────────────────────────────────────────────────────────


def check(request: PageRequest, said: Answers) -> HttpResponse:
    """Everything once more on one page, and the filled-in words that will be signed."""
    if not said.until:
        return until_when(request, said)
    to, agreement = _chosen(said)
    if not said.items or _until_fault(said, agreement):
        return until_when(request, said)
    if request.GET.get("read") != "yes":
        return _page(request, said, "risks", _notice(to, said), _("请先确认已经看过这份提示。"))
    if proving.confirmation(request) is None:
        return proving.ask_again(request)
    [me] = subjects.views([acting_subject(request)])
    terms = _terms(said, me, to)
    told = {
        "to": to,
        "purpose": naming.purpose(said.template.purpose),
        "until": said.until,
        "often": notices.often_in_english(terms.clocks) if language.in_english() else notices.often(terms.clocks),
        "data_since": terms.clocks.range.since.isoformat() if terms.clocks.range.since else "",
        "keep_days": wording.term(terms.clocks.keep_days),
        "items": [naming.item(name) for name in sorted(said.items)],
        "notice": notices.current(said.template.purpose),
        "statement": notices.statement(terms),
        "english": notices.translation(terms) if language.in_english() else None,
        "written": written.shown(terms, english=language.in_english()),
        "links": {step: _link(said, step) for step in ORDER[:4]},
    }
    return _page(request, said, "check", told)


def _terms(said: Answers, me: SubjectView, to: InstitutionView) -> notices.Terms:
    today, until = day_of(timezone.now()), said.until_day()
    settled = clocks.settled(said.template, clocks.NOTHING_SPECIAL, said.items, today, until)
    return notices.Terms(me, to, said.items, said.template.purpose, today, until, settled)


def _link(said: Answers, step: str) -> str:
    return f"{reverse('portal:authorise')}?{urlencode([*said.pairs(), ('step', step)])}"


@only(Role.BUSINESS)
@proving.confirmed
def give(request: PageRequest) -> HttpResponse:
    """The one act of these pages. The digests are of the texts that were on the last page."""
    said = Answers.read(returning.typed(request))
    if request.method != "POST":
        return redirect(f"{_link(said, 'check')}&read=yes" if said.to else "portal:authorise")
    given = grants.give(
        subject_id=acting_subject(request),
        to=said.to,
        items=said.items,
        purpose=said.template.purpose,
        fetch=said.template.fetch,
        until=said.until_day(),
        notice=NoticeVersion(request.POST.get("notice_version", ""), request.POST.get("notice_digest", "")),
        statement=request.POST.get("statement", ""),
        translation=request.POST.get("translation"),
        written=request.POST.get("written"),
        by=acting_person(request),
        confirmed=proving.confirmation(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse('portal:my_grant', args=[given.id])}?done=given")


_STEPS: Final[dict[str, Callable[[PageRequest, Answers], HttpResponse]]] = {
    "who": to_whom,
    "why": what_for,
    "items": what,
    "until": until_when,
    "risks": risks,
    "check": check,
}
