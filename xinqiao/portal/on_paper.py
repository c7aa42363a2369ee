"""纸质授权 in words: for the institution that hands it in, the operator who calls, and the business itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from xinqiao.authorisation.paper_queries import Call, PaperView
from xinqiao.authorisation.scans import Scan
from xinqiao.kernel.ids import SubjectId
from xinqiao.portal import naming, wording
from xinqiao.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """One paper in words. `tone` and `word` say how it stands."""

    number: int
    name: str
    uscc: str
    purpose: str
    until: str
    signed_by: str
    signed_on: str
    handed_in: str
    checked: str
    because: str
    scan: str
    kept: bool
    waiting: bool
    grant: int | None
    tone: str
    word: str
    call_note: str


def shown(papers: Sequence[PaperView]) -> list[ShownPaper]:
    whose = {view.id: view for view in subjects.views({paper.says.subject_id for paper in papers})}
    return [_shown(paper, whose) for paper in papers]


def _shown(paper: PaperView, whose: dict[SubjectId, subjects.SubjectView]) -> ShownPaper:
    says, subject = paper.says, whose[paper.says.subject_id]
    tone, word = _stands(paper)
    return ShownPaper(
        number=paper.number,
        name=subject.name,
        uscc=subject.uscc,
        purpose=naming.purpose(says.purpose),
        until=says.until.isoformat(),
        signed_by=says.signed_by,
        signed_on=says.signed_on.isoformat(),
        handed_in=f"{paper.handed_in_name} · {wording.instant(paper.handed_in_at)}",
        checked=f"{paper.checked_name} · {wording.instant(paper.checked_at)}" if paper.checked_at else "",
        because=paper.because,
        scan=paper.scan,
        kept=paper.kept,
        waiting=paper.waiting,
        grant=paper.grant,
        tone=tone,
        word=word,
        call_note=paper.call_note,
    )


def _stands(paper: PaperView) -> tuple[str, str]:
    if paper.waiting:
        return "care", _("等窗口另一个人核对") if paper.window else _("等同事核对")
    if paper.grant is None:
        return "", _("已退回")
    if paper.call is Call.DENIED:
        return "bad", _("电话核实没有通过")
    if paper.to_call:
        return "care", _("等电话核实")
    return "good", _("电话核实通过") if paper.call is Call.CONFIRMED else _("已生效")


def as_file(scan: Scan) -> HttpResponse:
    """To be saved, never to be shown in place: whoever made the file must not speak in our name."""
    answer = HttpResponse(scan.content, content_type=scan.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{scan.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return answer
