"""POST /api/v1/queries: an institution asks for some items of one business."""

from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import Key, RangedAsk, told
from xinqiao.api.v1.narrow_shapes import PromisedQuery
from xinqiao.api.v1.refusing import ASKING_OPENLY, answers
from xinqiao.disclosure.querying import MOST_ITEMS, query
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["按项查询 Queries"])


class QueryAsk(RangedAsk):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"uscc": "91410402MA40TE5TXF", "purpose": "loan_review", "items": ["tax_arrears"]}]
        },
    )

    items: Annotated[
        list[ItemName],
        Field(min_length=1, max_length=MOST_ITEMS, description="要看的数据项。公开公示的不需要授权，其余的须有授权"),
    ]


@router.post(
    "/queries",
    by_alias=True,
    response=answers(PromisedQuery, *ASKING_OPENLY),
    summary="按项查询一个主体 Ask for some items",
)
def request_items(request: ClientRequest, ask: QueryAsk, key: Key = None) -> HttpResponse:
    """Open items need no grant; with `grant` all of them are told under it, rows that are not open included."""
    pace.of_client(pace.QUERIES, request.auth.id)
    now, uscc, items = timezone.now(), Uscc.parse(ask.uscc), frozenset(ask.items)
    tokens.hold_to(request.auth, Detail(Service.QUERY, ask.purpose, uscc, items, ask.grant), now=now)
    return told(
        query(
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
