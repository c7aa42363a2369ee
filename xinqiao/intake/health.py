"""How sources keep their cadence (更新周期): what came last and the day, against catalogue and calendar. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Cadence, Item
from xinqiao.intake.rules import periods

DAYS_IN_WEEK: Final = 7


class Timing(StrEnum):
    NEVER = "never"  # nothing has come yet
    ON_TIME = "on_time"
    LATE = "late"
    ON_EVENT = "on_event"  # comes when something happens: no day on which it is due


class Last(Protocol):
    """What is asked of the last delivery of a source's item."""

    @property
    def number(self) -> int: ...
    @property
    def period(self) -> str: ...
    @property
    def received_on(self) -> date: ...
    @property
    def delivered(self) -> int: ...
    @property
    def rejected(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Health:
    """One item of one source on one day. `due`: the day by which the newest delivery owed had to be here.

    `late_days`: working days since then, where it is not. `rejected_share`: of the last delivery's rows, 0 to 1.
    """

    source: str
    item: str
    timing: Timing
    due: date | None
    owed: str  # the period owed, as people say it
    last_number: int | None
    last_period: str
    last_received_on: date | None
    late_days: int
    rejected_share: float


def of_all(city: City, newest: Mapping[tuple[str, str], Last], on: date) -> list[Health]:
    return [
        of_one(city, source, item, newest.get((source, item.item)), on)
        for item in city.delivered_items()
        for source in item.sources
    ]


def of_one(city: City, source: str, item: Item, last: Last | None, on: date) -> Health:
    owed, due = _owed(item, city, on)
    timing = _timing(item, city, last, due, owed, on)
    late = max(0, city.calendar.working_days_between(due, on)) if timing is Timing.LATE and due else 0
    return Health(
        source=source,
        item=item.item,
        timing=timing,
        due=due,
        owed=periods.written(owed, item.delivery.period) if owed else "",
        last_number=last.number if last else None,
        last_period=last.period if last else "",
        last_received_on=last.received_on if last else None,
        late_days=late,
        rejected_share=last.rejected / last.delivered if last and last.delivered else 0.0,
    )


def _timing(item: Item, city: City, last: Last | None, due: date | None, owed: date | None, on: date) -> Timing:
    if last is None:
        return Timing.NEVER
    if item.cadence.every == "event":
        return Timing.ON_EVENT
    if item.cadence.every in ("day", "week"):
        return Timing.ON_TIME if on <= _next_due(item.cadence, last.received_on, city) else Timing.LATE
    begins = periods.first_day(last.period, item.delivery.period)
    here = begins is not None and owed is not None and begins >= owed
    return Timing.ON_TIME if here or due is None else Timing.LATE


def _next_due(cadence: Cadence, after: date, city: City) -> date:
    """When the delivery after one that came on this day is due at the latest."""
    if cadence.every == "week":
        after += timedelta(days=DAYS_IN_WEEK)
        return city.calendar.add_working_days(after, cadence.within_working_days or 0)
    return city.calendar.add_working_days(after, cadence.within_working_days or 1)


def _owed(item: Item, city: City, on: date) -> tuple[date | None, date | None]:
    """The newest period whose day has come, by its first day, and that day."""
    every = item.cadence.every
    if every == "event":
        return None, None
    if every == "day" or every == "week":  # noqa: PLR1714 — mypy narrows this form
        return None, city.calendar.add_working_days(on, -(item.cadence.within_working_days or 1))
    begins = periods.containing(on, every)
    while (due := _due(begins, item.cadence, city)) >= on:
        begins = periods.containing(begins - timedelta(days=1), every)
    return begins, due


def _due(begins: date, cadence: Cadence, city: City) -> date:
    """The last day on which the delivery for the period beginning here is in time; a day off moves it on."""
    if cadence.every not in ("month", "quarter", "year"):
        raise ValueError(f"{cadence.every} has no periods")
    after = periods.following(begins, cadence.every)
    if cadence.by_day is not None:
        return city.calendar.add_working_days(after + timedelta(days=cadence.by_day - 1), 0)
    return city.calendar.add_working_days(after - timedelta(days=1), cadence.within_working_days or 0)


def by_source(health: Iterable[Health]) -> dict[str, dict[str, str | None]]:
    """Of each source: silent when nothing ever came, stale when something owed is late, else answered."""
    found: dict[str, list[Health]] = {}
    for one in health:
        found.setdefault(one.source, []).append(one)
    return {source: _source_state(items) for source, items in found.items()}


def _source_state(items: list[Health]) -> dict[str, str | None]:
    days = [one.last_received_on for one in items if one.last_received_on is not None]
    late = any(one.timing is Timing.LATE for one in items)
    state = "silent" if not days else "stale" if late else "answered"
    return {"state": state, "last_received_on": max(days).isoformat() if days else None}
