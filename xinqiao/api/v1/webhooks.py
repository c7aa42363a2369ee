"""/api/v1/webhooks: where an institution wants to be called with its events, and what became of the calls."""

from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.notices import addresses, queries, sending, webhooks
from xinqiao.notices.queries import WebhookView
from xinqiao.notices.rules import News
from xinqiao.parties import tokens

router = Router(tags=["通知地址 Webhooks"])
CHANGING = (403, 409, 413, *OWN)
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]


class WebhookAsk(Schema):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"url": "https://hooks.bank.example/xinqiao", "types": []}]},
    )

    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=addresses.LONGEST,
            pattern=r"^[!-~]+$",
            description="接收通知的地址：https，端口 443 或 8443，解析到公网。不跟随跳转",
        ),
    ]
    types: Annotated[
        list[Annotated[News, Field(strict=False)]],
        Field(default_factory=list, max_length=len(News), description="只要这些种类的消息；空列表是全部"),
    ]


class ReplayAsk(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    event: Annotated[int, Field(ge=1, le=2**53 - 1, description="消息的编号（data.number）")]


class Secret(Schema):
    """`secret` is shown this once: `whsec_` and base64. After a change calls are signed with both for a day."""

    webhook: int
    secret: str


class Webhook(Schema):
    """`failing_since`: since when every call has failed. After five days of that it is `disabled`."""

    webhook: int
    url: str
    types: list[str]
    client: str
    state: Literal["live", "disabled", "ended"]
    registered_at: str
    failing_since: str | None
    disabled_at: str | None
    waiting: int


class Webhooks(Schema):
    webhooks: list[Webhook]


class Call(Schema):
    """`status` as your server answered, or null with `fault`: address-refused, unreachable, too-slow, too-large."""

    event: int
    at: str
    status: int | None
    fault: str
    millis: int


class Calls(Schema):
    calls: list[Call]


def _called(request: ClientRequest) -> dict[str, Any]:
    """Who acts: the program, for its institution. Webhooks carry news of every business: only for a token without
    details."""
    pace.of_client(pace.OWN, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    return {"institution": request.auth.institution, "client": request.auth.id, "now": now}


@router.get("/webhooks", response=answers(Webhooks, 403, *OWN), summary="本机构的通知地址 Your webhooks")
def list_webhooks(request: ClientRequest) -> dict[str, Any]:
    _called(request)
    return {"webhooks": [_shown(one) for one in queries.webhooks(request.auth.institution)]}


@router.post("/webhooks", response=answers(Secret, *CHANGING), summary="登记一个通知地址 Register a webhook")
def register(request: ClientRequest, ask: WebhookAsk) -> dict[str, Any]:
    """Signed as [Standard Webhooks](https://www.standardwebhooks.com) has it. Called until it answers 2xx within ten
    seconds: ten times within about three days and a half, then given up; the event stays in the feed. At most five."""
    made = webhooks.register(url=ask.url, news=ask.types, **_called(request))
    return {"webhook": made.id, "secret": made.secret}


@router.get(
    "/webhooks/{webhook}/calls", response=answers(Calls, 403, *OWN), summary="最近的通知 What became of the calls"
)
def calls(request: ClientRequest, webhook: Number) -> dict[str, Any]:
    """The newest hundred, of thirty days."""
    _called(request)
    queries.webhook(webhook, request.auth.institution)
    return {"calls": [_call(one) for one in queries.calls(webhook, request.auth.institution)]}


@router.post(
    "/webhooks/{webhook}/secret", response=answers(Secret, *CHANGING), summary="更换签名密钥 Change the secret"
)
def rotate(request: ClientRequest, webhook: Number) -> dict[str, Any]:
    made = webhooks.rotate(webhook, **_called(request))
    return {"webhook": made.id, "secret": made.secret}


@router.post(
    "/webhooks/{webhook}/replay", response=answers(Webhook, *CHANGING), summary="重发一条消息 Send an event again"
)
def replay(request: ClientRequest, webhook: Number, ask: ReplayAsk) -> dict[str, Any]:
    """Under the same id, whether it was received before or not."""
    now = _called(request)["now"]
    sending.replay(ask.event, webhook, institution=request.auth.institution, now=now)
    return _shown(queries.webhook(webhook, request.auth.institution))


@router.post(
    "/webhooks/{webhook}/resume", response=answers(Webhook, *CHANGING), summary="恢复已停发的地址 Take up calls again"
)
def resume(request: ClientRequest, webhook: Number) -> dict[str, Any]:
    """After it was disabled; what it missed is in the feed."""
    webhooks.resume(webhook, **_called(request))
    return _shown(queries.webhook(webhook, request.auth.institution))


@router.get("/webhooks/{webhook}", response=answers(Webhook, 403, *OWN), summary="一个通知地址 One webhook")
def fetch(request: ClientRequest, webhook: Number) -> dict[str, Any]:
    _called(request)
    return _shown(queries.webhook(webhook, request.auth.institution))


@router.delete("/webhooks/{webhook}", response=answers(Webhook, *CHANGING), summary="停用 End a webhook")
def end(request: ClientRequest, webhook: Number) -> dict[str, Any]:
    webhooks.end(webhook, **_called(request))
    return _shown(queries.webhook(webhook, request.auth.institution))


def _shown(one: WebhookView) -> dict[str, Any]:
    return {
        "webhook": one.id,
        "url": one.url,
        "types": list(one.news),
        "client": one.client,
        "state": one.state,
        "registered_at": queries.instant(one.registered_at),
        "failing_since": one.failing_since and queries.instant(one.failing_since),
        "disabled_at": one.disabled_at and queries.instant(one.disabled_at),
        "waiting": one.waiting,
    }


def _call(one: queries.CallView) -> dict[str, Any]:
    return {
        "event": one.number,
        "at": queries.instant(one.at),
        "status": one.status,
        "fault": one.fault,
        "millis": one.millis,
    }
