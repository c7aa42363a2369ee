"""Reading subscriptions and what was pushed under them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from xinqiao.disclosure.errors import NoSuchSubscription
from xinqiao.disclosure.models import Correction, Push, Pushed, PushOrder, Subscription
from xinqiao.kernel.ids import EventId, FactId, InstitutionId, SubjectId
from xinqiao.ledger import receipts

FORMAT: Final = "xinqiao-push/1"
KEPT: Final = timedelta(days=30)  # long enough to fetch it again; whoever wants it later asks for another
FORMS: Final = {"jsonl": "application/jsonl", "csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription is of; an empty one of the last four narrows nothing."""

    items: tuple[str, ...]
    divisions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        names = ("items", "divisions", "industries", "kinds", "sizes")
        return {name: list(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class PushView:
    """A file that was made. `since`: it tells the changes after that push; None: it is a full one."""

    number: int
    since: int | None
    put: int
    removed: int
    made_at: datetime
    kept: bool  # its files can still be fetched


@dataclass(frozen=True, slots=True)
class OrderView:
    """A file that is asked for: so many of so many businesses done. `because`: why it came to none."""

    id: int
    full: bool
    asked_at: datetime
    done: int
    of: int | None
    ended_at: datetime | None
    because: str
    push: int | None


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    id: int
    purpose: str
    wanted: Wanted
    by: str
    begun_at: datetime
    ended_at: datetime | None
    order: OrderView | None  # the newest
    pushes: tuple[PushView, ...]  # the newest first


SHOWN: Final = 10


def of_institution(institution: InstitutionId, size: int = 100) -> list[SubscriptionView]:
    """An institution's subscriptions, the newest first."""
    return [view(row) for row in Subscription.objects.filter(institution_id=institution).order_by("-pk")[:size]]


def view(row: Subscription) -> SubscriptionView:
    order = PushOrder.objects.filter(subscription=row).order_by("-pk").first()
    made = PushOrder.objects.filter(subscription=row, push__isnull=False).select_related("push").order_by("-pk")
    return SubscriptionView(
        row.pk,
        row.purpose,
        wanted(row),
        row.by,
        row.begun_at,
        row.ended_at,
        None if order is None else _order(order),
        tuple(_push(one) for one in made[:SHOWN]),
    )


def wanted(row: Subscription) -> Wanted:
    return Wanted(tuple(row.items), tuple(row.divisions), tuple(row.industries), tuple(row.kinds), tuple(row.sizes))


def _order(row: PushOrder) -> OrderView:
    return OrderView(row.pk, row.full, row.asked_at, row.done, row.of, row.ended_at, row.because, row.push_id)


def _push(order: PushOrder) -> PushView:
    row = order.push
    assert row is not None  # noqa: S101 — as it was asked for
    return PushView(row.pk, row.since_id, row.put, row.removed, row.made_at, not order.cleared)


def one(number: int, institution: InstitutionId | None = None) -> Push:
    """Raises `NoSuchSubscription`, of another institution's too."""
    found = Push.objects.select_related("subscription").filter(pk=number)
    row = (found if institution is None else found.filter(subscription__institution_id=institution)).first()
    if row is None:
        raise NoSuchSubscription
    return row


def evidence(number: int, *, of: InstitutionId | None = None) -> dict[str, Any]:
    """The receipt of a push, which `xinqiao-verify FILE --receipt` checks the file by. Raises `NoSuchSubscription`."""
    row = one(number, of)
    return receipts.file(FORMAT, row.body, bytes(row.signature), EventId(row.event))


def file_told(row: Push, form: str) -> dict[str, Any]:
    """Name, media type, digest and size of one form, as the receipt says them."""
    [found] = [one for one in json.loads(row.body)["files"] if one["form"] == form]
    return dict(found)


def named() -> set[str]:
    """The files still kept, for the file room."""
    kept = PushOrder.objects.filter(push__isnull=False, cleared=False).values_list("push__jsonl", "push__csv")
    return {digest for both in kept for digest in both}


def institutions_told(facts: Collection[FactId]) -> dict[InstitutionId, dict[FactId, int]]:
    """Who has which of these facts from a file, and from which push; but for those a notice has answered since."""
    told: dict[InstitutionId, dict[FactId, int]] = {}
    rows = Pushed.objects.filter(fact__in=list(facts)).select_related("subscription", "push")
    for row in rows.order_by("push"):
        institution = InstitutionId(row.subscription.institution_id)
        if not _answered(institution, row):
            told.setdefault(institution, {})[FactId(row.fact)] = row.push_id
    return told


def _answered(institution: InstitutionId, row: Pushed) -> bool:
    notices = Correction.objects.filter(institution_id=institution, facts__contains=[row.fact])
    return notices.filter(receipt__event__gt=row.push.event).exists()


def holders(subject: SubjectId) -> list[tuple[str, datetime]]:
    """Which institutions have open information on a business from files, and when they last got any."""
    rows = Pushed.objects.filter(subject_id=subject).select_related("subscription__institution", "push")
    newest: dict[str, datetime] = {}
    for row in rows.order_by("push"):
        newest[row.subscription.institution.name] = row.push.made_at
    return sorted(newest.items(), key=lambda pair: pair[1], reverse=True)
