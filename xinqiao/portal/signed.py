"""What is signed on line, as either side reads it: an edition and what changed, an agreement and its end, letters."""

from collections.abc import Callable
from datetime import date, datetime
from difflib import ndiff
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.language import in_english, said
from xinqiao.parties import draft_queries, ending, letter_queries, texts
from xinqiao.parties.draft_queries import DraftView
from xinqiao.parties.letter_queries import LetterView
from xinqiao.parties.queries import AgreementView
from xinqiao.parties.rules import DRAFT_TITLES, GROUND_TITLES, DraftState, Ground, Side
from xinqiao.portal import naming, proving, refusals, wording
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person

TONES: Final = {DraftState.OPEN: "brand", DraftState.SIGNED: "care", DraftState.IN_FORCE: "good"}
WAITING: Final = frozenset({DraftState.OPEN, DraftState.SIGNED})


def edition(one: DraftView, now: datetime) -> dict[str, Any]:
    """`changed`: the lines that went (-) and came (+) since the edition before."""
    before = None if one.follows is None else draft_queries.draft(one.follows, now)
    return {
        "id": one.id,
        "institution": one.institution_name,
        "institution_id": one.institution,
        "words": one.wording,
        "english": one.english if in_english() else "",
        "digest": one.digest,
        "version": one.version,
        "items": _("、").join(naming.item(name) for name in sorted(one.items)),
        "purposes": _("、").join(naming.purpose(name) for name in sorted(one.purposes)),
        "since": one.since,
        "until": one.until,
        "signatory": one.signatory_name,
        "drafted_by": one.drafted_by_name,
        "drafted_at": one.drafted_at,
        "last_day": one.last_day,
        "state": said(DRAFT_TITLES[one.state]),
        "tone": TONES.get(one.state, ""),
        "waits": one.state in WAITING,
        "open": one.state is DraftState.OPEN,
        "half": one.state is DraftState.SIGNED,
        "signatures": [(side(s.side), s.name, naming.method(s.method), s.signed_at) for s in one.signatures],
        "changed": [] if before is None else changed(before.wording, one.wording),
        "follows": one.follows,
        "followed_by": one.followed_by,
        "because": one.withdrawn_because,
        "agreement": one.agreement,
    }


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that went and came."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [(line[0], line[2:]) for line in lines if line[0] in "+-"]


def side(one: Side) -> str:
    return _("机构") if one is Side.INSTITUTION else _("平台")


def agreement(one: AgreementView, today: date, on_line: dict[int, int]) -> dict[str, Any]:
    """An agreement with how it stands, its end and its file; one made on paper has none."""
    ended = draft_queries.ending_of(one.id)
    left = (one.until - today).days
    return {
        "id": one.id,
        "document": one.document,
        "items": _("、").join(naming.item(name) for name in sorted(one.items)),
        "purposes": _("、").join(naming.purpose(name) for name in sorted(one.purposes)),
        "since": one.since,
        "until": one.until,
        "feedback": one.feedback,
        "in_force": one.in_force(today),
        "ends": one.ended_at is None and one.until >= today and ended is None,
        "begins": one.since > today,
        "left": left,
        "due": one.in_force(today) and left <= max(DUE),
        "draft": on_line.get(one.id),
        "ended": ended and {
            "side": side(ended.side),
            "name": ended.name,
            "ground": said(GROUND_TITLES[ended.ground]),
            "because": ended.because,
            "last_day": ended.last_day,
            "at": ended.ended_at,
        },
    }  # fmt: skip


DUE: Final = (90, 30, 7)  # days before its end that an agreement is told to be due for renewal


def letter(one: LetterView) -> dict[str, Any]:
    title = texts.files()[one.text]
    return {
        "id": one.id,
        "title": title.english.title if in_english() else title.title,
        "version": one.version,
        "name": one.name,
        "at": wording.instant(one.signed_at),
    }


def letters(organisation: str) -> list[dict[str, Any]]:
    return [letter(one) for one in letter_queries.of(organisation)]


def grounds() -> list[tuple[str, str]]:
    return [(str(one), said(title)) for one, title in GROUND_TITLES.items()]


def tried(request: PageRequest, act: Callable[[], object]) -> str:
    """Do it; or the sentence that says why not."""
    try:
        act()
    except Problem as problem:
        told = refusals.words(problem)
        return told["detail"] or told["title"]
    return ""


def unconfirmed(request: PageRequest) -> HttpResponse | None:
    """Who signs is asked once more who she is, when that was not a moment ago; reading needs no such thing."""
    if request.method != "POST" or proving.confirmation(request) is not None:
        return None
    return proving.ask_again(request)


def end(request: PageRequest, number: int, side_: Side) -> None:
    """End an agreement as the form says."""
    form = request.POST
    ending.end(
        number,
        side=side_,
        ground=_ground(form.get("ground", "")),
        because=form.get("because", ""),
        last_day=day(form, "last_day") if form.get("when") == "on" else None,
        by=acting_person(request),
        shown=proving.shown(request.session),
        now=timezone.now(),
    )


def _ground(typed: str) -> Ground:
    try:
        return Ground(typed)
    except ValueError as error:
        raise FormIncomplete(Saying("请选择为什么终止。")) from error


def day(form: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError as error:
        raise FormIncomplete(Saying("请写明起止日期。")) from error


def today() -> date:
    return day_of(timezone.now())
