"""A stretch of days (Asia/Shanghai), open at either end or at both."""

from dataclasses import dataclass
from datetime import date

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class PeriodBackwards(Problem):
    """A period ends before it begins."""

    type = "period-invalid"
    kind = Kind.INVALID
    title = "起止日期颠倒"

    def __init__(self) -> None:
        super().__init__(Saying("止期不能早于起期"))


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it. `since` None: from ever; `until` None: without end in sight."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise PeriodBackwards

    @property
    def is_open(self) -> bool:
        """Whether no end is in sight."""
        return self.until is None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return _starts_by(self, other.until) and _starts_by(other, self.until)

    def within(self, other: "Period") -> bool:
        """Whether every day of this one belongs to the other."""
        starts = other.since is None or (self.since is not None and other.since <= self.since)
        ends = other.until is None or (self.until is not None and self.until <= other.until)
        return starts and ends


def _starts_by(period: Period, day: date | None) -> bool:
    return day is None or period.since is None or period.since <= day
