"""订阅: an institution says which public information it wants in files, asks for one, and fetches it.

Every act is decided at the door, under the agreement as it stands then: with its end nothing more is made or fetched.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final

from django.db import transaction

from xinqiao import catalogue, store, work
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Item, SharingClass, SharingMode
from xinqiao.disclosure import pushed
from xinqiao.disclosure.door import MANY, Asked, decide_open
from xinqiao.disclosure.errors import (
    AlreadyMaking,
    NoSuchSubscription,
    PushGone,
    ScopeInvalid,
    SubscriptionEnded,
)
from xinqiao.disclosure.models import PushOrder, Subscription
from xinqiao.disclosure.pushed import SubscriptionView, Wanted
from xinqiao.disclosure.telling import Basis, Recipient
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties

GIVEN_UP: Final = timedelta(days=1)
JOB: Final = "disclosure.make_push"
MOST: Final = 20  # subscriptions of one institution at a time
SIZES: Final = "size_class"  # the code list whose codes are how large a business is


def begin(asked: Asked, wanted: Wanted) -> SubscriptionView:
    """Subscribe; the same again is the same subscription. Raises `ScopeInvalid`, `PurposeUnknown`, `NotParty`,
    `AgreementNotInForce`, `PurposeMismatch`."""
    check(wanted, catalogue.city())
    purposes.purpose(asked.purpose)
    with transaction.atomic(durable=True):
        outcome = allowed(asked)
        row = outcome if isinstance(outcome, Problem) else _begun(asked, wanted, outcome[0])
    if isinstance(row, Problem):
        raise row
    return pushed.view(row)


def allowed(asked: Asked) -> tuple[Recipient, Basis] | Problem:
    return decide_open(asked, parties.institution(asked.asker), refused=Kind.PUSH_REFUSED)


def _begun(asked: Asked, wanted: Wanted, to: Recipient) -> Subscription | Problem:
    mine = Subscription.objects.select_for_update().filter(institution_id=asked.asker, ended_at__isnull=True)
    same = [row for row in mine if row.purpose == asked.purpose and pushed.wanted(row) == wanted]
    if same:
        return same[0]
    if len(mine) >= MOST:
        return ScopeInvalid(Saying("一家机构最多同时订阅 {most} 项，请先停止不用的", most=MOST))
    row = Subscription.objects.create(
        institution_id=asked.asker, purpose=asked.purpose, by=to.officer, begun_at=asked.now, **wanted.as_json()
    )
    _say(row, Kind.SUBSCRIPTION_BEGUN, asked.now)
    return row


def check(wanted: Wanted, city: City) -> None:
    """Raises `ScopeInvalid`: every name is one of the city's, every item open by the catalogue."""
    if not wanted.items:
        raise ScopeInvalid(Saying("请至少选择一个数据项"))
    known: dict[str, Any] = {
        "items": {item.item for item in open_items(city)},
        "divisions": city.divisions,
        "industries": city.industries,
        "kinds": {kind.value for kind in SubjectKind},
        "sizes": city.codes[SIZES].values if sized(city) else (),
    }
    for name, words in wanted.as_json().items():
        if strange := sorted(set(words) - set(known[name])):
            raise ScopeInvalid(Saying("不能订阅：{items}（要么没有，要么不是公开信息）", items=strange))


def open_items(city: City) -> list[Item]:
    """What may be subscribed to: what is on file and open to everybody, though not each of its rows."""
    held = (item for item in city.whole_items() if item.sharing.mode is not SharingMode.API)
    return [item for item in held if item.sharing.classed is SharingClass.OPEN]


def sized(city: City) -> tuple[str, str] | None:
    """The open item and the field that say how large a business is; None while the city collects none."""
    return next(
        ((item.item, name) for item in open_items(city) for name, one in item.fields.items() if one.codes == SIZES),
        None,
    )


