"""The city's time (北京时间): which day an instant belongs to, for every term, clock and period.

Instants are kept in UTC. A day begins in the city eight hours before it begins there, so an instant's own `.date()` is
yesterday until eight in the morning.
"""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CITY_TIME: Final = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The city's day of an instant."""
    return at.astimezone(CITY_TIME).date()


def end_of(until: date) -> datetime:
    """The first instant after a term until this day: the whole day belongs to it."""
    return datetime.combine(until + timedelta(days=1), time(), CITY_TIME)
