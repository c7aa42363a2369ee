"""A card of 30 inputs over a million rows, against optbinning's `Scorecard.score` on the same rows, and a memory scan.

Both cards are fitted on the same outcomes with six bins an input at most. The scan adds up the same thirty columns,
240 MB, with NumPy: what reading them costs. CPU of this process each, the better of a few turns.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import polars as pl

from xinqiao.fitting import scorecard
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import Specification
from xinqiao_bench.measures import Measure, spent

ROWS: Final = 1_000_000
LEARNT: Final = 20_000
INPUTS: Final = 30
BINS: Final = 6
SEED: Final = 20261123
GOAL: Final = 12.0
GOAL_SCANS: Final = 25.0
ROUNDS: Final = 3


def run(rows: int = ROWS) -> dict[str, Measure]:
    learnt, fresh = _sample(LEARNT, SEED), _sample(rows, SEED + 1)
    card, theirs = scorecard.fit(learnt, _specification()), _optbinning(learnt)
    table = fresh.table.to_pandas()
    columns = [fresh.table[name].to_numpy() for name in fresh.table.columns]
    ours = _best(lambda: card.points(fresh))
    peer = _best(lambda: theirs.score(table))
    scan = _best(lambda: sum(int(column.sum()) for column in columns))
    rate, baseline = rows / ours / 1e6, rows / peer / 1e6
    return {
        "scoring": Measure(rate, "Mrows/s", baseline, rate / baseline, GOAL, "at_least"),
        "scoring-scans": Measure(ours * 1000, "ms CPU", scan * 1000, ours / scan, GOAL_SCANS),
    }


def _sample(rows: int, seed: int) -> Sample:
    """Whole numbers, of which every one tells a little, and what became of each row."""
    chance = np.random.default_rng(seed)
    table = pl.DataFrame({f"x{n}": chance.integers(0, 1000, rows) for n in range(INPUTS)})
    logit = sum((table[name].to_numpy() - 500) / 500 * 0.5 for name in table.columns) - 1.5
    return Sample(table, chance.random(rows) < 1 / (1 + np.exp(-logit)))


def _specification() -> Specification:
    return Specification.model_validate(
        {
            "fit": "bench",
            "title": "测速",
            "target": "违约",
            "most_bins": BINS,
            "inputs": {f"x{n}": {"title": f"输入{n}", "risk": "rises"} for n in range(INPUTS)},
            "grades": [
                {"grade": "A", "title": "优", "at_most": "0.1"},
                {"grade": "B", "title": "差"},
            ],
        }
    )


def _optbinning(learnt: Sample) -> Any:
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    table = learnt.table.to_pandas()
    process = BinningProcess(list(table.columns), max_n_bins=BINS)
    card = Scorecard(binning_process=process, estimator=LogisticRegression(max_iter=1000))
    return card.fit(table, learnt.bad.astype(np.int64))


def _best(act: Callable[[], object]) -> float:
    def cpu() -> float:
        with spent() as cost:
            act()
        return cost.cpu

    return min(cpu() for _ in range(ROUNDS))
