"""材料 on pages: which files lie with a case, putting one there, and taking one away to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from xinqiao.kernel.sayings import Saying
from xinqiao.parties.rules import Role
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.rights import papers, proofs
from xinqiao.rights.cases import About
from xinqiao.rights.errors import PaperInvalid
from xinqiao.rights.papers import ProofView
from xinqiao.rights.rules.papers import LARGEST

MINE: Final = "portal:my_paper"  # the names of the pages a file is taken from, desk by desk
ASKED: Final = "portal:asked_paper"
OURS: Final = "portal:one_paper"
ACCEPTED: Final = ".pdf,.jpg,.jpeg,.png,.xlsx"
_KILO: Final = 1024


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """`url` is empty where the file is kept no more."""

    number: int
    paper: str
    kind: str
    size: str
    added_at: datetime
    url: str


def shown(about: About, number: int, address: str) -> list[ShownPaper]:
    return [_shown(one, address) for one in papers.of_case(about, number)]


def _shown(one: ProofView, address: str) -> ShownPaper:
    url = "" if one.erased_at else reverse(address, args=[one.number])
    return ShownPaper(one.number, one.paper, one.kind.upper(), _size(one.size), one.added_at, url)


def _size(count: int) -> str:
    return f"{count / _KILO**2:.1f} MB" if count >= _KILO**2 else f"{max(count // _KILO, 1)} KB"


def most() -> dict[str, str]:
    """What the form says before somebody chooses a file."""
    return {"size": f"{LARGEST // _KILO**2} MB", "accept": ACCEPTED}


def sent(request: PageRequest) -> bytes:
    """The file somebody chose. Raises `FormIncomplete`, and `PaperInvalid` before reading one that is too large."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise FormIncomplete(Saying("请选择一份材料。"))
    if file.size is None or file.size > LARGEST:
        raise PaperInvalid(Saying("一份材料最大 {most} MB，不能是空文件", most=LARGEST // _KILO**2))
    return b"".join(file.chunks())


@only(Role.BUSINESS)
def mine(request: PageRequest, number: int) -> HttpResponse:
    return _as_file(proofs.read(number, of=acting_subject(request), by=acting_person(request), now=timezone.now()))


@only(Role.PROVIDER)
def asked(request: PageRequest, number: int) -> HttpResponse:
    return _as_file(proofs.read(number, of=request.visitor.scope, by=acting_person(request), now=timezone.now()))


@only(Role.OPERATOR)
def ours(request: PageRequest, number: int) -> HttpResponse:
    return _as_file(proofs.read(number, of=request.visitor.scope, by=acting_person(request), now=timezone.now()))


def _as_file(paper: proofs.Paper) -> HttpResponse:
    """To be saved, never to be shown in place: whoever made the file must not speak in our name."""
    answer = HttpResponse(paper.content, content_type=paper.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return answer
