"""Reading watches: an institution its own, a business those under one of its grants."""

from dataclasses import dataclass
from datetime import datetime

from xinqiao.disclosure.models import Watch, WatchNews
from xinqiao.kernel.ids import GrantId, InstitutionId


@dataclass(frozen=True, slots=True)
class WatchView:
    """`waiting` is news that was not fetched yet."""

    id: int
    grant: GrantId
    items: tuple[str, ...]
    grade: bool
    client: str
    begun_at: datetime
    ended_at: datetime | None
    waiting: int | None


def of_institution(institution: InstitutionId, size: int = 1000) -> list[WatchView]:
    """An institution's watches, the newest first."""
    return [view(row) for row in Watch.objects.filter(institution_id=institution).order_by("-pk")[:size]]


def of_grant(grant: GrantId) -> list[WatchView]:
    """What is or was watched under a grant, the newest first."""
    return [view(row) for row in Watch.objects.filter(grant_id=grant).order_by("-pk")]


def view(row: Watch) -> WatchView:
    waiting = WatchNews.objects.filter(watch=row, fetched_at__isnull=True).values_list("pk", flat=True).first()
    return WatchView(
        row.pk,
        GrantId(row.grant_id),
        tuple(row.items),
        row.grade,
        row.client,
        row.begun_at,
        row.ended_at,
        waiting,
    )
