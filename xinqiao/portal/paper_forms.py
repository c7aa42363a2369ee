"""What is typed about a grant on paper, read for whichever desk it is handed in at."""

from datetime import date, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from xinqiao.authorisation import papers, safeguards, templates
from xinqiao.authorisation.errors import ScanInvalid
from xinqiao.authorisation.paper_queries import OnPaper, PaperView
from xinqiao.authorisation.papers import Desk
from xinqiao.kernel.file_kinds import LARGEST
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties.queries import AgreementView
from xinqiao.portal import naming, on_paper, refusals
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.institution import requesting
from xinqiao.portal.visitors import PageRequest, acting_person
from xinqiao.subjects import queries as subjects

_MEGA: Final = 1024**2


def form(request: PageRequest, agreement: AgreementView, today: date, fault: str) -> dict[str, Any]:
    """An empty form, or what was typed with what is wrong with it."""
    typed = request.POST if request.method == "POST" else request.GET
    words = {name: typed.get(name, "") for name in ("uscc", "signed_by", "signed_on", "until", "way")}
    return (
        requesting.choices(agreement, today)
        | words
        | {
            "chosen": request.POST.getlist("items"),
            "earliest": (today - timedelta(days=safeguards.safeguards().paper.signed_within_days)).isoformat(),
            "most": f"{LARGEST // _MEGA} MB",
            "fault": fault,
        }
    )


def one(request: PageRequest, paper: PaperView, fault: str) -> dict[str, Any]:
    """One paper, and whether whoever looks handed it in."""
    return {
        "paper": on_paper.shown([paper])[0],
        "items": [naming.item(name) for name in paper.says.items],
        "mine": paper.handed_in_by == acting_person(request),
        "fault": fault,
    }


def checked(request: PageRequest, number: int, of: Desk) -> None:
    """The second pair of eyes has its say."""
    typed, by, now = request.POST, acting_person(request), timezone.now()
    if typed.get("act") == "turn_down":
        papers.turn_down(number, because=typed.get("because", ""), of=of, by=by, now=now)
        return
    subject = subjects.known_as(Uscc.parse(typed.get("uscc", "").strip()))
    days = {name: _day(typed.get(name, "")) for name in ("signed_on", "until")}
    papers.accept(number, subject_id=subject.id, of=of, by=by, now=now, **days)


def says(request: PageRequest) -> OnPaper:
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


def scan(request: PageRequest) -> bytes:
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


def words(problem: Problem) -> str:
    words = refusals.words(problem)
    return words["detail"] or words["title"]
