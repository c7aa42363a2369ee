"""提出异议: to one line of one's own file, in two steps: what is wrong, a look at it all, done."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao.disclosure import corrected
from xinqiao.disclosure.own_file import own_file
from xinqiao.kernel.ids import FactId
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, objected, refusals, returning, showing
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.rights import objections, proofs, queries
from xinqiao.rights.cases import About
from xinqiao.rights.errors import PaperInvalid, TooManyPapers, UnknownLine
from xinqiao.rights.keeping import TEXT_MAX
from xinqiao.rights.rules.objections import OWN_MATTER, REASON_TITLES, Reason, State

SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str


@never_cache
@only(Role.BUSINESS)
def object_to(request: PageRequest, fact: int) -> HttpResponse:
    """The form, then a look at what will be sent, then the number. An open objection to the line is shown instead."""
    line = _line(request, fact)
    earlier = queries.open_on(FactId(fact))
    if earlier is not None:
        return redirect("portal:my_objection", number=earlier.number)
    typed = returning.typed(request)
    filled = {name: typed.get(name, "").strip()[: TEXT_MAX + 1] for name in ("reason", "text")}
    step = typed.get("step", "") if request.method == "POST" else ""
    fault = _fault(filled) if step else ""
    if step == "send" and not fault:
        return _send(request, fact, filled)
    reasons = [Choice(reason, said(title)) for reason, title in REASON_TITLES.items()]
    told: dict[str, Any] = {"line": line, "said": filled, "fault": fault, "reasons": reasons, "most": TEXT_MAX}
    told["terms"] = objected.terms()
    if step == "check" and not fault:
        reason = Reason(filled["reason"])
        told |= {"reason": said(REASON_TITLES[reason]), "asks_source": reason not in OWN_MATTER}
        return render(request, "portal/business/object_check.html", told)
    return render(request, "portal/business/object.html", told, status=400 if fault else 200)


def _line(request: PageRequest, fact: int) -> showing.Line:
    """The line as its business reads it: through the door, like everything it reads of its file."""
    report = own_file(subject_id=acting_subject(request), person=acting_person(request), now=timezone.now()).report
    families = showing.families(report["families"], report["subject"]["uscc"])
    found = next((line for family in families for line in family.lines if line.fact == fact), None)
    if found is None:
        raise UnknownLine
    return found


def _fault(filled: dict[str, str]) -> str:
    if filled["reason"] not in set(Reason):
        return _("请选择一个理由。")
    if not SHORTEST <= len(filled["text"]) <= TEXT_MAX:
        return _("请写明哪里不对，最多 %(most)s 个字。") % {"most": TEXT_MAX}
    return ""


def _send(request: PageRequest, fact: int, filled: dict[str, str]) -> HttpResponse:
    opened = objections.open_(
        subject_id=acting_subject(request),
        fact=FactId(fact),
        reason=filled["reason"],
        text=filled["text"],
        by=acting_person(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse('portal:my_objection', args=[opened.number])}?done=opened")


@only(Role.BUSINESS)
def my_objections(request: PageRequest) -> HttpResponse:
    """The open ones first."""
    every = objected.every(queries.objections_of(acting_subject(request)), "portal:my_objection")
    pending = [one for one in every if one.open]
    title = ngettext("%(n)d 件异议在办", "%(n)d 件异议在办", len(pending)) % {"n": len(pending)}
    told = {
        "pending": pending,
        "ended": [one for one in every if not one.open],
        "title": title if pending else _("没有在办的异议"),
    }
    return render(request, "portal/business/objections.html", told)


@only(Role.BUSINESS)
def my_objection(request: PageRequest, number: int) -> HttpResponse:
    """Where it stands, until when, what was answered, and what comes next; after sending it is the confirmation."""
    return _page(request, number)


@only(Role.BUSINESS)
def put_paper(request: PageRequest, number: int) -> HttpResponse:
    """Put a paper to it; what was wrong with one stands on its page."""
    if request.method != "POST":
        queries.objection(number, of=acting_subject(request))
        return redirect("portal:my_objection", number=number)
    try:
        content = attached.sent(request)
        proofs.add(About.OBJECTION, number, content, by=acting_person(request), now=timezone.now())
    except (PaperInvalid, TooManyPapers, FormIncomplete) as problem:
        return _page(request, number, fault=refusals.words(problem))
    return redirect(f"{reverse('portal:my_objection', args=[number])}?done=paper")


def _page(request: PageRequest, number: int, fault: dict[str, str] | None = None) -> HttpResponse:
    view = queries.objection(number, of=acting_subject(request))
    told = {
        "objection": objected.shown(view, reverse("portal:my_objection", args=[number])),
        "next": _next(view.state),
        "told": corrected.told_of({view.fact, view.stands_on}) if view.state is State.UPHELD else [],
        "done": request.GET.get("done", ""),
        "ended_well": view.state is State.UPHELD,
        "papers": attached.shown(About.OBJECTION, number, attached.MINE),
        "most": attached.most(),
        "fault": fault,
    }
    return render(request, "portal/business/objection.html", told, status=400 if fault else 200)


def _next(state: State) -> str:
    return {
        State.OPENED: _("平台正在核查，办结后结果会在这里。需要向来源单位核实的，会转给它答复。"),
        State.ASKED: _("来源单位正在核对它报送的这条信息。它答复以后，平台作出处理。"),
        State.ANSWERED: _("平台正在根据来源单位的答复处理，结果会在这里。"),
        State.UPHELD: _("这条信息的错误内容已经不再使用，评价会在一分钟内更新。不用您再做什么。"),
        State.REJECTED: _("您的说明从现在起附在这条信息旁边，谁看到这条信息，谁就看到您的说明。"),
        State.WITHDRAWN: _("这条信息恢复原样。以后仍然可以再提出异议。"),
    }[state]


@only(Role.BUSINESS)
def take_back(request: PageRequest, number: int) -> HttpResponse:
    """First what will happen; then it happens."""
    view = queries.objection(number, of=acting_subject(request))
    if request.method == "POST":
        objections.withdraw(number, by=acting_person(request), now=timezone.now())
        return redirect(f"{reverse('portal:my_objection', args=[number])}?done=withdrawn")
    if not view.open:
        return redirect("portal:my_objection", number=number)
    told = {"objection": objected.shown(view, reverse("portal:my_objection", args=[number]))}
    return render(request, "portal/business/objection_withdraw.html", told)
