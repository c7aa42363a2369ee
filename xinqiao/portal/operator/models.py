"""评价模型 at the operator's desk: which versions there are, what stage each is in, and the acts that move it on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.evaluation import approving, model_files, shadowing, trial_queries, trials, trying, versions
from xinqiao.evaluation.courses import Span
from xinqiao.evaluation.rules import Act, Stage, refusal
from xinqiao.evaluation.versions import VersionView
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import carded, complained, coursed, drafted, modelled, naming, proving, tried
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE: Final = "portal:model_version"


@only(Role.OPERATOR)
def models(request: PageRequest) -> HttpResponse:
    """By kind of subject; a kind nobody grades and a version that waits stand out."""
    every = versions.every(timezone.now())
    waiting = sum(one.stage is Stage.PROPOSED for one in every)
    graded = {one.kind for one in every if one.stage is Stage.IN_FORCE}
    title = ngettext("%(n)d 个版本等人批准", "%(n)d 个版本等人批准", waiting) % {"n": waiting}
    told = {
        "title": title if waiting else _("没有等批准的版本"),
        "drafts": [_drafted(one, every) for one in every if one.stage in UNDECIDED],
        "versions": [modelled.shown(one) for one in every if one.stage not in UNDECIDED],
        "without": [naming.kind(kind) for kind in SubjectKind if kind not in graded],
        "mistakes": [str(one) for one in model_files.check(catalogue.city())],
    }
    return render(request, "portal/operator/models.html", told)


@only(Role.OPERATOR)
@proving.confirmed
def draft(request: PageRequest, model: str) -> HttpResponse:
    """What stands in the city's folder under this name, whether its cases come out, and what can be done with it: try
    it, let it run along, propose it."""
    fault = ""
    if request.method == "POST":
        try:
            return _set_going(request, model)
        except Problem as problem:
            fault = complained.fault_of(problem)
    every = versions.of(model, timezone.now())
    if not every:
        raise Http404
    undecided = next((one for one in every if one.stage in UNDECIDED), None)
    told = {
        "title": said(every[0].bound.model.title),
        "draft": undecided and _drafted(undecided, versions.every(timezone.now())),
        "faults": _faults(model) if undecided else [],
        "fit": undecided and drafted.fitted(undecided.bound.model),
        "cases": _cases(model),
        "others": [modelled.shown(one) for one in every if one is not undecided],
        "runs": [tried.line(one) for one in trial_queries.of_model(model)],
        "shadow": undecided is not None and undecided.shadows,
        "going": [_going(request, one) for one in every if one.stage is Stage.IN_FORCE or one.shadows],
        "because": request.POST.get("because", ""),
        "fault": fault,
    }
    return render(request, "portal/operator/model.html", told, status=400 if fault else 200)


def _going(request: PageRequest, one: VersionView) -> dict[str, Any]:
    """How a version has been going; `?span=months` for the last run of each month."""
    asked = request.GET.get("span", "")
    span = Span(asked) if asked in set(Span) else Span.RECENT
    return modelled.shown(one) | {"course": coursed.shown(one, span)}


def _drafted(one: VersionView, every: Sequence[VersionView]) -> dict[str, Any]:
    """A draft and what is still missing."""
    champion = any(other.stage is Stage.IN_FORCE and other.kind is one.kind for other in every)
    missing = drafted.missing(one, faults=bool(_faults(one.bound.model.model)), champion=champion)
    return modelled.shown(one) | {"missing": missing, "fitted": one.bound.model.fit is not None}


UNDECIDED: Final = {Stage.DRAFT, Stage.TRIED, Stage.SHADOW}


def _set_going(request: PageRequest, model: str) -> HttpResponse:
    by, now = acting_person(request), timezone.now()
    match request.POST.get("act", ""):
        case "try":
            return redirect("portal:model_trial", number=trials.begin(model, by=by, now=now, later=True))
        case "shadow":
            return redirect(PAGE, number=shadowing.begin(model, by=by, now=now))
        case _:
            number = approving.propose(model, because=request.POST.get("because", ""), by=by, now=now)
            return redirect(PAGE, number=number)


def _cases(model: str) -> int:
    file = model_files.sound(catalogue.city()).get(model)
    return len(file.cases) if file else 0


def _faults(model: str) -> list[str]:
    city = catalogue.city()
    file = model_files.sound(city).get(model)
    return [str(one) for one in trying.differences(city, file)] if file else []


@only(Role.OPERATOR)
def trial(request: PageRequest, number: int) -> HttpResponse:
    """One run over the city: how far it is, then what came out."""
    return render(request, "portal/operator/model_trial.html", {"one": tried.shown(trial_queries.trial(number))})


@only(Role.OPERATOR)
def card(request: PageRequest, number: int) -> HttpResponse:
    """The card of a version as a page, or as JSON (`?format=json`)."""
    told = carded.card(versions.version(number, timezone.now()))
    if request.GET.get("format") == "json":
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    return render(request, "portal/operator/model_card.html", {"card": told, "number": number})


ACTS: Final = {
    Act.APPROVE: (_l("批准"), _l("批准这个版本")),
    Act.TURN_DOWN: (_l("不批准"), _l("不批准这个版本")),
    Act.RETIRE: (_l("停用"), _l("停用这个版本")),
}


@only(Role.OPERATOR)
@proving.confirmed
def version(request: PageRequest, number: int) -> HttpResponse:
    """Its card and what was decided; an act is first said in full (`?act=`), then done."""
    fault, now, me = "", timezone.now(), acting_person(request)
    if request.method == "POST":
        try:
            _do(request.POST.get("act", ""), number, request.POST.get("because", ""), me, now)
            return redirect(PAGE, number=number)
        except Problem as problem:
            fault = complained.fault_of(problem)
    view = versions.version(number, now)
    asked = request.POST.get("act") or request.GET.get("act", "")
    acts = _acts(view, me)
    told: dict[str, Any] = {
        "one": _going(request, view),
        "fit": drafted.fitted(view.bound.model),
        "runs": [tried.line(one) for one in trial_queries.of_document(view.document)],
        "acts": [(act.value, ACTS[act][0]) for act in acts],
        "own": view.stage is Stage.PROPOSED and view.proposed_by == me,
        "because": request.POST.get("because", ""),
        "fault": fault,
    }
    if asked in {act.value for act in acts}:
        act = Act(asked)
        told |= {"act": act.value, "heading": ACTS[act][1], "effects": _effects(act, view, now)}
        return render(request, "portal/operator/model_act.html", told, status=400 if fault else 200)
    return render(request, "portal/operator/model_version.html", told, status=400 if fault else 200)


def _acts(view: VersionView, me: PersonId) -> list[Act]:
    """What this person may do with it now."""
    return [act for act in ACTS if refusal(act, view.stage, proposed_by=view.proposed_by, by=me) is None]


def _do(act: str, number: int, because: str, by: PersonId, now: datetime) -> None:
    match act:
        case Act.APPROVE:
            approving.approve(number, by=by, now=now)
        case Act.TURN_DOWN:
            approving.turn_down(number, by=by, now=now)
        case Act.RETIRE:
            approving.retire(number, because=because, by=by, now=now)
        case "end_shadow":
            shadowing.end(number, by=by, now=now)
        case _:
            raise Http404


def _effects(act: Act, view: VersionView, now: datetime) -> list[str]:
    """What will be so afterwards, in sentences."""
    kind = naming.kind(view.kind)
    match act:
        case Act.APPROVE:
            day = {"kind": kind, "day": view.since.isoformat()}
            return [
                _("从 %(day)s 起，“%(kind)s”用这个版本评价；日子已经到的，批准后就用它。") % day,
                _("原来给出的等级不变；下一次夜间评价用新版本重新给出等级。"),
            ]
        case Act.TURN_DOWN:
            return [_("这个版本不会给出任何等级。要改的，写成新的版本号再提。")]
        case _:
            return [_("它给过的等级不变，以后不再用它评价。"), _after(view, now)]


def _after(view: VersionView, now: datetime) -> str:
    """Who grades once this version is retired."""
    following = versions.without(view, now)
    if following is None:
        return _("停用以后，“%(kind)s”没有在用的模型，不再给出新的等级。") % {"kind": naming.kind(view.kind)}
    return _("停用以后，“%(kind)s”由 %(version)s 版评价。") % {
        "kind": naming.kind(view.kind),
        "version": following.model.version,
    }
