"""时限公开: how well the clocks were kept in the last year, as everybody may read it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from xinqiao.kernel.city_time import day_of
from xinqiao.oversight import complaints
from xinqiao.oversight.rules.figures import FEWEST, Course, Figure, broken_down, figure
from xinqiao.rights import clocks_kept
from xinqiao.rights.clocks_kept import Kept

FORMAT: Final = "xinqiao-clocks/1"
PERIOD: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Published:
    """One kind of matter; `groups` by source where its figures are broken down."""

    name: str
    whole: Figure
    groups: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Statistics:
    since: date
    until: date
    fewest: int
    kinds: tuple[Published, ...]


def statistics(now: datetime) -> Statistics:
    """Read anew each time: every figure can be reckoned again from the rows, which the log vouches for."""
    since, today = now - PERIOD, day_of(now)
    kinds = tuple(_published(name, list(read(since)), today) for name, read in _KINDS.items())
    return Statistics(day_of(since), today, FEWEST, kinds)


def _published(name: str, courses: list[Course], today: date) -> Published:
    groups = broken_down(courses, today) if any(one.group for one in courses) else {}
    return Published(name, figure(courses, today), groups)


def _of_rights(read: Callable[[datetime], Iterable[Kept]]) -> Callable[[datetime], Iterable[Course]]:
    return lambda since: (Course(one.came, one.due, one.met, one.source) for one in read(since))


def _complaints(since: datetime) -> Iterable[Course]:
    for view in complaints.made_since(since):
        clock = view.answer_clock()
        yield Course(day_of(view.made_at), clock.due, clock.met)


_KINDS: Final[dict[str, Callable[[datetime], Iterable[Course]]]] = {
    "objections": _of_rights(clocks_kept.objections),
    "annulments": _of_rights(clocks_kept.annulments),
    "repairs": _of_rights(clocks_kept.repair_results),
    "complaints": _complaints,
}


def as_json(told: Statistics) -> dict[str, Any]:
    """For programs: a figure that is held back is null, and says so by `fewest`."""
    return {
        "format": FORMAT,
        "since": told.since.isoformat(),
        "until": told.until.isoformat(),
        "fewest": told.fewest,
        "kinds": {one.name: {**_figure(one.whole), "by_source": _groups(one)} for one in told.kinds},
    }


def _groups(one: Published) -> list[dict[str, Any]]:
    return [{"source": name or None, **_figure(told)} for name, told in one.groups.items()]


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "count": one.count,
        "in_time": one.in_time,
        "late": one.late,
        "open": one.open,
        "median_days": one.days,
    }
