"""Charts whose figures stand side by side, a slot each: how scores are spread, what became of each grade."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from xinqiao.portal.charts import frame
from xinqiao.portal.charts.frame import Axis, Scale, Tick, place

GAP: Final = 0.12  # of a slot, left free at either side of a bar
LABELS: Final = 6  # that a phone has room for
DOT: Final = 4.0
WHISKER: Final = 5.0  # half the width of an interval's ends


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    word: str


@dataclass(frozen=True, slots=True)
class SlotChart:
    """`name` tells it from others on its page; `about` says in a sentence what is to be seen.

    `fills` are bars, `outline` the other side of a comparison drawn over them, `whiskers` intervals, `dots` what was
    seen, `dashes` what had been said.
    """

    name: str
    title: str
    about: str
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    fills: str = ""
    outline: str = ""
    whiskers: str = ""
    dots: str = ""
    dashes: str = ""

    left, right, top, bottom = frame.LEFT, frame.RIGHT, frame.TOP, frame.BOTTOM
    width, height = frame.WIDTH, frame.HEIGHT


@dataclass(frozen=True, slots=True)
class Spread:
    """Shares of a whole by slot; `other` is what they are held against."""

    mine: Sequence[float]
    other: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as seen, with its interval, and what had been said it would be."""

    name: str
    seen: float
    low: float
    high: float
    said: float | None = None


def spread(name: str, title: str, about: str, slots: Sequence[str], of: Spread, axis: Axis) -> SlotChart | None:
    """Bars, and over them the outline of the other side; `slots` are named where there is room. None without slots."""
    if not slots:
        return None
    scale = frame.scale([0.0, *of.mine, *of.other], axis)
    fills = "".join(_bar(n, len(slots), share, scale) for n, share in enumerate(of.mine) if share)
    outline = "".join(_outline(of.other, scale)) if of.other else ""
    return SlotChart(name, title, about, scale.ticks, _labels(slots), fills=fills, outline=outline)


def rates(name: str, title: str, about: str, seen: Sequence[Rate], axis: Axis) -> SlotChart | None:
    """A dot with its interval a slot, and a dash where it had been said to be. None where nothing was seen."""
    if not seen:
        return None
    said = [one.said for one in seen if one.said is not None]
    scale = frame.scale([0.0, *(one.high for one in seen), *said], axis)
    places = [(_middle(n, len(seen)), one) for n, one in enumerate(seen)]
    return SlotChart(
        name,
        title,
        about,
        scale.ticks,
        _labels([one.name for one in seen]),
        whiskers="".join(_whisker(x, scale.y(one.low), scale.y(one.high)) for x, one in places),
        dots="".join(_dot(x, scale.y(one.seen)) for x, one in places),
        dashes="".join(_dash(n, len(seen), scale.y(one.said)) for n, one in enumerate(seen) if one.said is not None),
    )


def _edge(slot: float, of: int) -> float:
    return frame.LEFT + (frame.RIGHT - frame.LEFT) * slot / of


def _middle(slot: int, of: int) -> float:
    return _edge(slot + 0.5, of)


def _bar(slot: int, of: int, share: float, scale: Scale) -> str:
    left, right = _edge(slot + GAP, of), _edge(slot + 1 - GAP, of)
    return f"M{place(left, frame.BOTTOM)}V{scale.y(share):.1f}H{right:.1f}V{frame.BOTTOM}Z"


def _outline(shares: Sequence[float], scale: Scale) -> Iterator[str]:
    yield f"M{place(frame.LEFT, frame.BOTTOM)}"
    yield from (f"V{scale.y(share):.1f}H{_edge(n + 1, len(shares)):.1f}" for n, share in enumerate(shares))
    yield f"V{frame.BOTTOM}"


def _whisker(x: float, low: float, high: float) -> str:
    ends = "".join(f"M{place(x - WHISKER, y)}h{2 * WHISKER}" for y in (low, high))
    return f"M{place(x, low)}V{high:.1f}{ends}"


def _dot(x: float, y: float) -> str:
    return f"M{place(x - DOT, y)}a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 {-2 * DOT} 0Z"


def _dash(slot: int, of: int, y: float) -> str:
    return f"M{place(_edge(slot + GAP, of), y)}H{_edge(slot + 1 - GAP, of):.1f}"


def _labels(slots: Sequence[str]) -> tuple[Label, ...]:
    """All of them, or every second, third…, so that they do not run into each other."""
    every = -(-len(slots) // LABELS)
    return tuple(Label(round(_middle(n, len(slots))), word) for n, word in enumerate(slots) if n % every == 0)
