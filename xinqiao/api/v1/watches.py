"""/api/v1/watches: under a monitoring grant an institution hears of changes, and fetches what has changed."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import told
from xinqiao.api.v1.narrow_shapes import PromisedWatch
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.disclosure import watched, watching
from xinqiao.disclosure.querying import MOST_ITEMS
from xinqiao.disclosure.telling import instant
from xinqiao.disclosure.watched import WatchView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId
from xinqiao.parties import queries as parties
from xinqiao.parties import tokens
from xinqiao.parties.errors import AccessSuspended

router = Router(tags=["持续关注 Watches"])
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]


class WatchAsk(Schema):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91410402MA40TE5TXF",
                    "purpose": "post_loan",
                    "grant": 17,
                    "items": ["tax_arrears"],
                    "grade": True,
                }
            ]
        },
    )

    uscc: Annotated[str, Field(min_length=1, max_length=40, description="统一社会信用代码")]
    purpose: Annotated[ItemName, Field(description="用途，须与授权一致")]
    grant: Annotated[int, Field(ge=1, le=2**53 - 1, description="哪一份持续关注的授权书")]
    items: Annotated[list[ItemName], Field(max_length=MOST_ITEMS, description="关注哪些数据项，须在授权之内")]
    grade: Annotated[bool, Field(description="评价等级变化时也要知道")]


class Watch(Schema):
    """`news`: what waits to be fetched by `POST /api/v1/news/{news}`; null where nothing does."""

    watch: int
    grant: int
    items: list[str]
    grade: bool
    client: str
    begun_at: str
    ended_at: str | None
    news: int | None


class Watches(Schema):
    watches: list[Watch]


@router.get("/watches", response=answers(Watches, 403, *OWN), summary="本机构关注的 What you watch")
def list_watches(request: ClientRequest) -> dict[str, Any]:
    """The newest thousand."""
    pace.of_client(pace.OWN, request.auth.id)
    _open(request, timezone.now())
    return {"watches": [_shown(one) for one in watched.of_institution(request.auth.institution)]}


@router.post("/watches", response=answers(Watch, 403, 409, 413, *OWN), summary="开始关注一个主体 Begin to watch")
def begin(request: ClientRequest, ask: WatchAsk) -> dict[str, Any]:
    """One watch a grant, for as long as the grant holds; the business sees it beside the grant. A change is an event
    (`xinqiao.watch.news`) and nothing more until it is fetched. Only for a token without details."""
    pace.of_client(pace.QUERIES, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    return _shown(
        watching.begin(
            asker=request.auth.institution,
            client=request.auth.id,
            uscc=ask.uscc,
            purpose=ask.purpose,
            grant=GrantId(ask.grant),
            items=frozenset(ask.items),
            grade=ask.grade,
            now=now,
        )
    )


@router.post(
    "/news/{news}",
    by_alias=True,
    response=answers(PromisedWatch, 403, 409, *OWN),
    summary="取一次变化的内容 Fetch what has changed",
)
def fetch(request: ClientRequest, news: Number) -> HttpResponse:
    """What is watched and has changed, as it stands now, with its receipt: one use of the grant, which the business
    sees. The same program fetches it again within a week for no second use. Refused from the moment on at which the
    grant is paused, revoked or over, however long it has waited."""
    pace.of_client(pace.QUERIES, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    return told(watching.fetch(news, asker=request.auth.institution, client=request.auth.id, now=now))


@router.delete("/watches/{watch}", response=answers(Watch, 403, 409, *OWN), summary="不再关注 Watch no more")
def end(request: ClientRequest, watch: Number) -> dict[str, Any]:
    pace.of_client(pace.OWN, request.auth.id)
    now = timezone.now()
    _open(request, now)
    return _shown(watching.end(watch, institution=request.auth.institution, now=now))


def _open(request: ClientRequest, now: datetime) -> None:
    """A watch shows that something has changed: while access is suspended it stands still, and is not read."""
    tokens.hold_to_whole(request.auth, now=now)
    if parties.suspension_of(request.auth.institution, day_of(now)) is not None:
        raise AccessSuspended


def _shown(one: WatchView) -> dict[str, Any]:
    return {
        "watch": one.id,
        "grant": one.grant,
        "items": list(one.items),
        "grade": one.grade,
        "client": one.client,
        "begun_at": instant(one.begun_at),
        "ended_at": one.ended_at and instant(one.ended_at),
        "news": one.waiting,
    }
