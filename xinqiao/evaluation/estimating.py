"""预授信: what an institution's rules come to for one business. Pure; the same values give the same estimate.

A number is judged by the lower end of the band it is told in, and rules cut only where bands begin (`estimate_lint`):
whoever changes its rules again and again learns no more than the bands it is told anyway.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from xinqiao.evaluation.estimate_language import Condition, Decision, Empty, Grade, Points, Rules, Unknown
from xinqiao.evaluation.indicator_language import CataloguedIndicator, Type
from xinqiao.evaluation.indicators import Reading, band

NOTHING: Final = Decimal(0)
HUNDRED: Final = 100


class Blank(StrEnum):
    """Where there is no value."""

    UNKNOWN = "unknown"
    EMPTY = "empty"  # known to be nothing, and no nought


Value = Decimal | bool | str | Blank


class Met(StrEnum):
    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Estimate:
    """`conditions` and `points` in the order of the rules; points and grade only of whoever is admitted."""

    decision: Decision
    conditions: tuple[Met, ...]
    points: Mapping[str, int]
    grade: Grade | None = None
    amount: Decimal = NOTHING

    @property
    def score(self) -> int:
        return sum(self.points.values())


def judged_by(indicator: CataloguedIndicator, reading: Reading | None) -> Value:
    """The value rules see: the lower end of the band, a flag, a code; None is what may not be told."""
    if reading is None or not reading.known:
        return Blank.UNKNOWN
    if reading.value is None:
        return Blank.EMPTY
    match indicator.type:
        case Type.FLAG:
            return bool(reading.value)
        case Type.CODE:
            return str(reading.value)
        case _:
            told = band(indicator, reading.value)
            return Blank.UNKNOWN if told is None else told.low


def judge(rules: Rules, values: Mapping[str, Value]) -> Estimate:
    """`values` has every indicator the rules read."""
    conditions = tuple(_met(one, values[one.indicator], rules) for one in rules.admission)
    if not all(_admits(one, met, rules) for one, met in zip(rules.admission, conditions, strict=True)):
        return Estimate(Decision.NOT_ADMITTED, conditions, {})
    if any(values[name] is Blank.UNKNOWN and read.unknown is Unknown.REFER for name, read in rules.reads.items()):
        return Estimate(Decision.REFERRED, conditions, {})
    points = {name: _points(one, values[name], rules.reads[name].empty) for name, one in rules.scorecard.items()}
    score = sum(points.values())
    grade = next(one for one in rules.grades if one.at_least is None or score >= one.at_least)
    amount = _amount(rules, grade, values)
    return Estimate(Decision.ESTIMATED if amount else Decision.NO_AMOUNT, conditions, points, grade, amount)


def _met(one: Condition, value: Value, rules: Rules) -> Met:
    match value:
        case Blank.UNKNOWN:
            return Met.UNKNOWN
        case Blank.EMPTY:
            held = rules.reads[one.indicator].empty is Empty.BEST
        case bool():
            held = value is one.is_
        case Decimal():
            held = (one.at_least is None or value >= one.at_least) and (one.below is None or value < one.below)
        case _:
            held = value in one.one_of
    return Met.MET if held else Met.FAILED


def _admits(one: Condition, met: Met, rules: Rules) -> bool:
    return met is Met.MET or (met is Met.UNKNOWN and rules.reads[one.indicator].unknown is Unknown.REFER)


def _points(one: Points, value: Value, empty: Empty | None) -> int:
    every = list(_every(one))
    if isinstance(value, Blank):
        return max(every) if value is Blank.EMPTY and empty is Empty.BEST else min(every)
    if isinstance(value, bool):
        return every[0 if value else 1]
    reached = [step.points for step in one.steps if step.from_ is None or (Decimal(value) >= step.from_)]
    return reached[-1]


def _every(one: Points) -> Iterator[int]:
    yield from (step.points for step in one.steps)
    yield from (points for points in (one.yes, one.no) if points is not None)


def _amount(rules: Rules, grade: Grade, values: Mapping[str, Value]) -> Decimal:
    """Of what is not known, empty or below nought, nothing."""
    if grade.ceiling is None:
        return NOTHING
    least = grade.ceiling
    for name in rules.amount.of:
        value = values[name]
        part = value * (grade.percent or 0) / HUNDRED if isinstance(value, Decimal) else NOTHING
        least = min(least, part)
    return max(least, NOTHING) // rules.amount.step * rules.amount.step
