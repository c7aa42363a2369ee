"""人工调整 at the operator's desk: one proposes, another approves; it is told beside the model's grade for a time."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.evaluation import overrides as queries
from xinqiao.evaluation import overriding, versions
from xinqiao.evaluation.overrides import OverrideView
from xinqiao.evaluation.overriding import Said
from xinqiao.evaluation.rules import OverrideState
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import complained, proving, returning, wording
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.subjects import queries as subjects

STATES: Final[dict[OverrideState, tuple[str, Callable[[], str]]]] = {
    OverrideState.PROPOSED: ("care", lambda: _("等第二人批准")),
    OverrideState.HOLDS: ("good", lambda: _("有效")),
    OverrideState.TURNED_DOWN: ("", lambda: _("没有批准")),
    OverrideState.ENDED: ("", lambda: _("已到期")),
    OverrideState.WITHDRAWN: ("", lambda: _("已撤销")),
}


@only(Role.OPERATOR)
@proving.confirmed
def overrides(request: PageRequest) -> HttpResponse:
    """What waits and what holds, and the form to propose one; what is typed is read once more before it is sent."""
    typed, fault, check = returning.typed(request), "", None
    if request.method == "POST":
        try:
            proposed = _said(request.POST)
            if request.POST.get("step") == "send":
                overriding.propose(proposed, by=acting_person(request), now=timezone.now())
                return redirect("portal:overrides")
            check = _checked(proposed)
        except Problem as problem:
            fault = complained.fault_of(problem)
    every = [_shown(one, acting_person(request)) for one in queries.every(timezone.now())]
    waiting = sum(one["waits"] for one in every)
    count = ngettext("%(n)d 个人工调整等人批准", "%(n)d 个人工调整等人批准", waiting) % {"n": waiting}
    told = {
        "title": count if waiting else _("没有等批准的人工调整"),
        "overrides": every,
        "grades": _grades(),
        "said": typed,
        "check": check,
        "least": overriding.SHORTEST,
        "most": overriding.LONGEST,
        "fault": fault,
    }
    return render(request, "portal/operator/overrides.html", told, status=400 if fault else 200)


def _grades() -> list[tuple[str, str]]:
    bounds = versions.in_force(on=day_of(timezone.now()), now=timezone.now()).values()
    return list(
        {band.grade: (band.grade, said(band.title)) for bound in bounds for band in bound.model.grades}.values()
    )


def _said(form: QueryDict) -> Said:
    try:
        until = date.fromisoformat(form.get("until", ""))
    except ValueError as error:
        raise FormIncomplete(Saying("请写明最后一天。")) from error
    subject = subjects.known_as(Uscc.parse(form.get("uscc", "").strip())).id
    return Said(subject, form.get("grade", ""), form.get("reason", ""), until)


def _checked(proposed: Said) -> dict[str, Any]:
    """What is about to be proposed, with the business's name: a digit typed wrong would be another's."""
    overriding.check(proposed, timezone.now())
    [subject] = subjects.views([proposed.subject])
    return {"name": subject.name, "uscc": subject.uscc, "until": proposed.until}


def _shown(one: OverrideView, me: PersonId) -> dict[str, Any]:
    [subject] = subjects.views([one.subject])
    tone, word = STATES[one.state]
    done = [(_("提请"), one.proposed), (_("处理"), one.decided), (_("撤销"), one.withdrawn)]
    return {
        "id": one.id,
        "name": subject.name,
        "uscc": subject.uscc,
        "grade": f"{one.grade} {said(one.title)}",
        "reason": one.reason,
        "until": one.until,
        "tone": tone,
        "word": word(),
        "waits": one.state is OverrideState.PROPOSED,
        "holds": one.state is OverrideState.HOLDS,
        "own": one.proposed_by == me,
        "done": [
            _("%(at)s %(by)s %(word)s") % {"at": wording.instant(act.at), "by": act.by, "word": word_}
            for word_, act in done
            if act is not None
        ],
    }


@only(Role.OPERATOR)
@proving.confirmed
def decide_override(request: PageRequest, number: int) -> HttpResponse:
    if request.method == "POST":
        because = request.POST.get("because", "")
        _decide(request.POST.get("decision", ""), number, because, acting_person(request), timezone.now())
    return redirect("portal:overrides")


def _decide(decision: str, number: int, because: str, by: PersonId, now: datetime) -> None:
    match decision:
        case "approve":
            overriding.approve(number, by=by, now=now)
        case "turn_down":
            overriding.turn_down(number, by=by, now=now)
        case "withdraw":
            overriding.withdraw(number, because=because, by=by, now=now)
        case _:
            raise Http404
