"""How the period of a delivery is written, and when it is due. Pure."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from xinqiao.catalogue.schema import Item
from xinqiao.kernel.calendar import WorkingCalendar

FORMS: Final = {
    "day": (re.compile(r"\d{4}-\d{2}-\d{2}"), "2026-10-31"),
    "month": (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "2026-10"),
    "quarter": (re.compile(r"\d{4}Q[1-4]"), "2026Q3"),
    "year": (re.compile(r"\d{4}"), "2026"),
}


def well_formed(item: Item, period: str) -> bool:
    form, _ = FORMS[item.delivery.period]
    if not form.fullmatch(period):
        return False
    if item.delivery.period == "day":
        try:
            date.fromisoformat(period)
        except ValueError:
            return False
    return True


def example(item: Item) -> str:
    return FORMS[item.delivery.period][1]


def due(item: Item, on: date, calendar: WorkingCalendar) -> tuple[str, date] | None:
    """The newest period that should be there by now and the day it was due; None for what comes with events.

    A cadence without a day is due ten days after its period ends.
    """
    every, day = item.cadence.every, item.cadence.by_day or 10
    match every:
        case "month":
            return _due_month(on, day, 1, lambda first: f"{first:%Y-%m}")
        case "quarter":
            return _due_month(on, day, 3, lambda first: f"{first.year}Q{(first.month + 2) // 3}")
        case "year":
            return _due_month(on, day, 12, lambda first: str(first.year))
        case "week" | "day":
            waits = item.cadence.within_working_days or (1 if every == "day" else 5)
            last = on
            for _ in range(waits):
                last = _working_day_before(last, calendar)
            return last.isoformat(), last
        case _:
            return None


def _due_month(on: date, day: int, months: int, name: Callable[[date], str]) -> tuple[str, date]:
    """The last whole stretch of `months` months whose due day has come."""
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    while True:
        begin = _months_before(first, months)
        on_day = first + timedelta(days=day - 1)
        if on_day <= on:
            return name(begin), on_day
        first = begin


def _months_before(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _working_day_before(day: date, calendar: WorkingCalendar) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
