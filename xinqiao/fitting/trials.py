"""How well a specification does on rows it has not seen: fitted anew on each fold's own part, judged on the rest.

Everything that looks at outcomes (bins, weights, calibration) happens inside the part that is learnt from; nothing is
chosen by what the held part shows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Final

import numpy as np
from sklearn.model_selection import StratifiedKFold

from xinqiao.fitting import challenger, scorecard
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import Specification
from xinqiao.validation.arrays import Flags, Floats
from xinqiao.validation.calibration import brier
from xinqiao.validation.discrimination import auc, ks

Risk = Callable[[Sample, Specification, Sample], Floats]


@dataclass(frozen=True, slots=True)
class Held:
    """One held part: what was said of its rows, and what became of them."""

    risk: Floats
    bad: Flags


@dataclass(frozen=True, slots=True)
class Trial:
    """Means over the held parts, and how much they differ; each with both outcomes."""

    held: tuple[Held, ...]

    @property
    def auc(self) -> float:
        return fmean(self._each(auc))

    @property
    def spread(self) -> float:
        """Standard deviation of the held parts' AUC."""
        each = self._each(auc)
        return stdev(each) if len(each) > 1 else 0.0

    @property
    def ks(self) -> float:
        return fmean(self._each(ks))

    @property
    def brier(self) -> float:
        return fmean(self._each(brier))

    @property
    def together(self) -> Held:
        return Held(np.concatenate([h.risk for h in self.held]), np.concatenate([h.bad for h in self.held]))

    def _each(self, figure: Callable[[Floats, Flags], float | None]) -> list[float]:
        return [found for one in self.held if (found := figure(one.risk, one.bad)) is not None]


def card_risk(learnt: Sample, spec: Specification, held: Sample) -> Floats:
    """Calibrated to the sample's own rate: the held rows were drawn as the others were."""
    return scorecard.fit_part(learnt, spec.model_copy(update={"prior": None})).probability(held)


def challenger_risk(learnt: Sample, spec: Specification, held: Sample) -> Floats:
    return challenger.fit(learnt, spec).risk(held)


RISKS: Final[dict[str, Risk]] = {"scorecard": card_risk, "challenger": challenger_risk}


def in_folds(sample: Sample, spec: Specification, risk: Risk, *, folds: int, seeds: Iterable[int]) -> Trial:
    """Each row is held once for every seed."""
    return Trial(tuple(_held(sample, spec, risk, parts) for seed in seeds for parts in _parts(sample, folds, seed)))


def _parts(sample: Sample, folds: int, seed: int) -> Iterator[Sequence[Floats]]:
    yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(sample)), sample.bad)


def _held(sample: Sample, spec: Specification, risk: Risk, parts: Sequence[Floats]) -> Held:
    learnt, held = (sample.rows(part) for part in parts)
    return Held(risk(learnt, spec, held), held.bad)
