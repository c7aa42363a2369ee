"""Invented outcomes: firms whose risk follows their sales and their trade, as a fit should find."""

from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import Specification

TRADES = ("批发", "制造", "餐饮", "运输")
FAR = {"批发": 0.0, "制造": -0.7, "餐饮": 1.1, "运输": 0.4}


def a_sample(size: int = 900, seed: int = 5) -> Sample:
    """Amounts with gaps and codes among numbers; the later the payments and the smaller the sales, the worse."""
    random = np.random.default_rng(seed)
    sales = np.exp(random.normal(12, 1.2, size)).round(2)
    late = random.poisson(1.5, size)
    trade = random.choice(TRADES, size)
    noise = random.integers(0, 100, size)
    logit = -1.2 - 0.9 * (np.log(sales) - 12) + 0.5 * late + np.array([FAR[one] for one in trade])
    bad = random.random(size) < 1 / (1 + np.exp(-logit))
    unknown, unfit = random.random(size) < 0.08, random.random(size) < 0.06
    table = pl.DataFrame(
        {
            "sales": [None if gone else Decimal(str(one)) for one, gone in zip(sales, unknown, strict=True)],
            "late": np.where(unfit, -999, late),
            "trade": trade,
            "noise": noise,
        },
        schema={"sales": pl.Decimal(18, 2), "late": pl.Int64, "trade": pl.String, "noise": pl.Int64},
    )
    return Sample(table, bad)


def a_specification(**changes: Any) -> Specification:
    written: dict[str, Any] = {
        "fit": "invented",
        "title": "示例评分卡",
        "target": "违约",
        "inputs": {
            "sales": {"title": "销售额", "risk": "falls"},
            "late": {"title": "迟付次数", "risk": "rises", "special": ["-999"]},
            "trade": {"title": "行业", "kind": "code"},
        },
        "grades": [
            {"grade": "A", "title": "优", "at_most": "0.1"},
            {"grade": "B", "title": "良", "at_most": "0.3"},
            {"grade": "C", "title": "差"},
        ],
    }
    return Specification.model_validate(written | changes)
