"""Lines over time: how figures went from one day to another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xinqiao.portal import wording
from xinqiao.portal.charts import frame
from xinqiao.portal.charts.frame import Axis, Scale, Tick, place

LOOKS: Final = 5  # dashes and marks that are told apart in black and white
MARKED: Final = 9  # of a line's points: more would hide the line
REACH: Final = 3.5  # of a mark, from its middle
MARGIN: Final = 6  # so that marks at either end stay inside

Known = tuple[datetime, float | None]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn: figures by their moments, in any order; None where there was one to be had and it is not defined:
    the line breaks there."""

    title: str
    known: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A value to be seen against, such as that of an alarm; `tone` as a chip's, beside its word."""

    title: str
    value: float
    tone: str = "care"


@dataclass(frozen=True, slots=True)
class Line:
    """One series as drawn. `look` chooses dashes and marks; `last` is its newest figure, in words."""

    title: str
    last: str
    look: int
    points: tuple[tuple[Point, ...], ...]  # without a gap
    path: str
    marks: str
    sample: str  # its mark by itself, for the legend


@dataclass(frozen=True, slots=True)
class DrawnLevel:
    title: str
    tone: str
    y: int

    @property
    def base(self) -> int:
        return self.y - 3


@dataclass(frozen=True, slots=True)
class LineChart:
    """`name` tells it from others on its page; `about` says in a sentence what is to be seen."""

    name: str
    title: str
    about: str
    lines: tuple[Line, ...]
    levels: tuple[DrawnLevel, ...]
    ticks: tuple[Tick, ...]
    days: tuple[str, ...]  # the first and the last, or the one
    alone: bool  # there is no more than one point a line, so nothing went anywhere yet

    left, right, top, bottom = frame.LEFT, frame.RIGHT, frame.TOP, frame.BOTTOM
    width, height, middle = frame.WIDTH, frame.HEIGHT, (frame.LEFT + frame.RIGHT) // 2


def drawn(
    name: str,
    title: str,
    about: str,
    series: Sequence[Series],
    axis: Axis,
    *,
    levels: Sequence[Level] = (),
) -> LineChart | None:
    """None where no series has a figure. Raises `ValueError` on one that is no number or beyond what the axis is of."""
    shown = [one for one in series if any(value is not None for _, value in one.known)]
    values = [value for one in shown for _, value in one.known if value is not None]
    if not shown:
        return None
    moments = [at for one in shown for at, _ in one.known]
    scale = frame.scale([*values, *(one.value for one in levels)], axis)
    first, last = min(moments), max(moments)
    lines = tuple(_line(one, look % LOOKS, scale, (first, last), axis.word) for look, one in enumerate(shown))
    return LineChart(
        name,
        title,
        about,
        lines,
        tuple(DrawnLevel(one.title, one.tone, round(scale.y(one.value))) for one in levels),
        scale.ticks,
        _days(first, last),
        alone=all(len(run) < 2 for line in lines for run in line.points),  # noqa: PLR2004 — one point is no way
    )


def _line(one: Series, look: int, scale: Scale, span: tuple[datetime, datetime], word: Callable[[float], str]) -> Line:
    known = sorted(one.known, key=lambda pair: pair[0])
    runs = tuple(_runs((_x(at, span), None if value is None else scale.y(value)) for at, value in known))
    newest = next(value for _, value in reversed(known) if value is not None)
    marked = "".join(MARKS[look](*point) for run in runs for point in _marked(run))
    path = "".join("M" + "L".join(place(*point) for point in run) for run in runs if len(run) > 1)
    return Line(one.title, word(newest), look, runs, path, marked, MARKS[look](12, 6))


def _x(at: datetime, span: tuple[datetime, datetime]) -> float:
    first, last = span
    left, right = frame.LEFT + MARGIN, frame.RIGHT - MARGIN
    return (left + right) / 2 if first == last else left + (right - left) * ((at - first) / (last - first))


def _runs(points: Iterable[tuple[float, float | None]]) -> Iterator[tuple[Point, ...]]:
    """Parts without a gap."""
    run: list[Point] = []
    for x, y in points:
        if y is not None:
            run.append((x, y))
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _marked(run: tuple[Point, ...]) -> Sequence[Point]:
    """Its ends, and some evenly between them."""
    if len(run) <= MARKED:
        return run
    return [run[round(n * (len(run) - 1) / (MARKED - 1))] for n in range(MARKED)]


def _days(first: datetime, last: datetime) -> tuple[str, ...]:
    """Days of the city; times where it is all one day, and one word for one moment."""
    begun, ended = (wording.instant(at).split(" ") for at in (first, last))
    if begun[0] != ended[0]:
        return begun[0], ended[0]
    return (" ".join(begun),) if begun == ended else (" ".join(begun), ended[1])


def _disc(x: float, y: float) -> str:
    return f"M{place(x - REACH, y)}a{REACH} {REACH} 0 1 0 {2 * REACH} 0a{REACH} {REACH} 0 1 0 {-2 * REACH} 0Z"


def _corners(*corners: Point) -> Callable[[float, float], str]:
    return lambda x, y: "M" + "L".join(place(x + REACH * a, y + REACH * b) for a, b in corners) + "Z"


MARKS: Final[tuple[Callable[[float, float], str], ...]] = (
    _disc,
    _corners((-1, -1), (1, -1), (1, 1), (-1, 1)),
    _corners((0, -1.2), (1.2, 1), (-1.2, 1)),
    _corners((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    _corners((-1.2, -1), (1.2, -1), (0, 1.2)),
)
