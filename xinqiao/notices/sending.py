"""Events on their way to webhooks: called until they are received, at longer and longer intervals, then given up.

What is given up stays in the feed. One endpoint that is slow or dead keeps nobody else's waiting for long: a run makes
few calls that fail and has little time, and the next run is another job.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.db import transaction
from django.db.models import Min

from xinqiao import work
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger.canonical import encode
from xinqiao.notices import calling, hearing, queries, signing, webhooks
from xinqiao.notices.calling import Answer
from xinqiao.notices.errors import NotFound, NotLive
from xinqiao.notices.models import Call, Health, Sending, Webhook
from xinqiao.notices.rules import Heard, failed

JOB: Final = "notices.call"
MOST_FAILURES: Final = 3  # of one run
LONGEST_RUN: Final = 30.0  # seconds
MEDIA: Final = "application/cloudevents+json; charset=utf-8"
Post = Callable[[str, bytes, dict[str, str]], Answer]


def begin(one: Heard, number: int, now: datetime) -> None:
    """Put an event on its way to every webhook that wants it. In the transaction that puts it into the feed."""
    live = Webhook.objects.filter(institution_id=one.to, ended_at__isnull=True, disabled_at__isnull=True)
    wanted = live.filter(registered_at__lte=now)
    for webhook, news in wanted.values_list("pk", "news"):
        if not news or str(one.news) in news:
            Sending.objects.create(webhook_id=webhook, number=number, next_at=now)
            _ask_for(webhook)


@transaction.atomic
def replay(number: int, webhook: int, *, institution: InstitutionId, now: datetime) -> None:
    """Send an event once more, under the same id, received before or not. Raises `NotFound`, `NotLive`."""
    row = Webhook.objects.filter(pk=webhook, institution_id=institution).first()
    if row is None or queries.event(institution, number) is None:
        raise NotFound
    if row.ended_at is not None or row.disabled_at is not None:
        raise NotLive
    again = {"calls": 0, "next_at": now, "done_at": None}
    Sending.objects.update_or_create(webhook=row, number=number, defaults=again)
    _ask_for(webhook)


def run(webhook: int, *, clock: Callable[[], datetime], post: Post | None = None) -> int:
    """Make the calls that are due to one webhook; returns how many were received. Outside transactions."""
    received, began = 0, monotonic()
    failures: list[int] = []
    later: list[datetime] = []
    while len(failures) < MOST_FAILURES and monotonic() - began < LONGEST_RUN:
        if (sending := _due(webhook, clock(), failures)) is None:
            break
        if _called(sending, clock, post or _post):
            received += 1
        else:
            failures.append(sending.pk)
    else:
        later.append(clock() + timedelta(seconds=1 if not failures else 60))
    if (first := _next(webhook)) is not None:
        _ask_for(webhook, max(first, min(later, default=first)))
    return received


def _due(webhook: int, now: datetime, tried: list[int]) -> Sending | None:
    rows = Sending.objects.select_related("webhook").filter(webhook_id=webhook, next_at__lte=now)
    live = rows.filter(webhook__ended_at__isnull=True, webhook__disabled_at__isnull=True)
    return live.exclude(pk__in=tried).order_by("next_at", "number").first()


def _next(webhook: int) -> datetime | None:
    rows = Sending.objects.filter(
        webhook_id=webhook, webhook__ended_at__isnull=True, webhook__disabled_at__isnull=True, next_at__isnull=False
    )
    first: datetime | None = rows.aggregate(first=Min("next_at"))["first"]
    return first


def _ask_for(webhook: int, at: datetime | None = None) -> None:
    """A run now, or at a time; one that waits for a later time does not stand in for one that is wanted now."""
    when = "" if at is None else f":{at:%Y%m%dT%H%M%S}"
    work.defer(JOB, once=f"{webhook}{when}", not_before=at, webhook=webhook)


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    return calling.call(url, body, headers, webhooks.bounds())


def _called(sending: Sending, clock: Callable[[], datetime], post: Post) -> bool:
    """One call and what became of it. The call is made outside any transaction: whoever dies during it makes it
    again."""
    row = sending.webhook
    institution = InstitutionId(row.institution_id)
    event = queries.event(institution, sending.number)
    if event is None or hearing.withheld(event["type"], institution, clock()):  # its time in the feed is over, or this
        Sending.objects.filter(pk=sending.pk).update(next_at=None)
        return True
    body, begun, before = encode(event).encode(), clock(), monotonic()
    headers = signing.headers(event["id"], body, webhooks.secrets_of(row, begun), begun)
    answer = post(row.url, body, {**headers, "Content-Type": MEDIA, "User-Agent": "xinqiao"})
    _note(sending, answer, begun, round((monotonic() - before) * 1000))
    return answer.received


@transaction.atomic
def _note(sending: Sending, answer: Answer, at: datetime, millis: int) -> None:
    row = Webhook.objects.select_for_update().get(pk=sending.webhook_id)
    Call.objects.create(
        webhook=row, number=sending.number, at=at, status=answer.status, fault=answer.fault, millis=millis
    )
    sending.calls += 1
    health, _ = Health.objects.get_or_create(webhook=row)
    if answer.received:
        sending.next_at, sending.done_at, health.failing_since = None, at, None
    else:
        outcome = failed(sending.calls, health.failing_since, at, random.random())  # noqa: S311 — spreads calls
        sending.next_at, health.failing_since = outcome.next_at, outcome.failing_since
        if outcome.disabled and row.disabled_at is None and row.ended_at is None:
            webhooks.disable(row, at)
    sending.save(update_fields=["calls", "next_at", "done_at"])
    health.save(update_fields=["failing_since"])
