"""What one figure is, and how CPU is counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Measure:
    """`value` and `baseline` in `unit`; `ratio` of the two; `goal` for the ratio, kept `at_most` or `at_least`.

    A figure without a goal (a percentile, a cost for information) has `goal` None and is neither met nor missed.
    """

    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: float | None = None
    kept: Literal["at_most", "at_least"] = "at_most"

    @property
    def ok(self) -> bool | None:
        """Whether the goal is kept; None where there is none."""
        if self.goal is None:
            return None
        figure = self.value if self.ratio is None else self.ratio
        return figure <= self.goal if self.kept == "at_most" else figure >= self.goal

    def as_dict(self) -> dict[str, Any]:
        told = {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}
        return told | {"ok": self.ok}


@dataclass
class Spent:
    """Seconds of this process: of the clock and of its CPU."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """What the block costs this process, its threads included."""
    told = Spent()
    wall, cpu = time.perf_counter(), time.process_time()
    yield told
    told.wall, told.cpu = time.perf_counter() - wall, time.process_time() - cpu


def median_of(times: int, act: Callable[[], Spent]) -> Spent:
    """The run with the median clock of several."""
    runs = sorted((act() for _ in range(times)), key=lambda run: run.wall)
    return runs[len(runs) // 2]
