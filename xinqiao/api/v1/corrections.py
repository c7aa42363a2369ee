"""GET /api/v1/corrections: what an institution was told that turned out wrong since, to be read on from a place."""

from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.disclosure import corrected
from xinqiao.parties import tokens

router = Router(tags=["更正 Corrections"])


class CorrectedLine(Schema):
    """Of a line that only stood behind a grade nothing but its number is told."""

    fact: int
    item: str | None = None
    source: str | None = None
    delivery: int | None = None
    line: int | None = None


class ReportNamed(Schema):
    receipt: int
    number: str


class Subject(Schema):
    uscc: str
    name: str


class Correction(Schema):
    """`outcome`: replaced — its source has put another row in its place; withdrawn — it was taken out; repaired — it
    has been repaired: stop using it and lift what was done because of it."""

    format: Literal["xinqiao-correction/1"]
    number: str
    generated_at: str
    recipient: dict[str, Any]
    basis: dict[str, Any]
    subject: Subject
    because: str
    outcome: Literal["replaced", "withdrawn", "repaired"]
    said: str
    lines: list[CorrectedLine]
    reports: list[ReportNamed]
    pushes: Annotated[list[int] | None, Field(description="这些行还在哪些批量推送的文件里")] = None


class CorrectionTold(Schema):
    """`correction` is the notice as it was told; `GET /receipts/{receipt}` is the evidence, over its SHA-256."""

    position: int
    receipt: int
    correction: Correction


class Page(Schema):
    """`next`: pass it as `after` the next time, whether or not there was anything."""

    corrections: list[CorrectionTold]
    next: int


@router.get(
    "/corrections",
    response=answers(Page, 403, *OWN),
    exclude_unset=True,
    summary="已告知的内容有错的，在这里取更正通知 What you were told that turned out wrong",
)
def corrections(request: ClientRequest, after: Annotated[int, Query(ge=-1, le=2**53 - 1)] = -1) -> dict[str, Any]:
    """At most 50, in the order of the log. Only one's own. Call again with `next` until the list is empty, and then
    every day: none is ever put in before a place that was read already. They speak of every business: only for a token
    without details."""
    pace.of_client(pace.OWN, request.auth.id)
    tokens.hold_to_whole(request.auth, now=timezone.now())
    found = corrected.after(request.auth.institution, after)
    return {
        "corrections": [{"position": one.position, "receipt": one.receipt, "correction": one.said} for one in found],
        "next": found[-1].position if found else after,
    }
