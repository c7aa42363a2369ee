"""What a draft keeps of its fit: its rows as its own engine judges them, counted; figures; judgements."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from xinqiao.evaluation import inputs, trying
from xinqiao.evaluation.fit_language import Fit, rounded, sealed
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.scoring import score
from xinqiao.evaluation.tallying import Spread, judged
from xinqiao.fitting.leakage import Flag
from xinqiao.fitting.observations import Look, Observed
from xinqiao.fitting.scorecard import Card
from xinqiao.fitting.specification import Specification

LEARNT: Final = ("states", "grades", "scores", "inputs")


def recorded(
    bound: Bound,
    card: Card,
    found: Observed,
    *,
    on: date,
    labels: str,
    figures: Mapping[str, Mapping[str, Any]],
    flags: Sequence[Flag],
) -> Fit:
    """`bound` is the draft without its record; `labels` the digest of the outcomes' file."""
    line = card.calibration
    written = {
        "on": on,
        "target": card.spec.target,
        "labels": labels,
        "position": max(found.positions.values()),
        "rows": len(found.sample),
        "bad": int(found.sample.bad.sum()),
        "learnt": learnt(bound, found.looks),
        "probability": {"intercept": rounded(line.intercept), "slope": rounded(line.slope)},
        "figures": {name: _figures(of) for name, of in figures.items()},
        "left_out": card.left_out,
        "forbidden": card.spec.forbidden,
        "overrides": _overrides(card.spec),
        "leakage": [{"input": flag.column, "said": flag.said} for flag in flags],
    }
    return sealed(written)


def learnt(bound: Bound, looks: Sequence[Look]) -> dict[str, Any]:
    """Each row judged on its day by what was known then, and only counted."""
    ready, spread = trying.runnable(bound), Spread(bound.model.scale)
    for look in looks:
        known = inputs.known(bound, look.whom, on=look.on, at=look.at)
        for one in score(ready, list(look.whom), known):
            spread.add(judged(bound, one.outcome))
    return {name: of for name, of in spread.as_dict().items() if name in LEARNT}


def _figures(of: Mapping[str, Any]) -> dict[str, Any]:
    return {name: rounded(figure) for name, figure in of.items() if figure is not None}


def _overrides(spec: Specification) -> list[dict[str, Any]]:
    by_hand = {name: one.override for name, one in spec.inputs.items() if one.override is not None}
    return [{"input": name, "by": one.by, "on": one.on, "why": one.why} for name, one in by_hand.items()]
