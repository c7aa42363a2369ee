"""出示一部分: the business chooses which parts of its report somebody gets to see, and takes them along as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from xinqiao.disclosure import credentials, own_file
from xinqiao.disclosure.papers import PDF, SD_JWT, XLSX, Paper
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, papers
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only

OFFERED: Final = (PDF, XLSX)


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    title: str
    lines: int
    adverse: bool


@never_cache
@only(Role.BUSINESS)
def download(request: PageRequest) -> HttpResponse:
    """My own report as a file, signed; as often as I like."""
    if request.method != "POST":
        return redirect("portal:my_file")
    return papers.handed_out(_handed_out(request, papers.asked(request)))


@never_cache
@only(Role.BUSINESS)
def present(request: PageRequest) -> HttpResponse:
    """Choose on the page, take the file. What is not chosen is not in it."""
    chosen = request.POST.getlist("part")
    if request.method == "POST" and chosen:
        return _presented(request, chosen)
    report = own_file.own_file(
        subject_id=acting_subject(request), person=acting_person(request), now=timezone.now()
    ).report
    told = {
        "parts": _parts(report),
        "fault": _("请至少选一部分。") if request.method == "POST" else "",
        "days": credentials.HOLDS.days,
    }
    return render(request, "portal/business/present.html", told)


def _presented(request: PageRequest, chosen: list[str]) -> HttpResponse:
    paper = _handed_out(request, SD_JWT)
    shown = credentials.presented(paper.content.decode(), chosen)
    return papers.handed_out(Paper(paper.number, paper.receipt, paper.name, paper.media, shown.encode()))


def _handed_out(request: PageRequest, form: Any) -> Paper:
    return own_file.hand_out_own_file(
        subject_id=acting_subject(request),
        person=acting_person(request),
        form=form,
        check=papers.check_at(request),
        now=timezone.now(),
    )


def _parts(report: Mapping[str, Any]) -> list[Part]:
    """What there is something of first, in the city's order; the rest can be shown too: that there is nothing."""
    lines = {item["item"]: item["lines"] for family in report["families"] for item in family["items"]}
    parts = [
        Part(
            name,
            said(title) if name == credentials.GRADE else naming.item(name),
            len(lines.get(name, ())),
            any(line["nature"] == "breach" for line in lines.get(name, ())),
        )
        for name, title in credentials.part_names(report).items()
    ]
    return sorted(parts, key=lambda part: (part.name != credentials.GRADE, not part.lines))
