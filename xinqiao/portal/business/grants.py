"""我的授权: whom I let see what, and taking it back. Taking back is as near as giving."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.authorisation import (
    changing,
    grants,
    notices,
    paper_queries,
    queries,
    scans,
    steps,
    terms,
    two_people,
    written,
)
from xinqiao.authorisation.errors import NotFound
from xinqiao.authorisation.notices import NoticeVersion
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import FINAL, LIVE, Fetch, State
from xinqiao.disclosure import watched
from xinqiao.disclosure.watched import WatchView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.language import in_english
from xinqiao.parties import charges
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, on_paper, proving, refusals, staffed, wording
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.subjects import queries as subjects

TO_ANSWER: Final = frozenset({State.ASKED, State.PREPARED})


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of a grant in words."""

    what: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ShownGrant:
    """A grant in words. `live` is whether the institution can see anything by it at this moment."""

    number: GrantId
    to: str
    contact: str
    purpose: str
    items: tuple[str, ...]
    apart: tuple[str, ...]  # those of them that a natural person consented to separately
    closed: tuple[str, ...]  # those of them that wait for the person's separate consent
    often: str
    used: str
    data_since: str
    keep_days: str
    asked_by: str
    asked_at: str
    preparer: PersonId | None
    prepared_by: str  # where two people are needed: the first of them
    prepared_at: str
    scan: str  # of a grant on paper
    given_at: str
    given_by: str
    until: str
    until_day: date
    left: str
    state: State
    state_title: str
    case_closed: bool
    still: str  # the platform has suspended the institution's access: the grant stands, and opens nothing
    paused_at: str
    revoked_at: str

    @property
    def live(self) -> bool:
        return self.state in LIVE and not self.case_closed

    @property
    def given(self) -> bool:
        """Whether it ever was a grant; else it was a question, and says so."""
        return bool(self.given_at)

    @property
    def paused(self) -> bool:
        return self.state is State.PAUSED

    @property
    def waiting(self) -> bool:
        return self.state is State.ASKED

    @property
    def prepared(self) -> bool:
        """Whether one person of two has done his part."""
        return self.state is State.PREPARED

    @property
    def ended(self) -> bool:
        return self.state in FINAL

    @property
    def url(self) -> str:
        return reverse("portal:answer" if self.waiting or self.prepared else "portal:my_grant", args=[self.number])

    @property
    def revoke_url(self) -> str:
        return reverse("portal:revoke", args=[self.number])


def shown(grant: GrantView) -> ShownGrant:
    now, state, held = timezone.now(), grant.state(timezone.now()), grant.terms
    return ShownGrant(
        number=grant.id,
        to=grant.institution_name,
        contact=grant.contact,
        purpose=naming.purpose(grant.purpose),
        items=tuple(naming.item(name) for name in grant.items),
        apart=tuple(naming.item(name) for name in sorted(held.written)),
        closed=_closed(grant),
        often=_often(grant),
        used=ngettext("已看 %(n)d 次", "已看 %(n)d 次", held.used.total) % {"n": held.used.total},
        data_since=held.range.since.isoformat() if held.range.since else "",
        keep_days=wording.term(held.keep_days) if held.keep_days else "",
        asked_by=staffed.contact(charges.contacts(Work.ASK, [grant.id]).get(grant.id)) or grant.asked_by,
        asked_at=_moment(grant.asked_at),
        preparer=grant.prepared_by,
        prepared_by=grant.prepared_by_name,
        prepared_at=_moment(grant.prepared_at),
        scan=grant.scan,
        given_at=_moment(grant.given_at),
        given_by=grant.given_by,
        until=grant.until.isoformat(),
        until_day=grant.until,
        left=wording.days_left(grant.until, day_of(now)),
        state=state,
        state_title=_state_title(grant, state),
        case_closed=held.case_closed,
        still=_still(grant, day_of(now)),
        paused_at=_moment(grant.paused_at),
        revoked_at=_moment(grant.revoked_at),
    )


def _closed(grant: GrantView) -> tuple[str, ...]:
    """What a natural person has not consented to separately (条例 §46): named in the grant, and told to nobody."""
    [subject] = subjects.views([grant.subject_id])
    needed = written.needed(subject, grant.items)
    return tuple(naming.item(name) for name in needed if name not in grant.terms.written)


def _still(grant: GrantView, today: date) -> str:
    stopped = parties.suspension_of(grant.institution, today)
    if stopped is None or grant.state(timezone.now()) in FINAL:
        return ""
    if stopped.until is None:
        return _("平台暂停了这家机构的接入，它现在什么也看不到。恢复以后授权照旧，您也可以撤回。")
    said = _("平台暂停了这家机构的接入，到 %(until)s 为止它什么也看不到。恢复以后授权照旧，您也可以撤回。")
    return said % {"until": stopped.until}


