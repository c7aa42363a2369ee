"""Reading an institution's own news."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import identity
from xinqiao.notices import seals
from xinqiao.notices.errors import NotFound
from xinqiao.notices.models import Call, Feed, Health, Notice, Sending, Webhook

PAGE: Final = 100
WEBHOOKS_SHOWN: Final = 50
RECEIVED: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Page:
    """Events as CloudEvents, in order. `next` is what to read on after; `oldest` the first number still kept."""

    events: tuple[dict[str, Any], ...]
    next: int
    oldest: int


def feed(institution: InstitutionId, after: int, size: int = PAGE) -> Page:
    """An institution's events after a number (0: from the first still kept)."""
    rows = list(Notice.objects.filter(institution_id=institution, number__gt=after).order_by("number")[:size])
    first = (
        Notice.objects.filter(institution_id=institution).order_by("number").values_list("number", flat=True).first()
    )
    last = Feed.objects.filter(pk=institution).values_list("last", flat=True).first() or 0
    return Page(tuple(_told(rows)), rows[-1].number if rows else after, last + 1 if first is None else first)


def newest(institution: InstitutionId, *, before: int | None = None, size: int = PAGE) -> list[dict[str, Any]]:
    """The same for a person: the newest first."""
    rows = Notice.objects.filter(institution_id=institution)
    rows = rows if before is None else rows.filter(number__lt=before)
    return list(_told(rows.order_by("-number")[:size]))


def event(institution: InstitutionId, number: int) -> dict[str, Any] | None:
    """One event of an institution's, or None where there is none (any more)."""
    return next(iter(_told(Notice.objects.filter(institution_id=institution, number=number))), None)


def _told(rows: Iterable[Notice]) -> list[dict[str, Any]]:
    return [cloud_event(row) for row in rows if seals.genuine(row)]


def cloud_event(row: Notice) -> dict[str, Any]:
    """As CloudEvents 1.0 has it (JSON format). `id` names it wherever it comes from: read, called or called again."""
    return {
        "specversion": "1.0",
        "id": event_id(InstitutionId(row.institution_id), row.number),
        "source": f"//{identity.origin()}",
        "type": row.news,
        "subject": row.subject,
        "time": instant(row.at),
        "datacontenttype": "application/json",
        "data": {"number": row.number, **json.loads(row.about)},
    }


def event_id(institution: InstitutionId, number: int) -> str:
    return f"{institution}-{number}"


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WebhookView:
    id: int
    url: str
    client: str
    news: tuple[str, ...]
    registered_at: datetime
    disabled_at: datetime | None
    ended_at: datetime | None
    failing_since: datetime | None
    waiting: int  # events still on their way

    @property
    def state(self) -> str:
        """live, disabled or ended."""
        if self.ended_at is not None:
            return "ended"
        return "disabled" if self.disabled_at is not None else "live"


@dataclass(frozen=True, slots=True)
class CallView:
    number: int
    at: datetime
    status: int | None
    fault: str
    millis: int

    @property
    def received(self) -> bool:
        return self.status in RECEIVED


def webhooks(institution: InstitutionId) -> list[WebhookView]:
    """An institution's webhooks, the newest first, ended ones last."""
    rows = Webhook.objects.filter(institution_id=institution)
    return [_view(row) for row in sorted(rows, key=lambda row: (row.ended_at is not None, -row.pk))[:WEBHOOKS_SHOWN]]


def webhook(number: int, institution: InstitutionId) -> WebhookView:
    """Raises `NotFound`, also for another institution's."""
    row = Webhook.objects.filter(pk=number, institution_id=institution).first()
    if row is None:
        raise NotFound
    return _view(row)


def calls(number: int, institution: InstitutionId, size: int = PAGE) -> list[CallView]:
    """The newest calls to an institution's webhook first, as far back as they are kept."""
    rows = Call.objects.filter(webhook_id=number, webhook__institution_id=institution).order_by("-id")[:size]
    return [CallView(row.number, row.at, row.status, row.fault, row.millis) for row in rows]


def _view(row: Webhook) -> WebhookView:
    health = Health.objects.filter(pk=row.pk).first()
    waiting = Sending.objects.filter(webhook=row, next_at__isnull=False).count()
    return WebhookView(
        row.pk,
        row.url,
        row.client_id or "",
        tuple(row.news),
        row.registered_at,
        row.disabled_at,
        row.ended_at,
        None if health is None else health.failing_since,
        waiting,
    )
