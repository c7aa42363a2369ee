"""From binned inputs to points: weights of evidence, a logistic regression over them, whole points on one scale.

The card computes with whole numbers only, so that the model file written from it gives exactly the same.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from xinqiao.fitting import binning
from xinqiao.fitting.binning import MISSING, Binning
from xinqiao.fitting.calibration import Calibration, calibrated
from xinqiao.fitting.errors import FitFaults
from xinqiao.fitting.samples import Sample, checked
from xinqiao.fitting.specification import Input, Specification
from xinqiao.validation.arrays import Counts, Floats

INNER: Final = 5  # folds over which calibration sees scores of rows the card was not fitted on
LEAST: Final = 0.02  # information value: below, by custom, an input tells nothing (Siddiqi 2006)
STEPS: Final = 1_000  # of the solver; it has settled long before


@dataclass(frozen=True, slots=True)
class Piece:
    """One input of the card; every tuple by place, as `Binning` numbers them. `weight` is the regression's."""

    name: str
    binning: Binning
    rows: tuple[int, ...]
    bad: tuple[int, ...]
    evidence: tuple[float, ...]
    weight: float = 0.0
    points: tuple[int, ...] = ()

    @property
    def information(self) -> float:
        return binning.information(np.array(self.rows), np.array(self.bad))

    def steps(self) -> range:
        return range(1 + len(self.binning.special), self.binning.places)


@dataclass(frozen=True, slots=True)
class Card:
    """More points, less risk: `base` plus those of each piece. `left_out`: inputs the card has not, each with why."""

    spec: Specification
    pieces: tuple[Piece, ...]
    base: int
    calibration: Calibration
    left_out: dict[str, str]

    @property
    def scale(self) -> int:
        """The highest score there is."""
        return self.base + sum(max(piece.points) for piece in self.pieces)

    def points(self, sample: Sample) -> Counts:
        """The score of each row. Some thousand rows at a time, all pieces of them at once: they stay in the cache."""
        worths = [piece.binning.worth(sample.table[piece.name], piece.points) for piece in self.pieces]
        total = pl.sum_horizontal(pl.repeat(self.base, pl.len(), dtype=binning.POINTS), *worths)
        found = sample.table.lazy().select(total.cast(pl.Int64)).collect(engine="streaming")
        return found.to_series().to_numpy()

    def probability(self, sample: Sample) -> Floats:
        """The chance of failure among those the card will meet (`spec.prior`), of each row."""
        return self.calibration.probability(self.points(sample))


def fit(sample: Sample, spec: Specification) -> Card:
    """Fit a card on these rows and calibrate it on scores given out of fold. Raises `FitFaults`, `TooFewOutcomes`."""
    return fit_part(checked(sample, spec), spec)


def fit_part(sample: Sample, spec: Specification) -> Card:
    """The same on a part of a sample that is large enough as a whole: what a trial learns from."""
    card = uncalibrated(sample, spec)
    scores = np.empty(len(sample))
    folds = StratifiedKFold(INNER, shuffle=True, random_state=spec.seed)
    for learnt, held in folds.split(np.zeros(len(sample)), sample.bad):
        scores[held] = uncalibrated(sample.rows(learnt), spec).points(sample.rows(held))
    return replace(card, calibration=calibrated(scores, sample.bad, spec))


def uncalibrated(sample: Sample, spec: Specification) -> Card:
    """The card's points alone; it says no probabilities yet."""
    pieces = [_piece(name, one, sample, spec) for name, one in spec.inputs.items()]
    left_out = {piece.name: "各档风险没有多少差别" for piece in pieces if piece.information < LEAST}
    pieces = [piece for piece in pieces if piece.name not in left_out]
    intercept = 0.0
    while pieces:
        weights, intercept = _regression(pieces, sample, spec)
        wrong = min(range(len(pieces)), key=lambda place: weights[place])
        if weights[wrong] > 0:
            pieces = [replace(piece, weight=weight) for piece, weight in zip(pieces, weights, strict=True)]
            break
        left_out[pieces[wrong].name] = "与其他输入合在一起时方向反了"
        del pieces[wrong]
    else:
        raise FitFaults(["没有一项输入能区分违约和正常"])
    return _in_points(pieces, intercept, spec, left_out)


def _piece(name: str, one: Input, sample: Sample, spec: Specification) -> Piece:
    column = sample.table[name]
    found = binning.bin_input(column, sample.bad, one, spec)
    if one.override and one.kind == "number":
        _insist_one_way(name, found, sample, one)
    rows, bad = binning.counted(found.place(column), sample.bad, found.places)
    evidence = binning.evidence(rows, bad)
    held = {"own": evidence[MISSING], "best": min(evidence), "worst": max(evidence)}[one.missing]
    return Piece(name, found, tuple(map(int, rows)), tuple(map(int, bad)), (held, *evidence[1:]))


def _insist_one_way(name: str, found: Binning, sample: Sample, one: Input) -> None:
    """An expert may set the bins, not what became of those in them."""
    evidence = binning.steps_evidence(found, sample.table[name], sample.bad)
    if not binning.runs_one_way(evidence, one.risk):
        raise FitFaults([f"{name} 按 override 分档，各档风险不是一路上升或下降"])


def _regression(pieces: list[Piece], sample: Sample, spec: Specification) -> tuple[list[float], float]:
    """Weights and intercept: log odds of failure = intercept + Σ weight × evidence."""
    columns = [np.array(p.evidence)[p.binning.place(sample.table[p.name])] for p in pieces]
    model = LogisticRegression(C=float(spec.penalty), max_iter=STEPS).fit(np.column_stack(columns), sample.bad)
    return [float(weight) for weight in model.coef_[0]], float(model.intercept_[0])


def _in_points(pieces: list[Piece], intercept: float, spec: Specification, left_out: dict[str, str]) -> Card:
    """score = points + factor × (ln(odds of the good) − ln(odds)), each piece's worst place moved to 0."""
    scaling = spec.scaling
    factor = scaling.doubling / math.log(2)
    base = round(scaling.points - factor * (math.log(scaling.odds) + intercept))
    made = []
    for piece in pieces:
        points = [round(-factor * piece.weight * one) for one in piece.evidence]
        base += min(points)
        made.append(replace(piece, points=tuple(one - min(points) for one in points)))
    return Card(spec, tuple(made), base, Calibration(0.0, 0.0), left_out)
