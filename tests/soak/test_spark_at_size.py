"""A cluster and this machine over one snapshot of 400,000 subjects: the same answer, bit for bit.

Once sixty indicators of ten kinds over four million facts of one item; once the city's own models, each over its kind,
down to the checksum `xinqiao evaluate` tells. Only in `make soak`: the taste of it is
`tests/evaluation/test_spark.py`, which goes the whole way with a dozen firms.
"""

import hashlib
import os
import time
from pathlib import Path
from typing import Final

import polars as pl
import polars.selectors as cs
import pytest

from tests.evaluation import cluster
from tests.soak import invented
from tests.soak.campaign import WHOLE, say
from xinqiao import catalogue
from xinqiao.evaluation import model_files, trying
from xinqiao.evaluation.engines import DuckDB, Engine, Job
from xinqiao.evaluation.grading import Summary
from xinqiao.evaluation.scoring import Runnable, scored
from xinqiao.evaluation.snapshots import Opened
from xinqiao.evaluation.spark import Spark
from xinqiao.kernel.ids import Position
from xinqiao_bench import matters

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not WHOLE, reason="half an hour: make soak"),
    pytest.mark.skipif(cluster.why_not() is not None, reason=f"no Spark: {cluster.why_not()}"),
    # Spark leaves its gateway's socket open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FIRMS: Final = int(os.environ.get("XINQIAO_SOAK_FIRMS") or 400_000)
FACTS_EACH: Final = 10
# Room for a worker that groups its half of them: what the cluster's own configuration says elsewhere.
SETTINGS: Final = cluster.SMALL | {
    "spark.executor.memory": "3g",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "64",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where snapshots are kept, which the workers read; with a folder of this city's."""
    found = tmp_path / "snapshots" / "city"
    found.mkdir(parents=True)
    monkeypatch.setenv("XINQIAO_SNAPSHOTS", str(found.parent))
    return found


def test_two_workers_answer_for_400_000_firms_as_this_machine_does(tmp_path: Path, place: Path) -> None:
    city = matters.snapshot(place, FIRMS, FIRMS * FACTS_EACH)
    job = matters.job(matters.runnable(), city)
    here = _answered(DuckDB(), job)
    with cluster.standing(tmp_path, memory="3g") as master:
        there = _answered(Spark(master, **SETTINGS), job)
    assert there == here
    assert here[0] == FIRMS


def test_two_workers_grade_a_city_of_400_000_by_its_own_models_as_this_machine_does(
    tmp_path: Path, place: Path
) -> None:
    city = invented.snapshot(place, FIRMS)
    models = [trying.runnable(file.bound) for file in model_files.load(catalogue.city()).values()]
    here = [_graded(DuckDB(), model, city) for model in models]
    with cluster.standing(tmp_path, memory="3g") as master:
        there = [_graded(Spark(master, **SETTINGS), model, city) for model in models]
    assert [one.checksum for one in there] == [one.checksum for one in here]
    assert sum(one.subjects for one in here) == FIRMS
    assert all(0 < one.graded < one.subjects and one.thin_file for one in here)


def _graded(engine: Engine, model: Runnable, city: Opened) -> Summary:
    began, summary = time.monotonic(), Summary(Position(1), invented.ON)
    for reckoned in engine.reckon(Job(model, city, model.bound.model.kind, invented.ON)):
        for one in scored(model.bound, reckoned):
            summary.add(model.bound, one)
    named, took = model.bound.model.model, time.monotonic() - began
    say(f"{type(engine).__name__}: {summary.subjects} by {named} in {took:.0f} s, {summary.checksum[:16]}")
    return summary


def _answered(engine: Engine, job: Job) -> tuple[int, str]:
    """How many, and the digest of everything that was answered, in the order of the firms."""
    began, many, digest = time.monotonic(), 0, hashlib.sha256()
    for reckoned in engine.reckon(job):
        many += reckoned.table.height
        for row in _said(reckoned.table):
            digest.update(row)
    say(f"{type(engine).__name__}: {many} firms in {time.monotonic() - began:.0f} s, {digest.hexdigest()[:16]}")
    return many, digest.hexdigest()


def _said(table: pl.DataFrame) -> list[bytes]:
    """Each row as text: of no facts one engine has an empty list where another has none."""
    told = table.select(sorted(table.columns)).with_columns(cs.list().fill_null([]))
    return [row.encode() for row in told.select(pl.struct(pl.all()).struct.json_encode()).to_series()]
