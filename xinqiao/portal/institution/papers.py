"""纸质授权: an officer hands in the scan of a signed grant; a colleague reads the scan and enters it once more."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from xinqiao.authorisation import paper_queries, papers, safeguards, scans, templates
from xinqiao.authorisation.errors import AgreementNotInForce, ScanInvalid
from xinqiao.authorisation.paper_queries import OnPaper, PaperView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.file_kinds import LARGEST
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, on_paper, refusals
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.institution import requesting
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only
from xinqiao.subjects import queries as subjects

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEGA: Final = 1024**2


@only(Role.OFFICER)
def all_papers(request: PageRequest) -> HttpResponse:
    """What waits for a colleague's check on top."""
    found = on_paper.shown(paper_queries.of_institution(acting_institution(request)))
    return render(request, "portal/institution/papers.html", {"papers": found, "done": request.GET.get("done", "")})


@only(Role.OFFICER)
def hand_in(request: PageRequest) -> HttpResponse:
    """Whose, what for, what, until when, signed by whom and when, and the scan."""
    institution, today = acting_institution(request), day_of(timezone.now())
    agreement = parties.agreement_in_force(institution, today)
    if agreement is None:
        raise AgreementNotInForce
    typed: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    fault = ""
    if request.method == "POST":
        try:
            papers.hand_in(
                _says(request), _scan(request), institution=institution, by=acting_person(request), now=timezone.now()
            )
        except Problem as problem:
            fault = _words(problem)
        else:
            return redirect(f"{reverse('portal:papers')}?done=handed_in")
    told = requesting.choices(agreement, today) | {
        "uscc": typed.get("uscc", ""),
        "signed_by": typed.get("signed_by", ""),
        "signed_on": typed.get("signed_on", ""),
        "until": typed.get("until", ""),
        "way": typed.get("way", ""),
        "chosen": request.POST.getlist("items"),
        "earliest": (today - timedelta(days=safeguards.safeguards().paper.signed_within_days)).isoformat(),
        "most": f"{LARGEST // _MEGA} MB",
        "fault": fault,
    }
    return render(request, "portal/institution/paper_new.html", told, status=400 if fault else 200)


@only(Role.OFFICER)
def check(request: PageRequest, number: int) -> HttpResponse:
    """The colleague reads the scan, enters whose it is and its days, or says why it does not hold."""
    paper, fault = paper_queries.one_of(number, acting_institution(request)), ""
    if request.method == "POST":
        try:
            _checked(request, number)
        except Problem as problem:
            fault = _words(problem)
        else:
            return redirect(f"{reverse('portal:papers')}?done=checked")
    told: dict[str, Any] = {
        "paper": on_paper.shown([paper])[0],
        "items": [naming.item(name) for name in paper.says.items],
        "mine": _mine(paper, request),
        "fault": fault,
    }
    return render(request, "portal/institution/paper.html", told, status=400 if fault else 200)


@only(Role.OFFICER)
def scan(request: PageRequest, number: int) -> HttpResponse:
    return on_paper.as_file(
        scans.of_ours(number, of=acting_institution(request), by=acting_person(request), now=timezone.now())
    )


def _mine(paper: PaperView, request: PageRequest) -> bool:
    return paper.handed_in_by == acting_person(request)


def _checked(request: PageRequest, number: int) -> None:
    said, of, by, now = request.POST, acting_institution(request), acting_person(request), timezone.now()
    if said.get("act") == "turn_down":
        papers.turn_down(number, because=said.get("because", ""), of=of, by=by, now=now)
        return
    subject = subjects.known_as(Uscc.parse(said.get("uscc", "").strip()))
    days = {name: _day(said.get(name, "")) for name in ("signed_on", "until")}
    papers.accept(number, subject_id=subject.id, of=of, by=by, now=now, **days)


def _says(request: PageRequest) -> OnPaper:
    said = request.POST
    template = templates.templates().get(said.get("way", ""))
    if template is None:
        raise FormIncomplete(Saying("请选择用途。"))
    return OnPaper(
        subject_id=subjects.known_as(Uscc.parse(said.get("uscc", "").strip())).id,
        items=tuple(said.getlist("items")),
        purpose=template.purpose,
        fetch=template.fetch,
        until=_day(said.get("until", "")),
        signed_by=said.get("signed_by", ""),
        signed_on=_day(said.get("signed_on", "")),
    )


def _scan(request: PageRequest) -> bytes:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise FormIncomplete(Saying("请选择扫描件。"))
    if file.size is None or file.size > LARGEST:
        raise ScanInvalid(Saying("扫描件最大 {most} MB，不能是空文件", most=LARGEST // _MEGA))
    return b"".join(file.chunks())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FormIncomplete(Saying("请填写日期。")) from None


def _words(problem: Problem) -> str:
    words = refusals.words(problem)
    return words["detail"] or words["title"]
