"""What a version does to a whole city, counted while it is scored: nobody's result is kept, only how many of each.

A tally of two versions over the same facts also says who moves. What it holds does not grow with the city.
"""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Final

from xinqiao.evaluation.explaining import Outcome, verdict
from xinqiao.evaluation.fit_language import BANDS
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.views import State
from xinqiao.kernel.ids import SubjectId

SAMPLE: Final = 20  # files of those who move that an operator may look into, each by the door


@dataclass(frozen=True, slots=True)
class Judged:
    """One subject by one version: what a comparison needs of it."""

    state: State
    grade: str
    score: int | None
    bins: Mapping[str, int]


def judged(bound: Bound, outcome: Outcome) -> Judged:
    given = verdict(bound, outcome)
    bins = {name: outcome.counted[name].bin for name in bound.model.indicators}
    return Judged(given.state, given.grade, given.score, bins)


@dataclass
class Spread:
    """How a version's results lie: states, grades, scores by bands of the scale, and what each indicator saw.

    `inputs` counts the bins of those who were graded, by indicator.
    """

    scale: int
    states: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    scores: list[int] = field(default_factory=lambda: [0] * BANDS)
    total: int = 0
    inputs: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, one: Judged) -> None:
        self.states[one.state.value] += 1
        self.grades[one.grade] += 1
        if one.score is None:
            return
        self.scores[min(BANDS - 1, one.score * BANDS // self.scale)] += 1
        self.total += one.score
        for name, bin_ in one.bins.items():
            self.inputs.setdefault(name, Counter())[str(bin_)] += 1

    def as_dict(self) -> dict[str, Any]:
        counted = {"states": dict(self.states), "grades": dict(self.grades), "scores": self.scores}
        inputs = {name: dict(bins) for name, bins in self.inputs.items()}
        return {"scale": self.scale, "total": self.total, "inputs": inputs} | counted


@dataclass
class Segment:
    """One group of businesses: how many, how many of them graded, how many move, and their points together."""

    subjects: int = 0
    graded: int = 0
    up: int = 0
    down: int = 0
    total: int = 0
    before: int = 0
    before_graded: int = 0


@dataclass
class Tally:
    """`mine` is the version looked at, `theirs` what it is held against: another version, or its own past."""

    mine: Spread
    theirs: Spread | None = None
    order: tuple[str, ...] = ()
    moves: Counter[str] = field(default_factory=Counter)
    segments: dict[str, dict[str, Segment]] = field(default_factory=dict)
    movers: list[tuple[int, int]] = field(default_factory=list)

    def add(self, subject: SubjectId, mine: Judged, theirs: Judged | None, segments: Mapping[str, str]) -> None:
        self.mine.add(mine)
        if self.theirs is not None and theirs is not None:
            self.theirs.add(theirs)
            self.moves[f"{theirs.grade}>{mine.grade}"] += 1
            if theirs.grade != mine.grade:
                self._sample(subject)
        for dimension, value in segments.items():
            self._segment(self.segments.setdefault(dimension, {}).setdefault(value, Segment()), mine, theirs)

    def _segment(self, segment: Segment, mine: Judged, theirs: Judged | None) -> None:
        segment.subjects += 1
        if mine.score is not None:
            segment.graded += 1
            segment.total += mine.score
        if theirs is None:
            return
        if theirs.score is not None:
            segment.before_graded += 1
            segment.before += theirs.score
        if mine.grade in self.order and theirs.grade in self.order:
            step = self.order.index(mine.grade) - self.order.index(theirs.grade)
            segment.up += step < 0
            segment.down += step > 0

    def _sample(self, subject: SubjectId) -> None:
        """The same files for the same city: those whose number's digest is lowest."""
        drawn = -int.from_bytes(sha256(str(subject).encode()).digest()[:8])
        heapq.heappush(self.movers, (drawn, int(subject)))
        if len(self.movers) > SAMPLE:
            heapq.heappop(self.movers)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `movers` are the numbers of a few subjects whose grade differs."""
        return {
            "mine": self.mine.as_dict(),
            "theirs": None if self.theirs is None else self.theirs.as_dict(),
            "moves": dict(self.moves),
            "segments": {
                dimension: {value: asdict(one) for value, one in groups.items()}
                for dimension, groups in self.segments.items()
            },
            "movers": sorted(number for _, number in self.movers),
        }


def order_of(bound: Bound) -> tuple[str, ...]:
    """Its grades from the best. A thin file is no grade: coming from it or going to it is neither up nor down."""
    return tuple(band.grade for band in bound.model.grades)
