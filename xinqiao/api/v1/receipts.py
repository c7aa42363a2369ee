"""Receipts: an institution fetches its own; anybody may ask whether a report is ours."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema

from xinqiao.api import pace
from xinqiao.api.callers import Bound, ClientRequest
from xinqiao.api.v1.receipt_shapes import Evidence
from xinqiao.api.v1.refusing import OWN, PUBLIC, answers
from xinqiao.disclosure import queries, receipts
from xinqiao.disclosure.canonical import canonical
from xinqiao.parties import tokens

router = Router(tags=["回执 Receipts"])

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]


class CheckAnswer(Schema):
    """`genuine`: a report with this number and this digest was issued here. `proven`: the log proves it. `changed`: how
    many of its lines have been taken out, repaired or replaced since."""

    genuine: bool
    proven: bool
    changed: int


@router.get(
    "/receipts/{number}",
    auth=Bound(),
    response=answers(Evidence, 403, *OWN),
    summary="取一份回执，已入日志的带证明 Fetch a receipt with its proof",
)
def fetch_receipt(request: ClientRequest, number: Number) -> HttpResponse:
    """Only receipts of one's own institution; any other number is as unknown. Of a token with details only what was
    told about its business and for its purpose."""
    pace.of_client(pace.OWN, request.auth.id)
    file = receipts.receipt(number, of=request.auth.institution)
    told = file["receipt"]
    tokens.hold_to_sight(request.auth, uscc=told["subject"], purpose=told["purpose"], now=timezone.now())
    answer = HttpResponse(canonical(file), content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get(
    "/receipts/{number}/check",
    auth=None,
    response=answers(CheckAnswer, *PUBLIC),
    summary="任何人核对一份报告的真伪 Anybody checks a report",
)
def check_receipt(
    request: HttpRequest, number: Number, digest: Annotated[str, Query(pattern=r"^[0-9a-fA-F]{64}$")]
) -> CheckAnswer:
    """`digest` is the SHA-256 of the report's RFC 8785 form. Nothing is told but whether the two belong together."""
    pace.of_address(pace.CHECKS, request)
    found = queries.public_check(number, digest)
    return CheckAnswer(genuine=found.genuine, proven=found.proven, changed=found.changed)
