"""Holding a version against what became of businesses: how well its points part those who failed from those who paid.

The points are those of the facts known when the trial ran, also where the outcome is older: what a business's own
failure left in its file counts then, and the figures come out better than they would have been. The result says so by
the days it names.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

import numpy as np

from xinqiao.evaluation.fit_language import Fit
from xinqiao.evaluation.outcome_files import Labelled
from xinqiao.evaluation.tallying import Judged
from xinqiao.kernel.ids import SubjectId
from xinqiao.subjects import matching
from xinqiao.validation.calibration import interval, level
from xinqiao.validation.figures import figures


class Proof:
    """Outcomes matched to subjects as they are scored. Without outcomes it proves nothing and costs nothing; with a fit
    it also says whether as many failed as were said to."""

    def __init__(self, labelled: Sequence[Labelled], fit: Fit | None = None) -> None:
        self._fit = fit
        placed = matching.place([one.uscc for one in labelled])
        self._bad = {placed[one.uscc]: one.bad for one in labelled if one.uscc in placed}
        self._days = (min(one.day for one in labelled), max(one.day for one in labelled)) if labelled else None
        self._asked = len(labelled)
        self._rows: list[tuple[bool, Judged, Judged | None]] = []

    def add(self, subject: SubjectId, mine: Judged, theirs: Judged | None) -> None:
        if (bad := self._bad.get(subject)) is not None:
            self._rows.append((bad, mine, theirs))

    def as_dict(self) -> dict[str, Any] | None:
        """JSON-ready: how many rows were found, the figures of each version, and what became of each grade."""
        if self._days is None:
            return None
        bad = [row[0] for row in self._rows]
        theirs = [row[2] for row in self._rows]
        return {
            "asked": self._asked,
            "found": len(self._rows),
            "days": [day.isoformat() for day in self._days],
            "mine": _figures([row[1] for row in self._rows], bad),
            "theirs": _figures([one for one in theirs if one is not None], bad) if all(theirs) else None,
            "grades": self._grades(),
            "level": self._level(),
        }

    def _said(self) -> list[tuple[str, float, bool]]:
        """Of each with a score: its grade, the probability the version says, and what became of it."""
        if self._fit is None:
            return []
        say = self._fit.probability.of
        return [(mine.grade, say(mine.score), bad) for bad, mine, _ in self._rows if mine.score is not None]

    def _level(self) -> dict[str, float | bool] | None:
        """Calibration in the large, where the version says probabilities."""
        found = level([said for _, said, _ in self._said()], [bad for *_, bad in self._said()])
        return None if found is None else asdict(found)

    def _grades(self) -> dict[str, dict[str, float]]:
        """The bad rate of each grade, with its 95 % interval; `said`, what the version had said it would be."""
        said: dict[str, list[float]] = defaultdict(list)
        for grade, probability, _ in self._said():
            said[grade].append(probability)
        count = Counter(mine.grade for _, mine, _ in self._rows)
        bad = Counter(mine.grade for failed, mine, _ in self._rows if failed)
        return {
            grade: {"count": n, "bad": bad[grade], "rate": bad[grade] / n}
            | dict(zip(("low", "high"), interval(bad[grade], n), strict=True))
            | ({"said": fmean(said[grade])} if grade in said else {})
            for grade, n in sorted(count.items())
        }


def _figures(judged: Sequence[Judged], bad: Sequence[bool]) -> dict[str, float | int | None]:
    risk = [np.nan if one.score is None else -float(one.score) for one in judged]
    return asdict(figures(risk, bad))
