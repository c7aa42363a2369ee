"""/api/v1/subscriptions and pushes: public information by region, industry and size, in files."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.receipt_shapes import Inclusion, Signature
from xinqiao.api.v1.refusing import OWN, ProblemAnswer, answers
from xinqiao.api.v1.shapes import BasisTold, Digest, Instant, RecipientTold, Shape
from xinqiao.disclosure import pushed, subscribing
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.pushed import FORMS, OrderView, PushView, SubscriptionView, Wanted
from xinqiao.disclosure.telling import instant
from xinqiao.parties import tokens
from xinqiao.parties.limits import Limit

router = Router(tags=["批量推送 Pushes"])
FormName = Literal["jsonl", "csv"]
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Names = Annotated[list[ItemName], Field(max_length=100)]
Codes = Annotated[list[Annotated[str, Field(min_length=1, max_length=6)]], Field(max_length=100)]


class SubscriptionAsk(Schema):
    """An empty list narrows nothing."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "purpose": "loan_review",
                    "items": ["administrative_penalty", "tax_arrears"],
                    "divisions": ["410423"],
                    "industries": ["A", "13"],
                }
            ]
        },
    )

    purpose: ItemName
    items: Annotated[Names, Field(description="公开的数据项")]
    divisions: Annotated[Codes, Field(description="区划代码")] = Field(default_factory=list)
    industries: Annotated[Codes, Field(description="国民经济行业门类或大类")] = Field(default_factory=list)
    kinds: Annotated[Names, Field(description="主体类型")] = Field(default_factory=list)
    sizes: Annotated[Codes, Field(description="划型：1 中型、2 小型、3 微型")] = Field(default_factory=list)


class WantedTold(Shape):
    items: list[str]
    divisions: list[str]
    industries: list[str]
    kinds: list[str]
    sizes: list[str]


class Ordered(Schema):
    """A file that is asked for. Both of `done` and `of` count businesses. `because`: why it came to no file, such as
    `nothing-changed`."""

    full: bool
    asked_at: str
    done: int
    of: int | None
    ended_at: str | None
    because: str
    push: int | None


class Pushed(Schema):
    push: int
    since: Annotated[int | None, Field(description="这份文件说的是哪一份之后的变化；null 是全量")]
    put: int
    removed: int
    made_at: str
    kept: Annotated[bool, Field(description="文件还能不能取；回执一直能取")]


class Subscription(Schema):
    subscription: int
    purpose: str
    wanted: WantedTold
    by: str
    begun_at: str
    ended_at: str | None
    order: Ordered | None
    pushes: list[Pushed]


class Subscriptions(Schema):
    subscriptions: list[Subscription]


class FileOfPush(Shape):
    form: FormName
    name: str
    media: str
    sha256: Digest
    bytes: int


class LinesCounted(Shape):
    put: int
    removed: int


class PushBody(Shape):
    """What is signed. Which facts are in the file, the file says: the receipt has its digest."""

    push: int
    log: str
    told_at: Instant
    recipient: RecipientTold
    purpose: str
    basis: BasisTold
    subscription: int
    since: int | None
    wanted: WantedTold
    lines: LinesCounted
    files: list[FileOfPush]
    nonce: str


class PushEvidence(Shape):
    format: Literal["xinqiao-push/1"]
    receipt: PushBody
    signature: Signature
    event: str
    promise: str | None = None
    proof: Inclusion | None = None
    checkpoint: str | None = None