@transaction.atomic
def end(number: int, *, institution: InstitutionId, now: datetime) -> SubscriptionView:
    """Raises `NoSuchSubscription`, `SubscriptionEnded`."""
    row = _own(number, institution)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _say(row, Kind.SUBSCRIPTION_ENDED, now)
    return pushed.view(row)


def _own(number: int, institution: InstitutionId) -> Subscription:
    row = Subscription.objects.select_for_update().filter(pk=number, institution_id=institution).first()
    if row is None:
        raise NoSuchSubscription
    if row.ended_at is not None:
        raise SubscriptionEnded
    return row


def _say(row: Subscription, kind: Kind, now: datetime) -> None:
    about: dict[str, Any] = {"subscription": row.pk, "institution": row.institution_id}
    log.append(kind, now=now, about=about, rows=[state_of(row)])


def order(number: int, asked: Asked, *, full: bool) -> SubscriptionView:
    """Ask for a file: all there is, or what has changed since the last (all, where there was none). A worker makes it.

    `asked.purpose` is the subscription's whatever it says. Raises `NoSuchSubscription`, `SubscriptionEnded`,
    `AlreadyMaking`, and as `begin`.
    """
    with transaction.atomic(durable=True):
        row = _own(number, asked.asker)
        outcome = allowed(_for(asked, row))
        placed = outcome if isinstance(outcome, Problem) else place(row, full=full, now=asked.now)
    if isinstance(placed, Problem):
        raise placed
    return pushed.view(row)


def place(row: Subscription, *, full: bool, now: datetime) -> PushOrder | Problem:
    """Have a file made; the subscription is locked. An order that was not ended in a day stands in nobody's way."""
    open_ = PushOrder.objects.filter(subscription=row, ended_at__isnull=True)
    open_.filter(asked_at__lt=now - GIVEN_UP).update(ended_at=now, because="cut-short")
    if PushOrder.objects.filter(subscription=row, ended_at__isnull=True).exists():
        return AlreadyMaking()
    placed = PushOrder.objects.create(subscription=row, full=full, asked_at=now)
    work.defer(JOB, order=placed.pk)
    return placed


@transaction.atomic
def place_changes(now: datetime) -> int:
    """Every night: what has changed, for whoever was given a file once and may have more; files kept long enough are
    let go. Returns how many files are to be made."""
    PushOrder.objects.filter(ended_at__lt=now - pushed.KEPT, cleared=False).update(cleared=True)
    given = PushOrder.objects.filter(push__isnull=False).values("subscription")
    rows = Subscription.objects.select_for_update().filter(ended_at__isnull=True, pk__in=given).order_by("pk")
    due = [row for row in rows if parties.agreement_in_force(row.institution_id, day_of(now)) is not None]
    return sum(isinstance(place(row, full=False, now=now), PushOrder) for row in due)


def _for(asked: Asked, row: Subscription) -> Asked:
    return Asked(asked.asker, MANY, row.purpose, asked.now, asked.officer, asked.client, asked.on_behalf)


def fetch(number: int, form: str, asked: Asked) -> tuple[str, str, BinaryIO]:
    """The file in one of its forms: name, media type, content. That it was fetched is in the log.

    Raises `NoSuchSubscription`, `PushGone`, and as `begin`.
    """
    row = pushed.one(number, asked.asker)
    with transaction.atomic(durable=True):
        outcome = allowed(_for(asked, row.subscription))
        if not isinstance(outcome, Problem):
            about: dict[str, Any] = {"push": number, "institution": asked.asker, "form": form, "by": outcome[0].officer}
            log.append(Kind.PUSH_FETCHED, now=asked.now, about=about)
    if isinstance(outcome, Problem):
        raise outcome
    if PushOrder.objects.filter(push=row, cleared=True).exists():
        raise PushGone
    told = pushed.file_told(row, form)
    return told["name"], told["media"], store.open_(told["sha256"])


def chunks(content: BinaryIO, size: int = 1 << 16) -> Iterator[bytes]:
    """A file piece by piece, closed at its end."""
    with content:
        while part := content.read(size):
            yield part
