"""信用修复: what may be repaired from which day, with what, at whom; preparing an application and following it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao import catalogue
from xinqiao.disclosure import corrected
from xinqiao.disclosure.own_file import own_file
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, refusals, repaired, showing
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.rights import proofs, repairing, repairs, ways
from xinqiao.rights.cases import About
from xinqiao.rights.errors import PaperInvalid, PapersMissing, RepairNotOpen, TooManyPapers, UnknownLine
from xinqiao.rights.rules.repairs import Guidance, May, State, guidance
from xinqiao.rights.ways import Way

PAGE: Final = "portal:my_repair"
SEVERITIES: Final = "severity"  # the code list of 失信程度


@dataclass(frozen=True, slots=True)
class Guided:
    """One line that may be held against the business, and what can be done about it."""

    line: showing.Line
    may: May
    severity: str
    since: str
    ends: str
    how: str
    papers: tuple[str, ...]
    here: bool  # applied for through us
    url: str

    @property
    def now(self) -> bool:
        return self.may is May.NOW


@never_cache
@only(Role.BUSINESS)
def my_repairs(request: PageRequest) -> HttpResponse:
    """What can be repaired now first, then what will be; below, what was applied for."""
    found = sorted(_guided(request), key=lambda one: (not (one.now and one.here), not one.now))
    count = sum(one.now and one.here for one in found)
    title = ngettext("%(n)d 条现在可以申请修复", "%(n)d 条现在可以申请修复", count) % {"n": count}
    told = {
        "lines": found,
        "title": title if count else _("现在没有可以在这里申请修复的"),
        "repairs": [repaired.shown(one, PAGE) for one in repairs.repairs_of(acting_subject(request))],
        "within": catalogue.city().clocks["repair_answered"].within,
    }
    return render(request, "portal/business/repairs.html", told)


@never_cache
@only(Role.BUSINESS)
def repair_line(request: PageRequest, fact: int) -> HttpResponse:
    """What to do about one line; beginning is one button, where the day has come."""
    if (earlier := repairs.open_on(FactId(fact))) is not None and earlier.subject_id == acting_subject(request):
        return redirect(PAGE, number=earlier.number)
    if request.method == "POST":
        begun = repairing.begin(
            subject_id=acting_subject(request), fact=FactId(fact), by=acting_person(request), now=timezone.now()
        )
        return redirect(PAGE, number=begun.number)
    one = next((one for one in _guided(request, every=True) if one.line.fact == fact), None)
    if one is None:
        raise UnknownLine
    within = catalogue.city().clocks["repair_answered"].within
    return render(request, "portal/business/repair_line.html", {"one": one, "within": within})


@never_cache
@only(Role.BUSINESS)
def my_repair(request: PageRequest, number: int) -> HttpResponse:
    """While it is prepared: what is missing. Afterwards: under which number, until when, what came of it."""
    repairs.repair(number, of=acting_subject(request))
    if request.method == "POST":
        return _act(request, number)
    return _page(request, number)


@only(Role.BUSINESS)
def put_paper(request: PageRequest, number: int, paper: str) -> HttpResponse:
    """Put the file for one of the papers asked for."""
    view = repairs.repair(number, of=acting_subject(request))
    way = ways.ways().get(view.item)
    if request.method != "POST" or way is None or paper not in {one.paper for one in way.papers}:
        return redirect(PAGE, number=number)
    by, now = acting_person(request), timezone.now()
    try:
        proofs.add(About.REPAIR, number, attached.sent(request), paper=paper, by=by, now=now)
    except (PaperInvalid, TooManyPapers, FormIncomplete) as problem:
        return _page(request, number, refusals.words(problem))
    return redirect(PAGE, number=number)


def _act(request: PageRequest, number: int) -> HttpResponse:
    by, now = acting_person(request), timezone.now()
    if request.POST.get("act") == "drop":
        repairing.drop(number, by=by, now=now)
        return redirect("portal:my_repairs")
    try:
        repairing.submit(number, by=by, now=now)
    except (PapersMissing, RepairNotOpen) as problem:
        return _page(request, number, refusals.words(problem))
    return redirect(f"{reverse(PAGE, args=[number])}?done=submitted")


def _page(request: PageRequest, number: int, fault: Mapping[str, str] | None = None) -> HttpResponse:
    view = repairs.repair(number, of=acting_subject(request))
    lying = attached.shown(About.REPAIR, number, attached.MINE)
    lacking = {one.paper for one in repairing.missing(number)}
    way = ways.ways()[view.item]
    told: dict[str, Any] = {
        "repair": repaired.shown(view, PAGE),
        "preparing": view.state is State.PREPARING,
        "papers": [
            {"paper": one.paper, "title": said(one.title), "lacking": one.paper in lacking,
             "files": [file for file in lying if file.paper == one.paper]}
            for one in way.papers
        ],
        "complete": not lacking,
        "within": catalogue.city().clocks["repair_answered"].within,
        "granted": view.state is State.GRANTED,
        "refused": view.state is State.REFUSED,
        "told": _told(view.result) if view.state is State.GRANTED and view.result is not None else [],
        "most": attached.most(),
        "fault": fault,
        "done": request.GET.get("done", ""),
    }  # fmt: skip
    return render(request, "portal/business/repair.html", told, status=400 if fault else 200)


def _told(result: int) -> list[corrected.Told]:
    return corrected.told_of(repairs.result(result).facts)


def _guided(request: PageRequest, *, every: bool = False) -> Iterator[Guided]:
    """The lines as their business reads them: through the door, like everything it reads of its file."""
    report = own_file(subject_id=acting_subject(request), person=acting_person(request), now=timezone.now()).report
    values = {
        line["fact"]: (item["item"], line["values"])
        for family in report["families"]
        for item in family["items"]
        for line in item["lines"]
    }
    today = day_of(timezone.now())
    for family in showing.families(report["families"], report["subject"]["uscc"]):
        for line in (one for one in family.lines if one.counts):
            name, said_there = values[line.fact]
            way = ways.ways().get(name)
            told = guidance(catalogue.city().item(name), said_there, today, has_way=way is not None)
            if every or told.may is not May.NOT_NEEDED:
                yield _shown(line, told, way)


def _shown(line: showing.Line, told: Guidance, way: Way | None) -> Guided:
    return Guided(
        line=line,
        may=told.may,
        severity=_severity(told),
        since=told.since.isoformat() if told.since else "",
        ends=told.ends.isoformat() if told.ends else "",
        how=said(way.how) if way else "",
        papers=tuple(said(one.title) for one in way.papers) if way else (),
        here=way is not None and way.applied_for_here,
        url=reverse("portal:repair_line", args=[line.fact]),
    )


def _severity(told: Guidance) -> str:
    codes = catalogue.city().codes[SEVERITIES].values
    return said(codes[told.severity].title) if told.severity in codes else ""
