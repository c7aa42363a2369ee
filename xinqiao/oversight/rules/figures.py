"""How well the clocks were kept, as the public reads it: counts and medians, never of so few that somebody shows. Pure.

Fewer than ten are told as a number alone. Of what is broken down, groups of fewer than ten go together; where those
are fewer than ten even together, the next smallest goes with them, so that none can be reckoned from the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

FEWEST: Final = 10
TOGETHER: Final = ""  # the name of those that are told as one


@dataclass(frozen=True, slots=True)
class Course:
    """One matter: when it came, its last day, when it was done; `group` is whose it was."""

    came: date
    due: date | None
    met: date | None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` matters; the rest is None where they are too few. `open` are not done and not late; `late` are those done
    after their day or not done by now; `days` is the median from coming to being done."""

    count: int
    in_time: int | None = None
    late: int | None = None
    open: int | None = None
    days: float | None = None


def figure(courses: Sequence[Course], today: date) -> Figure:
    if len(courses) < FEWEST:
        return Figure(len(courses))
    late = sum(_late(one, today) for one in courses)
    still = sum(one.met is None and not _late(one, today) for one in courses)
    done = [(one.met - one.came).days for one in courses if one.met is not None]
    return Figure(
        len(courses),
        in_time=len(courses) - late - still,
        late=late,
        open=still,
        days=float(median(done)) if len(done) >= FEWEST else None,
    )


def _late(one: Course, today: date) -> bool:
    return one.due is not None and (one.met or today) > one.due


def broken_down(courses: Iterable[Course], today: date) -> Mapping[str, Figure]:
    """A figure for each group of ten or more, and one under `TOGETHER` for the others; empty where there is nothing to
    compare."""
    groups: dict[str, list[Course]] = {}
    for one in courses:
        groups.setdefault(one.group, []).append(one)
    by_size = sorted(groups.items(), key=lambda pair: (len(pair[1]), pair[0]))
    small = [pair for pair in by_size if len(pair[1]) < FEWEST]
    large = by_size[len(small) :]
    together = [course for _, some in small for course in some]
    while together and len(together) < FEWEST and large:
        together += large.pop(0)[1]
    if not large:
        return {}
    told = {name: figure(some, today) for name, some in large}
    return told | ({TOGETHER: figure(together, today)} if together else {})
