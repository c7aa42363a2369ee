"""What nobody can have known beforehand is flagged; what is merely good is not."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.fitting.builders import a_sample, a_specification
from xinqiao.fitting import leakage
from xinqiao.fitting.errors import FitFaults
from xinqiao.fitting.leakage import Why
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import faults, load


def a_leaky_sample() -> tuple[Sample, pl.Series]:
    """Terms cut short by the default, a day of write-off, a rating given by somebody who knew."""
    sample = a_sample(600)
    sample = Sample(sample.table.select("sales", "late", "trade"), sample.bad)
    random = np.random.default_rng(2)
    term = random.choice([12, 24, 36, 60, 84, 120], len(sample))
    cut = np.where(sample.bad, np.clip(term - random.integers(1, 11, len(sample)), 1, None), term)
    decided = [date(2024, 1, 1) + timedelta(days=int(n)) for n in random.integers(0, 300, len(sample))]
    columns: dict[str, Any] = {
        "term": cut,
        "written_off": [
            day + timedelta(days=400) if bad else None for day, bad in zip(decided, sample.bad, strict=True)
        ],
        "licensed": [day - timedelta(days=900) for day in decided],
        "rating": np.where(sample.bad & (random.random(len(sample)) < 0.3), "D", "C"),
    }
    return Sample(sample.table.with_columns(**{k: pl.Series(v) for k, v in columns.items()}), sample.bad), pl.Series(
        decided
    )


def test_what_the_outcome_wrote_is_flagged_and_honest_inputs_are_not() -> None:
    sample, decided = a_leaky_sample()

    flags = leakage.by_column(leakage.check(sample, a_specification(), decided=decided))

    assert set(flags) == {"term", "written_off", "rating"}
    assert {flag.why for flag in flags["term"]} >= {Why.SHAPE}
    assert {flag.why for flag in flags["written_off"]} == {Why.DATED, Why.POWER}
    assert {flag.why for flag in flags["rating"]} == {Why.PURE}


def test_what_somebody_declared_is_flagged_whatever_the_rows_say() -> None:
    sample = a_sample(200)
    only = Sample(sample.table.select("noise"), sample.bad)

    flags = leakage.check(only, a_specification(forbidden={"noise": "结果之后才有"}))

    assert [(flag.column, flag.why) for flag in flags] == [("noise", Why.DECLARED)]


@pytest.mark.parametrize(
    ("changes", "saying"),
    [
        ({"forbidden": {"late": "结果之后才有"}}, "late 不许使用"),
        ({"inputs": {"late": {"title": "x", "known": "afterwards"}}}, "结果发生之后才知道"),
        ({"grades": [{"grade": "A", "title": "优"}, {"grade": "B", "title": "差"}]}, "只有最后一个等级"),
        (
            {"inputs": {"late": {"title": "x", "override": {"by": "王", "on": "2026-01-01", "why": "x"}}}},
            "应写 cuts",
        ),
    ],
)
def test_a_specification_cannot_use_what_it_forbids(changes: dict[str, object], saying: str) -> None:
    assert any(saying in fault for fault in faults(a_specification(**changes)))


def test_a_specification_names_its_mistakes_by_line(tmp_path: Path) -> None:
    file = tmp_path / "spec.yml"
    file.write_text("fit: x\ntitle: x\ntarget: x\ninputs:\n  a: {title: x, risk: sometimes}\n", encoding="utf-8")

    with pytest.raises(FitFaults, match=r"spec.yml:5.*sometimes"):
        load(file)
