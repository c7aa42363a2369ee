"""POST /api/v1/reports: an institution asks about one business."""

from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import Key, RangedAsk, told
from xinqiao.api.v1.receipt_shapes import Promised
from xinqiao.api.v1.refusing import ASKING, answers
from xinqiao.disclosure.reports import disclose_report
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["信用报告 Reports"])


class ReportAsk(RangedAsk):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"uscc": "91410402MA40TE5TXF", "purpose": "loan_review", "on_behalf": "工号 0317"}]
        },
    )

    items: Annotated[
        list[ItemName] | None, Field(max_length=200, description="要看的数据项；不写就是授权的全部，超出即拒绝")
    ] = None


@router.post(
    "/reports", by_alias=True, response=answers(Promised, *ASKING), summary="查询一个主体的信用报告 Ask for a report"
)
def request_report(request: ClientRequest, ask: ReportAsk, key: Key = None) -> HttpResponse:
    """No grant and no such business are one answer; a grant's own party is told its state."""
    pace.of_client(pace.REPORTS, request.auth.id)
    now, uscc = timezone.now(), Uscc.parse(ask.uscc)
    items = None if ask.items is None else frozenset(ask.items)
    tokens.hold_to(request.auth, Detail(Service.REPORT, ask.purpose, uscc, items, ask.grant), now=now)
    return told(
        disclose_report(
            asker=request.auth.institution,
            officer=None,
            client=request.auth.id,
            on_behalf=ask.on_behalf or "",
            uscc=uscc,
            purpose=ask.purpose,
            items=items,
            grant=ask.granted,
            range=ask.range,
            key=key or "",
            now=now,
        )
    )
