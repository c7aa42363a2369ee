"""Runs a model's frozen SQL over frames in DuckDB. It knows no model and no database: tables in, a table out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import duckdb
import polars as pl
import polars.selectors as cs

POLARS: Final[dict[str, Any]] = {
    "int64": pl.Int64,
    "string": pl.String,
    "date": pl.Date,
    "boolean": pl.Boolean,
    "decimal(18, 2)": pl.Decimal(18, 2),
}

FEW: Final = 20_000  # rows one core is quicker with than two: to share them out costs a third of a small run

Tables = Mapping[str, Mapping[str, str]]


def run(sql: str, tables: Tables, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row a subject, ordered by subject. A table without a frame is empty; a frame's other columns are not read.

    Raises polars' and DuckDB's own errors where a value does not fit its column: such a value is a broken assumption.
    """
    with opened(**sized(frames)) as connection:
        return run_in(connection, sql, tables, frames)


def sized(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """Settings for an engine that is to read these: one core where there is little to share out."""
    return {"threads": 1} if sum(frame.height for frame in frames.values()) < FEW else {}


@contextmanager
def opened(**settings: str | bool | int) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine for several runs: to open one costs more than a small run. It reads no file unless it is let.

    Days are the city's, and nothing is printed between the lines of a command's answer.
    """
    with duckdb.connect(config={"enable_external_access": False, **settings}) as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        connection.execute("SET enable_progress_bar = false")
        yield connection


def run_in(
    connection: duckdb.DuckDBPyConnection, sql: str, tables: Tables, frames: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """As `run`, in an engine that is open; what was registered under a table's name before gives way."""
    for name, columns in tables.items():
        connection.register(name, fitted(frames.get(name), columns).to_arrow())
    found: pl.DataFrame = connection.execute(sql).pl()
    return in_order(found)


def in_order(found: pl.DataFrame) -> pl.DataFrame:
    """As every engine's answer is read: whole numbers of one width, by subject.

    DuckDB adds whole numbers up in a wider type, which comes as a decimal without places.
    """
    wide = [name for name, kind in found.schema.items() if isinstance(kind, pl.Decimal) and kind.scale == 0]
    return found.with_columns((cs.integer() | cs.by_name(wide)).cast(pl.Int64)).sort("subject_id")


def fitted(frame: pl.DataFrame | None, columns: Mapping[str, str]) -> pl.DataFrame:
    """The declared columns of a frame, in their order and types."""
    schema = {name: POLARS[kind] for name, kind in columns.items()}
    if frame is None:
        return pl.DataFrame(schema=schema)
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())
