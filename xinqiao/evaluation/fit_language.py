"""What a fitted model keeps of its fit (拟合记录): counts of the rows it was made from, never a row.

It stands in the model's own file, so it is frozen with the version and is there for as long as the version is:
monitoring holds today's city against it. Its digest says whether somebody changed it afterwards.
"""

import hashlib
import json
import math
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, Final

from pydantic import Field

from xinqiao.catalogue.schema import Amount, Day, Entry, Name, Text, Whole

BANDS: Final = 20  # equal parts of the scale in which scores are counted
DIGEST: Final = "sha256"
Place = tuple[str | int, ...]


class Learnt(Entry):
    """The rows as the model's own engine judged them, each on its day: what `tallying.Spread` counts of a city."""

    states: dict[Name, Whole]
    grades: dict[str, Whole]
    scores: tuple[Whole, ...]
    inputs: dict[Name, dict[str, Whole]]


class Probability(Entry):
    """log odds of failure = `intercept` + `slope` × score."""

    intercept: Amount
    slope: Amount

    def of(self, score: int) -> float:
        return 1 / (1 + math.exp(-float(self.intercept + self.slope * score)))


class SetByHand(Entry):
    """Bins an expert set instead of those found."""

    input: Name
    by: Text
    on: Day
    why: Text


class Finding(Entry):
    """What the leakage check asks a person to look at."""

    input: Name
    said: Text


class Fit(Entry):
    """`labels` is the digest of the file the outcomes came from; `position` the place in the log up to which the rows
    were known. `figures`: how the card, and its challenger, did on rows they had not seen."""

    on: Day
    target: Text
    labels: Text
    position: Whole
    rows: Whole
    bad: Whole
    learnt: Learnt
    probability: Probability
    figures: dict[Name, dict[Name, Amount]]
    left_out: dict[Name, Text] = Field(default_factory=dict)
    forbidden: dict[Name, Text] = Field(default_factory=dict)
    overrides: tuple[SetByHand, ...] = ()
    leakage: tuple[Finding, ...] = ()
    sha256: Text

    def digest(self) -> str:
        return digest_of(self.model_dump(mode="json", exclude={DIGEST}))


def sealed(written: dict[str, Any]) -> Fit:
    """A fit with its digest."""
    whole = Fit.model_validate(written | {DIGEST: "?"})
    return whole.model_copy(update={DIGEST: whole.digest()})


def digest_of(written: dict[str, Any]) -> str:
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults(fit: Fit, indicators: Collection[str]) -> Iterator[tuple[Place, str]]:
    """Where it contradicts itself or the model it stands in."""
    learnt = fit.learnt
    graded = learnt.states.get("rated", 0)
    if fit.sha256 != fit.digest():
        yield ("fit", DIGEST), "拟合记录和它的摘要不符：写出以后被改过"
    if sum(learnt.states.values()) != fit.rows or not 0 < fit.bad < fit.rows:
        yield ("fit", "rows"), "拟合记录的行数和各状态的行数不符"
    if len(learnt.scores) != BANDS or sum(learnt.scores) != graded:
        yield ("fit", "learnt", "scores"), f"分数应分 {BANDS} 段，合起来是有等级的 {graded} 行"
    for name, bins in learnt.inputs.items():
        if name not in indicators:
            yield ("fit", "learnt", "inputs", name), f"模型里没有指标 {name}"
        elif sum(bins.values()) != graded:
            yield ("fit", "learnt", "inputs", name), f"各档合起来应是有等级的 {graded} 行"


def rounded(figure: float) -> Decimal:
    """As a file writes a figure: six places."""
    return Decimal(f"{figure:.6f}")
