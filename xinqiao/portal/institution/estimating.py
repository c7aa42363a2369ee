"""预授信: the institution's own rules, proposed by one officer and decided by another; an estimate of one business."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao.disclosure import pre_credit
from xinqiao.evaluation import rule_sets
from xinqiao.evaluation.estimating import Met
from xinqiao.evaluation.rule_sets import RuleSetView
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, refusals, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only

TONES: Final = {"proposed": "care", "in_force": "good"}
MET: Final = {Met.MET: "good", Met.FAILED: "bad", Met.UNKNOWN: "care"}


@only(Role.OFFICER)
def our_rules(request: PageRequest) -> HttpResponse:
    """Every version, and a form for another."""
    of, fault = acting_institution(request), {}
    if request.method == "POST":
        try:
            content = _sent(request)
            made = rule_sets.propose(content, of=of, by=acting_person(request), now=timezone.now())
            return redirect("portal:one_version", number=made.number)
        except Problem as problem:
            fault = _words(problem)
    versions = [_version(one) for one in rule_sets.every(of)]
    waiting = sum(one["stage"] == "proposed" for one in versions)
    title = ngettext("%(n)d 个版本等人批准", "%(n)d 个版本等人批准", waiting) % {"n": waiting}
    told = {
        "versions": versions,
        "title": title if waiting else _("预授信规则") if versions else _("还没有预授信规则"),
        "fault": fault,
        "most": rule_sets.LARGEST // 1024,
    }
    return render(request, "portal/institution/rules.html", told, status=400 if fault else 200)


def _sent(request: PageRequest) -> bytes:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or (sent.size or 0) > rule_sets.LARGEST:
        raise FormIncomplete(Saying("请选择规则文件，不超过 {most} KB。", most=rule_sets.LARGEST // 1024))
    return bytes(sent.read())


def _words(problem: Problem) -> dict[str, Any]:
    """Each fault of the file with its line, where the file is what is wrong."""
    mistakes = getattr(problem, "mistakes", ())
    return refusals.words(problem) | {"lines": [(one.line, one.message) for one in mistakes]}


def _version(one: RuleSetView) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": one.rules.rules,
        "title": one.rules.title,
        "version": one.rules.version,
        "stage": one.stage,
        "word": _stage(one.stage),
        "tone": TONES.get(one.stage, ""),
        "by": one.proposed_by_name,
        "at": one.proposed_at,
        "decided_by": one.decided_by_name,
        "text": one.text,
        "sha256": one.sha256,
    }


def _stage(stage: str) -> str:
    words = {
        "proposed": _("等另一人批准"),
        "in_force": _("生效"),
        "superseded": _("已被新版本代替"),
        "turned_down": _("没有批准"),
        "retired": _("已停用"),
    }
    return words[stage]


@only(Role.OFFICER)
def one_version(request: PageRequest, number: int) -> HttpResponse:
    """Its words, and what may be decided about it now."""
    of, by, fault = acting_institution(request), acting_person(request), ""
    view = rule_sets.one(number, of=of)
    if request.method == "POST":
        acts = {"approve": rule_sets.approve, "turn_down": rule_sets.turn_down, "retire": rule_sets.retire}
        try:
            if (act := acts.get(request.POST.get("act", ""))) is None:
                raise FormIncomplete(Saying("请从页面上选择。"))
            act(number, of=of, by=by, now=timezone.now())
            return redirect("portal:our_rules")
        except Problem as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
    told = {"one": _version(view), "mine": view.proposed_by == by, "fault": fault}
    return render(request, "portal/institution/rules_version.html", told, status=400 if fault else 200)


@never_cache
@only(Role.OFFICER)
def estimate(request: PageRequest) -> HttpResponse:
    """Whom, by which rules; then what they come to. The result is not kept here."""
    typed, fault, result = returning.typed(request), {}, None
    if request.method == "POST":
        try:
            told = pre_credit.estimate(
                asker=acting_institution(request),
                officer=acting_person(request),
                uscc=typed.get("uscc", "").strip(),
                rules=typed.get("rules", ""),
                now=timezone.now(),
            )
            result = _result(told.report)
        except Problem as problem:
            fault = refusals.words(problem)
    usable = [one for one in rule_sets.every(acting_institution(request)) if one.stage == "in_force"]
    page = {
        "rules": [(one.rules.rules, f"{one.rules.title} {one.rules.version}") for one in usable],
        "said": typed or request.GET,
        "fault": fault,
        "one": result,
    }
    return render(request, "portal/institution/estimate.html", page, status=400 if fault else 200)


def _result(report: Mapping[str, Any]) -> dict[str, Any]:
    names = {one["indicator"]: naming.indicator(one["indicator"]) for one in report["indicators"]}
    plain, apart = report["estimate"], report["without_disputed"]
    return {
        "subject": report["subject"],
        "rules": report["rules"],
        "number": report["number"],
        "position": report["data_as_of"]["position"],
        "note": said(report["note"]),
        "decision": said(plain["decision_title"]),
        "estimated": plain["decision"] == "estimated",
        "amount": _yuan(plain["amount"]),
        "grade": plain["grade"],
        "points": plain["points"],
        "terms": plain["terms"],
        "conditions": [(c["sentence"], _met(c["met"]), MET[Met(c["met"])]) for c in plain["conditions"]],
        "parts": [(names[one["indicator"]], one["points"]) for one in plain["parts"]],
        "values": [(names[one["indicator"]], _value(one), one["as_of"]) for one in report["indicators"]],
        "apart": apart and {"decision": said(apart["decision_title"]), "amount": _yuan(apart["amount"])},
    }


def _met(met: str) -> str:
    return {Met.MET: _("符合"), Met.FAILED: _("不符合"), Met.UNKNOWN: _("不知道")}[Met(met)]


def _value(one: Mapping[str, Any]) -> str:
    """As it is told: a flag, a code's words, a number or its band; or why it is not known."""
    if not one["known"]:
        return said(Saying(one["unknown_title"]))
    if isinstance(one["value"], bool):
        return _("是") if one["value"] else _("否")
    if one["value"] is not None:
        return str(one["value_title"] or one["value"])
    if one["band"] is None:
        return _("没有")
    return _("%(low)s 至 %(high)s（不含）%(unit)s") % {
        "low": f"{int(float(one['band']['at_least'])):,}",
        "high": f"{int(float(one['band']['below'])):,}",
        "unit": one["unit"] or "",
    }


def _yuan(amount: str | None) -> str:
    return "" if amount is None else f"{int(amount):,}"
