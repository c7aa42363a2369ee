"""Working-day arithmetic (工作日): weekends off, but for the holidays and make-up days the State Council announces.

A year nobody has announced yet falls back to Monday to Friday; `knows` tells, so that a deadline in it can be shown
as an estimate. Legal periods count from the day after the event (民法典 §201), and so does `add_working_days`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

FIRST_DAY_OF_WEEKEND: Final = 5
LONGEST_COUNT: Final = 10_000  # forty years of working days; a longer period is a mistake of the caller


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`holidays` are days off whatever their weekday; `working` are the weekend days moved into work (调休)."""

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, *, holidays: Iterable[date], working: Iterable[date], years: Iterable[int]) -> Self:
        return cls(frozenset(holidays), frozenset(working), frozenset(years))

    def knows(self, day: date) -> bool:
        """Whether the holidays of this day's year have been announced to us."""
        return day.year in self.years

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        return day not in self.holidays and day.weekday() < FIRST_DAY_OF_WEEKEND

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself is not counted; before it for a negative n.

        With n = 0: `day` when it is a working day, else the next one, as a term that ends on a day off is extended.
        """
        if abs(n) > LONGEST_COUNT:
            raise ValueError(f"{n} working days is no legal period")
        step = timedelta(days=-1 if n < 0 else 1)
        left = abs(n)
        while left > 0 or not self.is_working(day):
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; the negative of it the other way."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))
