"""Spark, where one machine is outgrown: the same expression over the same files, and the same answer bit for bit.

Only `xinqiao[spark]` has it. Every machine of the cluster must read the place where snapshots are kept by the same
address: a shared folder, or a bucket. What Spark does differently from DuckDB is either forbidden by `portability` or
set here: ANSI mode on, the city's time zone (reference: docs/how-to/evaluate-on-spark.md).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow.parquet as pq

from xinqiao.evaluation import compiling, depots
from xinqiao.evaluation.engine import in_order
from xinqiao.evaluation.engines import CHUNK, Job
from xinqiao.evaluation.errors import EngineMissing, ModelOfAnotherCompiler
from xinqiao.evaluation.scoring import Reckoned

DIALECT: Final = "pyspark"
SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.ansi.enabled": "true",  # overflow and nonsense are errors, as in DuckDB
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.compression.codec": "zstd",
}
_ALL: Final = "all"
_WITHOUT: Final = "without"
TYPES: Final = {"int64": "bigint", "decimal(18, 2)": "decimal(18,2)"}  # the others are called the same


class Spark:
    """`master`: `spark://host:7077`, `local[*]`, or None for what Spark's own configuration says."""

    def __init__(self, master: str | None = None, **settings: str) -> None:
        self._master, self._settings = master, settings

    def reckon(self, job: Job) -> Iterator[Reckoned]:
        sql = sql_of(job)
        depot = depots.depot()
        with depot.workplace() as place:
            with session(self._master, self._settings) as spark:
                disputed = _disputed(spark, job)
                _ask(spark, job, sql, f"{depot.address(place)}/{_ALL}", undisputed=False)
                if disputed:
                    _ask(spark, job, sql, f"{depot.address(place)}/{_WITHOUT}", undisputed=True)
            with depot.lent(place) as folder:
                without = pl.concat(list(_read(folder / _WITHOUT))) if disputed else None
                for part in _read(folder / _ALL):
                    yield Reckoned(part, without, disputed)


def sql_of(job: Job) -> str:
    """The model's expression as Spark says it: of the very expression whose SQL was frozen.

    Raises `ModelOfAnotherCompiler` where this release no longer compiles the version to what was frozen with it.
    """
    compiled = compiling.once(job.model.bound)
    if compiled.digest != job.model.sql_sha256:
        raise ModelOfAnotherCompiler(job.model.bound.model.model, job.model.bound.model.version)
    return compiling.sql_in(compiled, DIALECT)


@contextmanager
def session(master: str | None, settings: Mapping[str, str]) -> Iterator[Any]:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineMissing from None
    builder = SparkSession.builder.appName("xinqiao evaluate")
    builder = builder if master is None else builder.master(master)
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def _ask(spark: Any, job: Job, sql: str, out: str, *, undisputed: bool) -> None:
    """The answer as files in the order of the subjects, written by the workers."""
    _subjects(spark, job, undisputed=undisputed).createOrReplaceTempView("subjects")
    told = job.delivered()
    columns = ", ".join(f"{str(there).lower()} AS {name}" for name, there in told.items())
    spark.sql(f"SELECT DATE '{job.on.isoformat()}' AS on_date, {columns}").createOrReplaceTempView("run")
    for item in job.model.bound.items:
        _facts(spark, job, item, undisputed=undisputed).createOrReplaceTempView(f"facts_{item}")
    answer = spark.sql(sql).repartitionByRange("subject_id").sortWithinPartitions("subject_id")
    answer.write.parquet(out)


def _subjects(spark: Any, job: Job, *, undisputed: bool) -> Any:
    path = f"{job.city.address}/{job.city.manifest.subjects_file()}"
    whom = spark.read.parquet(path).where(f"kind = '{job.kind.value}'").select("subject_id")
    if not undisputed:
        return whom
    return whom.join(_marked(spark, job).select("subject_id").distinct(), "subject_id", "left_semi")


def _facts(spark: Any, job: Job, item: str, *, undisputed: bool) -> Any:
    columns = job.model.tables[f"facts_{item}"]
    part = job.city.manifest.part(item)
    if part is None:
        empty = ", ".join(f"CAST(NULL AS {TYPES.get(kind, kind)}) AS {name}" for name, kind in columns.items())
        return spark.sql(f"SELECT {empty} WHERE false")
    rows = spark.read.parquet(f"{job.city.address}/{part.file}").where(_shown(job))
    rows = rows.where("standing <> 'disputed'") if undisputed else rows
    return rows.selectExpr(*(f"CAST({name} AS {TYPES.get(kind, kind)}) AS {name}" for name, kind in columns.items()))


def _marked(spark: Any, job: Job) -> Any:
    """The facts that are disputed, among those the model reads."""
    parts = filter(None, (job.city.manifest.part(item) for item in sorted(job.model.bound.items)))
    paths = [f"{job.city.address}/{part.file}" for part in parts]
    own = "subject_id bigint, fact_id bigint, standing string, shown_until date"
    rows = spark.read.schema(own).parquet(*paths).where(f"standing = 'disputed' AND {_shown(job)}")
    return rows.select("subject_id", "fact_id")


def _disputed(spark: Any, job: Job) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for subject, fact in _marked(spark, job).collect():
        found.setdefault(subject, []).append(fact)
    return found


def _shown(job: Job) -> str:
    return f"(shown_until IS NULL OR shown_until >= DATE '{job.on.isoformat()}')"


def _read(folder: Path) -> Iterator[pl.DataFrame]:
    """The answer's files, a chunk at a time: they are in the order of the subjects, and so are their names."""
    for path in sorted(folder.glob("part-*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(CHUNK):
            yield in_order(pl.DataFrame(batch))
