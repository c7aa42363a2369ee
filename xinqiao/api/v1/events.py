"""GET /api/v1/events: what happened that concerns an institution. Webhooks carry the same events; this works alone."""

from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.notices import queries
from xinqiao.notices.rules import News
from xinqiao.parties import tokens

router = Router(tags=["消息 Events"])


class EventData(Schema):
    """Our numbers of what the event is about, and nothing else; `number` is its own, in this feed."""

    model_config = ConfigDict(extra="forbid")

    number: int
    grant: int | None = None
    agreement: int | None = None
    suspension: int | None = None
    infringement: int | None = None
    receipt: int | None = None
    fact: int | None = None
    receipts: list[int] | None = None
    watch: int | None = None
    news: int | None = None
    push: int | None = None
    webhook: int | None = None


class CloudEvent(Schema):
    """A CloudEvent (1.0, JSON). `id` is the same wherever the event comes from: what was seen already is left out."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: News
    subject: str
    time: str
    datacontenttype: Literal["application/json"]
    data: EventData


class EventPage(Schema):
    """`next`: pass it as `after` the next time, whether or not there was anything. `oldest`: the first number still
    kept; where `after` is more than one below it, events were missed."""

    events: list[CloudEvent]
    next: int
    oldest: int


@router.get(
    "/events",
    response=answers(EventPage, 403, *OWN),
    exclude_unset=True,
    summary="与本机构有关的消息 What concerns you",
)
def events(
    request: ClientRequest,
    after: Annotated[int, Query(ge=0, le=2**53 - 1)] = 0,
    size: Annotated[int, Query(ge=1, le=queries.PAGE)] = queries.PAGE,
) -> dict[str, Any]:
    """In their order, numbered from 1 without gaps, kept for 90 days. None is ever put in before a number that was
    read; reading again from an earlier `after` gives the same events. Two reads a second are enough for any program.
    Only one's own; only for a token without details."""
    pace.of_client(pace.EVENTS, request.auth.id)
    tokens.hold_to_whole(request.auth, now=timezone.now())
    page = queries.feed(request.auth.institution, after, size)
    return {"events": list(page.events), "next": page.next, "oldest": page.oldest}
