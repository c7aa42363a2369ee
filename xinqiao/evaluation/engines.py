"""Engines that reckon a whole kind of subject from a snapshot. Each gives the same tables; what becomes of them is one.

DuckDB here, a part of the subjects at a time so that any city fits into one machine; Spark in `spark.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

import duckdb
import polars as pl

from xinqiao.evaluation.engine import in_order, opened
from xinqiao.evaluation.scoring import Reckoned, Runnable
from xinqiao.evaluation.snapshots import Opened
from xinqiao.kernel.subject_kinds import SubjectKind

CHUNK: Final = 20_000  # subjects at once, and in one act of the log: their outcomes take some hundred MB
MEMORY: Final = "1GB"  # of two that a whole run may take; the rest is for outcomes on their way into the database
SQL_TYPES: Final = {
    "int64": "BIGINT",
    "string": "VARCHAR",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "decimal(18, 2)": "DECIMAL(18, 2)",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A model over all subjects of its kind, or `only` some of them, on a day."""

    model: Runnable
    city: Opened
    kind: SubjectKind
    on: date
    only: Sequence[int] | None = None

    def delivered(self) -> dict[str, bool]:
        """Of each item the model reads: has any source ever delivered it?"""
        return {f"delivered_{item}": item in self.city.manifest.delivered for item in sorted(self.model.bound.items)}


class Engine(Protocol):
    def reckon(self, job: Job) -> Iterator[Reckoned]:
        """The subjects in the order of their numbers, a chunk at a time."""
        ...


class DuckDB:
    def reckon(self, job: Job) -> Iterator[Reckoned]:
        with (
            TemporaryDirectory() as spill,
            opened(enable_external_access=True, memory_limit=MEMORY, temp_directory=spill) as connection,
        ):
            _prepare(connection, job)
            disputed = _disputed(connection, job)
            for chunk in chunks(whom(job)):
                touched = [subject for subject in chunk if subject in disputed]
                yield Reckoned(_of(connection, job, chunk), _without(connection, job, touched), disputed)


def whom(job: Job) -> list[int]:
    """The subjects of a job, by number."""
    everybody = _everybody(job.city).filter(pl.col("kind") == job.kind.value)
    if job.only is not None:
        everybody = everybody.filter(pl.col("subject_id").is_in(list(job.only)))
    return everybody["subject_id"].sort().to_list()


def kinds(city: Opened) -> list[SubjectKind]:
    """The kinds of which there is anybody, in one order."""
    return sorted(SubjectKind(kind) for kind in _everybody(city)["kind"].unique())


def how_many(city: Opened, kind: SubjectKind) -> int:
    return int((_everybody(city)["kind"] == kind.value).sum())


def _everybody(city: Opened) -> pl.DataFrame:
    return pl.read_parquet(city.folder / city.manifest.subjects_file())


def chunks(subjects: Sequence[int]) -> Iterator[Sequence[int]]:
    return (subjects[start : start + CHUNK] for start in range(0, len(subjects), CHUNK))


def _prepare(connection: duckdb.DuckDBPyConnection, job: Job) -> None:
    """The tables the frozen SQL reads. Afterwards nothing but the snapshot can be read at all."""
    connection.execute("SET allowed_directories = ?", [[str(job.city.folder)]])
    connection.execute("SET enable_external_access = false")
    connection.execute("CREATE TABLE subjects (subject_id BIGINT)")
    told = job.delivered()
    columns = "".join(f', "{name}" BOOLEAN' for name in told)
    connection.execute(f"CREATE TABLE run (on_date DATE{columns})")
    connection.execute(f"INSERT INTO run VALUES (?{', ?' * len(told)})", [job.on, *told.values()])
    _views(connection, job, undisputed=False)


def _views(connection: duckdb.DuckDBPyConnection, job: Job, *, undisputed: bool) -> None:
    for item in job.model.bound.items:
        connection.execute(f'CREATE OR REPLACE VIEW "facts_{item}" AS {_facts(job, item, undisputed=undisputed)}')


def _facts(job: Job, item: str, *, undisputed: bool) -> str:
    """The facts of the subjects at hand: what may still be shown on the day, its columns as the model has them."""
    columns = job.model.tables[f"facts_{item}"]
    if (path := job.city.path(item)) is None:
        empty = ", ".join(f'NULL::{SQL_TYPES[kind]} AS "{name}"' for name, kind in columns.items())
        return f"SELECT {empty} WHERE false"
    named = ", ".join(f'"{name}"::{SQL_TYPES[kind]} AS "{name}"' for name, kind in columns.items())
    only = " AND standing <> 'disputed'" if undisputed else ""
    return f"""
        SELECT {named} FROM {_file(path)} WHERE subject_id IN (SELECT subject_id FROM subjects) AND {_shown(job)}{only}
    """


def _of(connection: duckdb.DuckDBPyConnection, job: Job, chunk: Sequence[int]) -> pl.DataFrame:
    connection.execute("DELETE FROM subjects")
    connection.execute("INSERT INTO subjects SELECT unnest(?::BIGINT[])", [chunk])
    return in_order(connection.execute(job.model.sql).pl())


def _without(connection: duckdb.DuckDBPyConnection, job: Job, chunk: Sequence[int]) -> pl.DataFrame | None:
    """The same SQL over the same facts without those that are disputed; None where nothing is."""
    if not chunk:
        return None
    _views(connection, job, undisputed=True)
    table = _of(connection, job, chunk)
    _views(connection, job, undisputed=False)
    return table


def _disputed(connection: duckdb.DuckDBPyConnection, job: Job) -> dict[int, list[int]]:
    """Who disputes which facts, among those the model reads: few in any city."""
    found: dict[int, list[int]] = {}
    for path in filter(None, (job.city.path(item) for item in job.model.bound.items)):
        asked = f"SELECT subject_id, fact_id FROM {_file(path)} WHERE standing = 'disputed' AND {_shown(job)}"
        for subject, fact in connection.execute(asked).fetchall():
            found.setdefault(subject, []).append(fact)
    return found


def _file(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"read_parquet('{quoted}')"


def _shown(job: Job) -> str:
    return f"(shown_until IS NULL OR shown_until >= DATE '{job.on.isoformat()}')"
