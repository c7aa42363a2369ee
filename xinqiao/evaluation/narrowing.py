"""A grade as it is explained to whoever is told of some items only. Pure.

Of an indicator, a limit or an end that reads anything else nothing is said: neither value nor reason, nor the points,
nor that it holds. Which items those are is said, of the model and whatever there is: naming them tells nothing of the
subject.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from xinqiao.evaluation import explaining
from xinqiao.evaluation.explaining import Outcome
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.views import IndicatorView, LimitView, MissingView
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.sayings import Saying


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What may be said of a grade beside its result. `beyond` are the items the model reads besides, with titles."""

    indicators: tuple[IndicatorView, ...]
    limits: tuple[LimitView, ...]
    reasons: tuple[Saying, ...]
    missing: tuple[MissingView, ...]
    beyond: Mapping[str, str]


def narrowed(
    bound: Bound, outcome: Outcome, on: date, *, items: Collection[str], facts: Collection[FactId]
) -> Narrowed:
    """As far as these items go, and of them what counts none but these facts: a row of an item may be closed."""
    known = {name for (_, name), one in bound.model.selections() if one.reads in items}
    told = {name for name in known if set(outcome.counted[name].facts).issubset(facts)}
    whole = explaining.explain(bound, outcome, on)
    indicators = tuple(one for part in whole.parts for one in part.indicators if one.name in told)
    limits = tuple(one for one in whole.limits if one.name in told)
    ends = {name: one for name, one in bound.model.ended.items() if name in told}
    return Narrowed(
        indicators,
        limits,
        reasons=(*explaining.outside(bound, outcome, ends), *explaining.reasons(indicators, limits)),
        missing=tuple(one for one in whole.missing if one.indicator in told),
        beyond={name: item.title for name, item in bound.items.items() if name not in items},
    )
