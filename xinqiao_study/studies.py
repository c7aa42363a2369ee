"""What is tried on each data set, and the figure it must reach. The gates are issue 4's and are left alone when missed.

Folds and seeds are fixed; whatever looks at outcomes is fitted anew inside each fold (`fitting.trials`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from xinqiao.fitting import leakage, scorecard, specification, trials
from xinqiao.fitting.leakage import Flag
from xinqiao.fitting.scorecard import Card
from xinqiao.fitting.specification import Specification
from xinqiao.fitting.trials import Trial
from xinqiao.validation.calibration import Level, level
from xinqiao.validation.discrimination import auc, ks
from xinqiao.validation.drift import Alarm, Drift, score_drift
from xinqiao_study import tables
from xinqiao_study.tables import Rows

if TYPE_CHECKING:
    import polars as pl

SPECIFICATIONS: Final = Path(__file__).parent / "specifications"


@dataclass(frozen=True, slots=True)
class Study:
    """`gates`: the least AUC of each model tried. `flagged`: columns the leakage check must name."""

    folds: int
    seeds: int
    gates: dict[str, float]
    flagged: tuple[str, ...] = ()


STUDIES: Final = {
    "cumcm": Study(5, 4, {"scorecard": 0.87, "challenger": 0.0}, ("rating",)),
    "german": Study(5, 2, {"scorecard": 0.77, "challenger": 0.0}),
    "polish": Study(5, 1, {"challenger": 0.945}),
    "sba": Study(3, 1, {"scorecard": 0.725, "challenger": 0.765}, ("term", "chg_off_date")),
}
LEARNT_UNTIL: Final = 2005  # fiscal years
JUDGED: Final = (2006, 2010)  # in which the crisis came


@dataclass(frozen=True, slots=True)
class Shifted:
    """A card of the years before, met by the years of the crisis."""

    drift: Drift
    level: Level
    auc: float
    ks: float

    @property
    def ok(self) -> bool:
        """Both alarms went off."""
        return self.drift.alarm is Alarm.ACT and self.level.alarm


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found on one data set."""

    name: str
    study: Study
    spec: Specification
    rows: int
    bad: int
    trials: dict[str, Trial]
    flags: list[Flag]
    card: Card | None
    shifted: Shifted | None
    seconds: float

    def told(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The figures under their gates, as `xinqiao study --json` tells them."""
        for model, trial in self.trials.items():
            yield self._named(model), self._of(model, trial)
        if self.study.flagged:
            named = sorted(leakage.by_column([flag for flag in self.flags if flag.why is not leakage.Why.DECLARED]))
            ok = set(self.study.flagged) <= set(named)
            yield f"{self.name}_leakage", {"flagged": named, "gate": list(self.study.flagged), "ok": ok}
        if (one := self.shifted) is not None:
            figures = {"auc": round(one.auc, 4), "ks": round(one.ks, 4), "psi": round(one.drift.psi, 3)}
            said = {"said": round(one.level.predicted, 3), "came": round(one.level.observed, 3)}
            gate = {"drift_alarm": Alarm.ACT.value, "calibration_alarm": True}
            yield f"{self.name}_drift", {"model": "scorecard", **figures, **said, "gate": gate, "ok": one.ok}

    def _named(self, model: str) -> str:
        """The first model is the data set's own; others are named beside it."""
        return self.name if model == next(iter(self.trials)) else f"{self.name}_{model}"

    def _of(self, model: str, trial: Trial) -> dict[str, Any]:
        gate = self.study.gates[model]
        parts = f"{self.study.folds} × {self.study.seeds}"
        told = {"model": model, "auc": round(trial.auc, 4), "ks": round(trial.ks, 4), "folds": parts}
        if not gate:
            return told | {"gate": None, "ok": None}
        return told | {"gate": gate, "ok": trial.auc >= gate}


def run(name: str, *, say: Callable[[str], None]) -> Found:
    """Everything on one data set. Raises `NoRealData`."""
    began = perf_counter()
    study, rows = STUDIES[name], tables.TABLES[name]()
    spec = specification.load(SPECIFICATIONS / f"{name}.yml")
    tried: dict[str, Trial] = {}
    for model in study.gates:
        say(f"{name}：{model}，{study.folds} 折 × {study.seeds}")
        tried[model] = trials.in_folds(
            rows.sample, spec, trials.RISKS[model], folds=study.folds, seeds=range(spec.seed, spec.seed + study.seeds)
        )
    say(f"{name}：泄漏检查")
    flags = leakage.check(rows.sample, spec, decided=rows.decided)
    card = scorecard.fit(rows.sample, spec) if "scorecard" in study.gates else None
    shifted = _crisis(rows, spec) if name == "sba" else None
    bad = int(rows.sample.bad.sum())
    spent = perf_counter() - began
    return Found(name, study, spec, len(rows.sample), bad, tried, flags, card, shifted, spent)


def _crisis(rows: Rows, spec: Specification) -> Shifted | None:
    """Fitted on the years before, as drawn: the true rate is a matter of the whole sample, not of its years."""
    year: pl.Series = rows.sample.table["approval_fy"]
    before, during = rows.where(year <= LEARNT_UNTIL), rows.where(year.is_between(*JUDGED))
    as_drawn = spec.model_copy(update={"prior": None})
    card = scorecard.fit(before.sample, as_drawn)
    then, now = card.points(before.sample), card.points(during.sample)
    drift, said = score_drift(then, now), level(card.probability(during.sample), during.sample.bad)
    parted, gap = auc(-now, during.sample.bad), ks(-now, during.sample.bad)
    if drift is None or said is None or parted is None or gap is None:
        return None
    return Shifted(drift, said, parted, gap)
