"""From points to the probability of failure among those the card will meet."""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from xinqiao.fitting.specification import Specification
from xinqiao.validation.arrays import Flags, Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """log odds of failure = `intercept` + `slope` × score; the slope is below 0, more points are less risk."""

    intercept: float
    slope: float

    def probability(self, score: npt.ArrayLike) -> Floats:
        logit = self.intercept + self.slope * np.asarray(score, dtype=np.float64)
        return 1 / (1 + np.exp(-logit))

    def least_score(self, at_most: Decimal) -> int:
        """The lowest whole score whose probability is no higher than that."""
        return math.ceil((_logit(float(at_most)) - self.intercept) / self.slope)


def calibrated(scores: Floats, bad: Flags, spec: Specification) -> Calibration:
    """Platt's line through scores the card gave to rows it was not fitted on, moved to the true rate of failure.

    A sample drawn by outcome (half good, half bad) shifts the log odds of everybody by one number, and nothing else
    (King and Zeng 2001): ln(rate ÷ (1 − rate)), the true one less the sample's.
    """
    middle, width = float(scores.mean()), float(scores.std()) or 1.0
    line = LogisticRegression(C=np.inf).fit(((scores - middle) / width).reshape(-1, 1), bad)
    slope = min(float(line.coef_[0][0]) / width, -1e-9)  # a card that knows nothing out of fold says one rate for all
    intercept = float(line.intercept_[0]) - slope * middle
    return Calibration(intercept + prior_shift(bad, spec), slope)


def prior_shift(bad: Flags, spec: Specification) -> float:
    """What the log odds move by; 0 where the sample was drawn as it comes."""
    return _logit(float(spec.prior.rate)) - _logit(float(bad.mean())) if spec.prior else 0.0


def _logit(rate: float) -> float:
    return math.log(rate / (1 - rate))
