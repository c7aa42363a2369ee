"""POST /api/v1/reports: an institution asks about one business."""

from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja import Header, Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.dpop import ClientRequest
from xinqiao.api.parsing import Day, ItemName
from xinqiao.api.v1.refusing import ASKING, answers
from xinqiao.api.v1.shapes import Promised
from xinqiao.authorisation.rules import Range
from xinqiao.disclosure.reports import disclose_report
from xinqiao.kernel.ids import GrantId
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["信用报告 Reports"])

# No control characters, and none that would turn or hide the text a business reads (Unicode TR #36).
VISIBLE = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$"


class ReportAsk(Schema):
    """Whom it is about and what for. Unknown members are refused: a misspelt wish is not silently left out."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"uscc": "91410402MA40TE5TXF", "purpose": "loan_review", "on_behalf": "工号 0317"}]
        },
    )

    uscc: Annotated[str, Field(min_length=1, max_length=40, description="统一社会信用代码")]
    purpose: Annotated[ItemName, Field(description="用途，须与授权一致")]
    items: Annotated[
        list[ItemName] | None, Field(max_length=200, description="要看的数据项；不写就是授权的全部，超出即拒绝")
    ] = None
    grant: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="指定使用哪一份授权书")] = None
    since: Annotated[Day | None, Field(description="只要这一天以来的信息；早于授权的即拒绝。不写就是授权的全部")] = None
    until: Annotated[Day | None, Field(description="只要到这一天为止的信息")] = None
    on_behalf: Annotated[
        str | None,
        Field(max_length=40, pattern=VISIBLE, description="贵机构哪位经办人要看；企业会看到"),
    ] = None


Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="可选：由调用方取的、每次提问不同的键（如 UUID），保留七天。没收到回答时用同一个键重发，得到同一份"
        "报告和回执，企业只看到一次查询；内容已有变化或已不能再提供的，重新判断：作为一次新的查询回答，或者拒绝。"
        "同一个键、不同的提问：422。"
        " Kept for seven days. Repeat with the same key when the answer was lost: the same report and receipt, and one"
        " look; decided anew where what would be told has changed. The same key with another question is a 422.",
    ),
]


# What is returned is finished text: the shapes describe it and never touch it.
@router.post(
    "/reports", by_alias=True, response=answers(Promised, *ASKING), summary="查询一个主体的信用报告 Ask for a report"
)
def request_report(request: ClientRequest, ask: ReportAsk, key: Key = None) -> HttpResponse:
    """No grant and no such business are one answer; a grant's own party is told its state."""
    pace.of_client(pace.REPORTS, request.auth.id)
    now, uscc = timezone.now(), Uscc.parse(ask.uscc)
    items = None if ask.items is None else frozenset(ask.items)
    tokens.hold_to(request.auth, Detail(Service.REPORT, ask.purpose, uscc, items, ask.grant), now=now)
    report = disclose_report(
        asker=request.auth.institution,
        officer=None,
        client=request.auth.id,
        on_behalf=ask.on_behalf or "",
        uscc=uscc,
        purpose=ask.purpose,
        items=items,
        grant=None if ask.grant is None else GrantId(ask.grant),
        range=Range(ask.since, ask.until),
        key=key or "",
        now=now,
    )
    answer = HttpResponse(report.text, content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