def _asked(request: ClientRequest, limit: Limit, purpose: str = "") -> Asked:
    pace.of_client(limit, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    return Asked(request.auth.institution, MANY, purpose, now, None, request.auth.id)


def _shown(one: SubscriptionView) -> dict[str, Any]:
    return {
        "subscription": one.id,
        "purpose": one.purpose,
        "wanted": one.wanted.as_json(),
        "by": one.by,
        "begun_at": instant(one.begun_at),
        "ended_at": one.ended_at and instant(one.ended_at),
        "order": None if one.order is None else _order(one.order),
        "pushes": [_push(made) for made in one.pushes],
    }


def _order(one: OrderView) -> dict[str, Any]:
    times = {"asked_at": instant(one.asked_at), "ended_at": one.ended_at and instant(one.ended_at)}
    names = ("full", "done", "of", "because", "push")
    return times | {name: getattr(one, name) for name in names}


def _push(one: PushView) -> dict[str, Any]:
    names = ("since", "put", "removed", "kept")
    return {"push": one.number, "made_at": instant(one.made_at)} | {name: getattr(one, name) for name in names}


@router.get("/subscriptions", response=answers(Subscriptions, 403, *OWN), summary="本机构的订阅 Your subscriptions")
def list_subscriptions(request: ClientRequest) -> dict[str, Any]:
    """The newest hundred, each with its newest files and how far the one is that is being made."""
    asked = _asked(request, pace.OWN)
    return {"subscriptions": [_shown(one) for one in pushed.of_institution(asked.asker)]}


@router.post("/subscriptions", response=answers(Subscription, 403, 413, *OWN), summary="订阅公开信息 Subscribe")
def begin(request: ClientRequest, ask: SubscriptionAsk) -> dict[str, Any]:
    """Public information only, row by row. The same again is the same subscription."""
    lists = (ask.items, ask.divisions, ask.industries, ask.kinds, ask.sizes)
    wanted = Wanted(*(tuple(sorted(set(one))) for one in lists))
    return _shown(subscribing.begin(_asked(request, pace.OWN, ask.purpose), wanted))


@router.post(
    "/subscriptions/{subscription}/pushes",
    response=answers(Subscription, 403, 409, *OWN),
    summary="要一份文件 Ask for a file",
)
def order(
    request: ClientRequest,
    subscription: Number,
    content: Annotated[Literal["full", "changes"], Query(description="全量，还是上一份之后的变化")] = "changes",
) -> dict[str, Any]:
    """It is made by and by; the event `xinqiao.push.ready` says when it can be fetched. Changes are made every night
    too. Where no file was made before, changes are all there is."""
    asked = _asked(request, pace.QUERIES)
    return _shown(subscribing.order(subscription, asked, full=content == "full"))


@router.delete(
    "/subscriptions/{subscription}", response=answers(Subscription, 403, 409, *OWN), summary="停止订阅 Unsubscribe"
)
def end(request: ClientRequest, subscription: Number) -> dict[str, Any]:
    asked = _asked(request, pace.OWN)
    return _shown(subscribing.end(subscription, institution=asked.asker, now=asked.now))


@router.get("/pushes/{push}", response=answers(PushEvidence, 403, *OWN), exclude_unset=True, summary="回执 Receipt")
def receipt(request: ClientRequest, push: Number) -> HttpResponse:
    """With the digests of the file's forms; `xinqiao-verify FILE --receipt THIS --trust KEYS` checks the file."""
    asked = _asked(request, pace.OWN)
    file = canonical(pushed.evidence(push, of=asked.asker))
    answer = HttpResponse(file, content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get(
    "/pushes/{push}/file",
    response={frozenset((403, *OWN)): ProblemAnswer},
    openapi_extra={
        "responses": {
            200: {
                "description": "The file",
                "content": {media: {"schema": {"type": "string"}} for media in FORMS.values()},
            }
        }
    },
    summary="取文件 Fetch the file",
)
def fetch(
    request: ClientRequest,
    push: Number,
    form: Annotated[FormName, Query(description="jsonl：每行一个 JSON；csv：表格")] = "jsonl",
) -> StreamingHttpResponse:
    """For thirty days, while the agreement is in force. The last JSON line counts the others: a file without it was cut
    short."""
    name, media, content = subscribing.fetch(push, form, _asked(request, pace.OWN))
    answer = StreamingHttpResponse(subscribing.chunks(content), content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