def _moment(at: datetime | None) -> str:
    return wording.instant(at) if at else ""


def _state_title(grant: GrantView, state: State) -> str:
    if state is State.EXPIRED and grant.given_at is None:
        return _("没有等到确认") if grant.prepared_at else _("没有答复")
    if state in LIVE and grant.terms.case_closed:
        return _("业务已办结")
    return naming.grant_state(state)


def _often(grant: GrantView) -> str:
    """From the grant's own terms, whatever has become of its template."""
    held, said = grant.terms, []
    if held.fetch is Fetch.ONCE:
        return _("看一次，看过即失效")
    if held.frequency is not None:
        said.append(_("每 %(days)d 天最多 %(most)d 次") % {"days": held.frequency.days, "most": held.frequency.most})
    if held.most_uses is not None:
        said.append(_("总共最多 %(n)d 次") % {"n": held.most_uses})
    return _("，").join(said) or _("次数不限")


@only(Role.BUSINESS)
def my_grants(request: PageRequest) -> HttpResponse:
    """The live ones first, 撤回 beside each; the ended ones below."""
    every = [shown(grant) for grant in queries.grants_of(acting_subject(request))]
    live = [grant for grant in every if grant.live]
    told = {
        "waiting": [grant for grant in every if grant.waiting],
        "prepared": [grant for grant in every if grant.prepared],
        "live": live,
        "paused": [grant for grant in every if not (grant.live or grant.waiting or grant.prepared or grant.ended)],
        "ended": [grant for grant in every if grant.ended],
        "title": _title([grant for grant in live if not grant.still]),
        "two": two_people.standing(acting_subject(request)),
    }
    return render(request, "portal/business/grants.html", told)


def _title(live: list[ShownGrant]) -> str:
    """Who can see what, as far as one line can say it."""
    names = {grant.to for grant in live}
    if not names:
        return _("现在没有机构能看需要授权的信息")
    if len(names) > 1:
        return ngettext("现在有 %(n)d 家机构能看您的信息", "现在有 %(n)d 家机构能看您的信息", len(names)) % {
            "n": len(names)
        }
    items = {item for grant in live for item in grant.items}
    said = {"to": live[0].to, "n": len(items)}
    return ngettext("现在只有%(to)s能看 %(n)d 类信息", "现在只有%(to)s能看 %(n)d 类信息", len(items)) % said


