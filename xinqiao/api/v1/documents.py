"""POST /api/v1/documents: a report as a file: a signed PDF, a table, or an SD-JWT whose parts can be shown singly."""

import base64
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.asking import Key
from xinqiao.api.v1.receipt_shapes import Inclusion, Signature
from xinqiao.api.v1.refusing import ASKING, OWN, answers
from xinqiao.api.v1.reports import ReportAsk
from xinqiao.api.v1.shapes import Digest, Instant, RecipientTold, Shape
from xinqiao.disclosure import copies
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.door import Asked
from xinqiao.disclosure.papers import FORMS, checked_at
from xinqiao.disclosure.reports import hand_out_report
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["文件 Documents"])
FormName = Literal["pdf", "xlsx", "csv", "sd-jwt"]


class DocumentAsk(ReportAsk):
    form: Annotated[FormName, Field(description="pdf：签章 PDF；xlsx、csv：表格；sd-jwt：可以只出示几部分的凭证")]


class FileTold(Shape):
    name: str
    media: str
    sha256: Annotated[Digest, Field(description="文件的 SHA-256；sd-jwt 的是第一个 ~ 之前的部分")]
    bytes: int


class DocumentBody(Shape):
    """What is signed: the file's digest beside the telling it is of."""

    document: int
    log: str
    issued_at: Instant
    form: FormName
    file: FileTold
    receipt: Annotated[int, Field(description="这次查询的回执编号")]
    report: str
    report_digest: Digest
    recipient: RecipientTold
    subject: str
    purpose: str
    nonce: str


class DocumentEvidence(Shape):
    """Checked by `xinqiao-verify FILE --receipt THIS --trust KEYS`."""

    format: Literal["xinqiao-document/1"]
    receipt: DocumentBody
    signature: Signature
    event: str
    promise: str | None = None
    proof: Inclusion | None = None
    checkpoint: str | None = None


class DocumentHanded(DocumentEvidence):
    content: Annotated[str, Field(description="文件本身，base64；只在这一次回答里，平台不留存")]


@router.post(
    "/documents",
    response=answers(DocumentHanded, *ASKING),
    exclude_unset=True,
    summary="查询一个主体的信用报告，要一个文件 Ask for a report as a file",
)
def request_document(request: ClientRequest, ask: DocumentAsk, key: Key = None) -> HttpResponse:
    """Asked for under the `Idempotency-Key` of a report just told it is a file of that report, and no second look.
    Every file bears, to be seen and hidden, for whom it was made."""
    pace.of_client(pace.REPORTS, request.auth.id)
    now, uscc = timezone.now(), Uscc.parse(ask.uscc)
    items = None if ask.items is None else frozenset(ask.items)
    tokens.hold_to(request.auth, Detail(Service.REPORT, ask.purpose, uscc, items, ask.grant), now=now)
    client, behalf = request.auth.id, ask.on_behalf or ""
    asked = Asked(request.auth.institution, uscc, ask.purpose, now, None, client, behalf, items, ask.granted, ask.range)
    paper = hand_out_report(asked, FORMS[ask.form], check=checked_at(request.build_absolute_uri), key=key or "")
    return _answered(copies.evidence(paper.number) | {"content": base64.b64encode(paper.content).decode()})


@router.get(
    "/documents/{document}",
    response=answers(DocumentEvidence, 403, *OWN),
    exclude_unset=True,
    summary="取一个文件的回执，已入日志的带证明 Fetch a file's receipt with its proof",
)
def fetch_document(request: ClientRequest, document: Annotated[int, Path(ge=1, le=2**53 - 1)]) -> HttpResponse:
    """Only of files one's own institution was handed; any other number is as unknown."""
    pace.of_client(pace.OWN, request.auth.id)
    file = copies.evidence(document, of=request.auth.institution)
    told = file["receipt"]
    tokens.hold_to_sight(request.auth, uscc=told["subject"], purpose=told["purpose"], now=timezone.now())
    return _answered(file)


def _answered(file: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(canonical(file), content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
