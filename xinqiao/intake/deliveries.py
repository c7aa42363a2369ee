"""A source hands in a file: it is kept exactly as sent before anybody looks inside."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import transaction

from xinqiao import catalogue, store, work
from xinqiao.catalogue.schema import DeliveryMode, Item
from xinqiao.intake import acceptances, keeping
from xinqiao.intake.errors import (
    DeliveryConflict,
    FileTooLarge,
    ItemCalled,
    ItemNotWhole,
    ModeNotAllowed,
    NothingToReplace,
    NotItsSource,
    PeriodInvalid,
)
from xinqiao.intake.models import Delivery
from xinqiao.intake.rules import periods
from xinqiao.intake.rules.states import State
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

# Fifty million rows; a city's worst day is two. More is a mistake, or a year that comes month by month.
FILE_MAX: Final = 10 * 1024**3
FILENAME_MAX: Final = 255
MODE_TITLES: Final = {
    DeliveryMode.FULL: Saying("全量（full）"),
    DeliveryMode.CHANGES: Saying("增量（changes）"),
}


def take_in(
    *,
    source: str,
    item: str,
    period: str,
    file: Path,
    filename: str,
    mode: str | None = None,
    replaces: DeliveryNumber | None = None,
    by: PersonId | None,
    now: datetime,
) -> DeliveryNumber:
    """Keep what was sent and have it inspected later (`intake.inspect`; `inspection.inspect` does it at once).

    The same source, item, period and bytes are the same delivery, however often they come. Another content for the same
    three is refused unless `replaces` names the delivery in force, which ends once this one is taken up. Raises
    `UnknownItem`, `ItemNotWhole`, `ItemCalled`, `NotItsSource`, `PeriodInvalid`, `ModeNotAllowed`, `FileTooLarge`,
    `DeliveryConflict`, `NothingToReplace`.
    """
    entry = catalogue.city().item(item)
    _refuse_unfit(entry, source)
    period = _period(entry, period, now)
    chosen = _mode(entry, mode)
    if file.stat().st_size > FILE_MAX:
        raise FileTooLarge(FILE_MAX)
    with store.naming():
        kept = store.put(file)
        arrived = Delivery(
            source=source,
            item=item,
            period=period,
            mode=chosen,
            filename=filename[-FILENAME_MAX:],
            digest=kept.digest,
            size=kept.size,
            received_at=now,
            received_on=day_of(now),
            received_by=by,
            replaces_id=replaces,
        )
        return _received(arrived, replaces, now)


@transaction.atomic
def _received(arrived: Delivery, replaces: DeliveryNumber | None, now: datetime) -> DeliveryNumber:
    """The delivery these bytes already are, or this one, written down."""
    keeping.one_at_a_time(arrived.source, arrived.item, arrived.period)
    about: dict[str, JsonValue] = {name: getattr(arrived, name) for name in ("source", "item", "period")}
    earlier = list(Delivery.objects.filter(**about).order_by("id"))
    if (same := _same(earlier, arrived.digest, replaces)) is not None:
        return DeliveryNumber(same.pk)
    _refuse_conflict(earlier, replaces)
    arrived.save()
    about |= {"delivery": arrived.pk, "mode": arrived.mode}
    acceptances.say(Kind.DELIVERY_RECEIVED, arrived, now=now, about=about)
    work.defer("intake.inspect", delivery=arrived.pk)
    return DeliveryNumber(arrived.pk)


def _refuse_unfit(item: Item, source: str) -> None:
    if not item.whole or item.withdrawn is not None:
        raise ItemNotWhole(item.title)
    if item.called is not None:
        raise ItemCalled(item.title)
    if source not in item.sources:
        known = catalogue.city().sources.get(source)
        raise NotItsSource(known.names[-1].title if known else f"“{source[:60]}”", item.title)


def _period(item: Item, period: str, now: datetime) -> str:
    """The period in the one way we name it; it must have begun."""
    kind = item.delivery.period
    begins = periods.first_day(period.strip(), kind)
    if begins is None or begins > day_of(now):
        raise PeriodInvalid(periods.FORMS[kind])
    return periods.written(begins, kind)


def _mode(item: Item, mode: str | None) -> DeliveryMode:
    allowed = item.delivery.modes
    if mode is None:
        return allowed[0]
    if mode not in allowed:
        raise ModeNotAllowed([MODE_TITLES[m] for m in allowed])
    return DeliveryMode(mode)


def _same(earlier: list[Delivery], digest: str, replaces: DeliveryNumber | None) -> Delivery | None:
    """The delivery these bytes already are. A content that was replaced may come back, if it says what it replaces."""
    same = [d for d in earlier if d.digest == digest]
    if replaces is None:
        return same[-1] if same else None
    return next((d for d in reversed(same) if d.state != State.REPLACED), None)


def _refuse_conflict(earlier: list[Delivery], replaces: DeliveryNumber | None) -> None:
    standing = [d.pk for d in earlier if d.state != State.REPLACED]
    if replaces is None and standing:
        raise DeliveryConflict(standing[-1])
    if replaces is not None and replaces not in standing:
        raise NothingToReplace(replaces)