@only(Role.BUSINESS)
def my_grant(request: PageRequest, number: int) -> HttpResponse:
    """One grant with the very words that were agreed to; after giving or revoking it is the confirmation."""
    grant = _mine(request, number)
    if grant.state(timezone.now()) in TO_ANSWER:
        return redirect("portal:answer", number=number)
    told = {
        "grant": shown(grant),
        "steps": [ShownStep(_STEPS[one.step](), one.by, wording.instant(one.at)) for one in steps.of(grant.id)],
        "watches": [_watched(one) for one in watched.of_grant(grant.id) if one.ended_at is None],
        "statement": queries.shown_text(grant.statement_digest),
        "notice": queries.shown_text(grant.notice_digest),
        "scan_url": _scan_url(grant),
        "written": queries.shown_text(grant.written_digest) if grant.written_digest else None,
        "english": _english(grant),
        "english_was_shown": grant.translation_digest is not None,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/business/grant.html", told)


def _watched(one: WatchView) -> tuple[str, str]:
    """What the institution wants to hear changes of, and since when."""
    named = [naming.item(name) for name in one.items] + ([_("评价等级")] if one.grade else [])
    return _("、").join(named), wording.instant(one.begun_at)


def _scan_url(grant: GrantView) -> str:
    paper = paper_queries.behind(grant.id, grant.subject_id) if grant.scan else None
    return reverse("portal:my_scan", args=[paper.number]) if paper is not None and paper.kept else ""


@only(Role.BUSINESS)
def scan(request: PageRequest, number: int) -> HttpResponse:
    """The scan of a grant on paper, for the business in whose name it was signed."""
    me, by = acting_subject(request), acting_person(request)
    return on_paper.as_file(scans.of_mine(number, of=me, by=by, now=timezone.now()))


_STEPS: Final[dict[str, Callable[[], str]]] = {
    "asked": lambda: _("机构请求授权"),
    "prepared": lambda: _("准备授权"),
    "given": lambda: _("授权"),
    "declined": lambda: _("没有同意"),
    "paused": lambda: _("暂停"),
    "suspended": lambda: _("电话核实没有通过，暂停"),
    "resumed": lambda: _("恢复"),
    "revoked": lambda: _("撤回"),
    "expired": lambda: _("到期"),
    "handed_on": lambda: _("机构换了经办人"),
}


@only(Role.BUSINESS)
def pause(request: PageRequest, number: int) -> HttpResponse:
    """Nothing is seen from now on; taking it up again is one press as well."""
    return _changed(request, number, changing.pause, "paused")


@only(Role.BUSINESS)
def resume(request: PageRequest, number: int) -> HttpResponse:
    return _changed(request, number, changing.resume, "resumed")


def _changed(request: PageRequest, number: int, act: Callable[..., GrantView], done: str) -> HttpResponse:
    grant = _mine(request, number)
    if request.method == "POST":
        act(grant.id, by=acting_person(request), now=timezone.now())
        return redirect(f"{reverse('portal:my_grant', args=[number])}?done={done}")
    return redirect("portal:my_grant", number=number)


@only(Role.BUSINESS)
@proving.confirmed
def answer(request: PageRequest, number: int) -> HttpResponse:
    """An institution asks, or a colleague has prepared: who, what, why, how often, until when, the risks; then yes or
    no, on one page."""
    grant = _mine(request, number)
    if (state := grant.state(timezone.now())) not in TO_ANSWER:
        return redirect("portal:my_grant", number=number)
    if request.method != "POST":
        return render(request, "portal/business/answer.html", _question(request, grant))
    if request.POST.get("answer") == "no":
        grants.decline(grant.id, by=acting_person(request), now=timezone.now())
        return redirect(f"{reverse('portal:my_grant', args=[number])}?done=declined")
    if request.POST.get("read") != "yes":
        told = _question(request, grant) | {"fault": _("请先确认已经看过这份提示。")}
        return render(request, "portal/business/answer.html", told, status=400)
    act = grants.confirm if state is State.PREPARED else grants.agree
    act(
        grant.id,
        notice=NoticeVersion(request.POST.get("notice_version", ""), request.POST.get("notice_digest", "")),
        statement=request.POST.get("statement", ""),
        translation=request.POST.get("translation"),
        written=request.POST.get("written"),
        by=acting_person(request),
        confirmed=proving.confirmation(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse('portal:my_grant', args=[number])}?done=given")


def _question(request: PageRequest, grant: GrantView) -> dict[str, Any]:
    """What agreeing would sign, in the very words; the term begins on the day it is agreed to."""
    [me], to = subjects.views([acting_subject(request)]), parties.institution(grant.institution)
    today = day_of(timezone.now())
    try:
        settled = terms.judged(
            parties.agreement_in_force(grant.institution, today),
            items=grant.items,
            purpose=grant.purpose,
            until=grant.until,
            fetch=grant.fetch,
            wish=grants.wish_of(grant, today),
            today=today,
        )
    except Problem as problem:  # what was asked for cannot be given any more; saying no always can
        return {"grant": shown(grant), "blocked": refusals.words(problem)}
    if grant.prepared_by == acting_person(request):
        return {"grant": shown(grant), "mine": True}
    said = notices.Terms(me, to, grant.items, grant.purpose, today, grant.until, settled)
    notice = notices.current(grant.purpose)
    return {
        "grant": replace(shown(grant), data_since=settled.range.since.isoformat() if settled.range.since else ""),
        "notice": notice,
        "words": notice.english if in_english() else None,
        "written": written.shown(said, english=in_english()),
        "statement": notices.statement(said),
        "english": notices.translation(said) if in_english() else None,
    }


def _english(grant: GrantView) -> str | None:
    """The English that was shown beside the words; for a reader of English else what it would have been."""
    if grant.translation_digest is not None:
        return queries.shown_text(grant.translation_digest)
    if not in_english():
        return None
    [me], to = subjects.views([grant.subject_id]), parties.institution(grant.institution)
    day = day_of(grant.given_at or grant.starts_at)
    settled = queries.clocks_of(grant)
    if settled is None:
        return None
    words = notices.translation(notices.Terms(me, to, grant.items, grant.purpose, day, grant.until, settled))
    return words.text if words.version == grant.notice_version else None


@only(Role.BUSINESS)
def revoke(request: PageRequest, number: int) -> HttpResponse:
    """First what will happen; then it happens."""
    grant = _mine(request, number)
    if request.method == "POST":
        changing.revoke(grant.id, by=acting_person(request), now=timezone.now())
        return redirect(f"{reverse('portal:my_grant', args=[number])}?done=revoked")
    if grant.state(timezone.now()) in FINAL | TO_ANSWER:
        return redirect("portal:my_grant", number=number)
    return render(request, "portal/business/revoke.html", {"grant": shown(grant)})


def _mine(request: PageRequest, number: int) -> GrantView:
    """A grant of the business one acts for; another's is not found, as if it were not there."""
    grant = queries.grant(GrantId(number))
    if grant is None or grant.subject_id != acting_subject(request):
        raise NotFound
    return grant
