"""A challenger without the scorecard's modesty: boosted trees over the same inputs. It shows what being readable costs.

It is never exported and never grades anybody.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from lightgbm import LGBMClassifier

from xinqiao.fitting.samples import Sample, as_floats
from xinqiao.fitting.specification import Specification
from xinqiao.validation.arrays import Floats

# Set once by what boosting is known to bear on tables of a few thousand rows; never looked for on a test part.
SETTINGS: Final[dict[str, Any]] = {
    "n_estimators": 300,
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_child_samples": 20,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.6,
    "reg_lambda": 1.0,
    "deterministic": True,
    "force_row_wise": True,
    "n_jobs": 1,
    "verbose": -1,
}
UNSEEN: Final = -1  # a code no row of the fit had; LightGBM takes it for missing


@dataclass(frozen=True, slots=True)
class Challenger:
    spec: Specification
    codes: dict[str, dict[str, int]]
    trees: Any

    def risk(self, sample: Sample) -> Floats:
        """The chance of failure in a sample drawn as the fitted one was, of each row."""
        found = self.trees.predict_proba(_columns(sample.table, self.spec, self.codes))
        return np.asarray(found, dtype=np.float64)[:, 1]


def fit(sample: Sample, spec: Specification) -> Challenger:
    codes = {
        name: {code: place for place, code in enumerate(sorted(sample.table[name].drop_nulls().unique()))}
        for name, one in spec.inputs.items()
        if one.kind == "code"
    }
    trees = LGBMClassifier(random_state=spec.seed, **SETTINGS)
    categories = [place for place, one in enumerate(spec.inputs.values()) if one.kind == "code"]
    trees.fit(_columns(sample.table, spec, codes), sample.bad, categorical_feature=categories or "auto")
    return Challenger(spec, codes, trees)


def _columns(table: pl.DataFrame, spec: Specification, codes: dict[str, dict[str, int]]) -> Floats:
    return np.column_stack([_column(table[name], codes.get(name)) for name in spec.inputs])


def _column(column: pl.Series, codes: dict[str, int] | None) -> Floats:
    if codes is None:
        return as_floats(column)
    return np.array([np.nan if code is None else codes.get(code, UNSEEN) for code in column])
