"""A cluster and this machine over one snapshot of 400,000 firms: the same answer, bit for bit.

Sixty indicators of ten kinds over four million facts, all that a grade keeps of them. Only in `make soak`: the taste of
it is `tests/evaluation/test_spark.py`, which goes the whole way with a dozen firms.
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
from tests.soak.campaign import WHOLE, say
from xinqiao.evaluation.engines import DuckDB, Engine, Job
from xinqiao.evaluation.spark import Spark
from xinqiao_bench import matters

pytestmark = pytest.mark.soak

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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Spark leaves its gateway's socket open
@pytest.mark.skipif(not WHOLE, reason="a quarter of an hour: make soak")
@pytest.mark.skipif(cluster.why_not() is not None, reason=f"no Spark: {cluster.why_not()}")
def test_two_workers_answer_for_400_000_firms_as_this_machine_does(tmp_path: Path) -> None:
    place = tmp_path / "snapshots"
    place.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XINQIAO_SNAPSHOTS", str(place))
        (place / "city").mkdir()
        city = matters.snapshot(place / "city", FIRMS, FIRMS * FACTS_EACH)
        job = matters.job(matters.runnable(), city)
        here = _answered(DuckDB(), job)
        with cluster.standing(tmp_path, memory="3g") as master:
            there = _answered(Spark(master, **SETTINGS), job)
    assert there == here
    assert here[0] == FIRMS


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
