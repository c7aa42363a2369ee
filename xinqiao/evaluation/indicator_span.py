"""How far back an indicator has to look: what a grant that opens fewer days cannot answer. Pure."""

from datetime import date, timedelta
from typing import Final

from xinqiao.catalogue.meaning import months_after
from xinqiao.evaluation.indicator_language import CataloguedIndicator, Growth, Newest
from xinqiao.evaluation.indicators import Known, Reading, anchor
from xinqiao.evaluation.language import DaysLeft, DaysSinceLast, Exists

_MONTHS: Final = 12
_FOUND: Final = (Newest, DaysSinceLast, DaysLeft, Exists)


def needs_since(one: CataloguedIndicator, known: Known) -> date | None:
    """The first day it looks at; None where it looks at everything there is.

    What stands today (in force, not yet removed) is looked at today, however long ago it began.
    """
    if one.in_force or any(where.open or where.lasts for where in one.where):
        return known.on
    if (months := _months(one)) is not None:
        first = anchor(known, one.reads) - months + 1
        return date((first - 1) // _MONTHS, (first - 1) % _MONTHS + 1, 1)
    if one.window is None:
        return None
    if one.window.days is not None:
        return known.on - timedelta(days=one.window.days)
    return months_after(known.on, -(one.window.months or 0))


def _months(one: CataloguedIndicator) -> int | None:
    if isinstance(one.measure, Growth):
        return one.measure.months + one.measure.against
    return None if one.months is None else one.months.last


def answered_within(
    one: CataloguedIndicator, reading: Reading, since: date | None, until: date | None, known: Known
) -> bool:
    """Whether the days from `since` to `until` (None: without end) are enough to answer by.

    The newest of what lies within is the newest there is where the days go on to this one; and what was found was
    there, however few days were looked at.
    """
    if until is not None and until < known.on:
        return False
    if since is None:
        return True
    first = needs_since(one, known)
    if first is not None and since <= first:
        return True
    return isinstance(one.measure, _FOUND) and bool(reading.facts)
