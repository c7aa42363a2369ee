"""Accepted rows to durable facts in the log, against a bare COPY of the same rows.

The baseline writes, in the same chunks and transactions, the finished rows into copies of the fact and the secret table
with the same indexes and trigger: what any program would have to pay. Goal: at least 30 % of its rate, 40 % is the aim.
"""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.creditfile import facts
from xinqiao.creditfile.facts import Origin
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao_bench import scratch
from xinqiao_bench.measures import Measure

ROWS: Final = 60_000
ROUNDS: Final = 3
GOAL: Final = 0.30
ITEM: Final = "tax_declared_sales"  # its amounts are secret: the sealed table is paid for as well
NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)

_COPIES: Final = """
CREATE TABLE bench_fact (LIKE creditfile_fact INCLUDING ALL);
CREATE TRIGGER bench_fact_only_close BEFORE UPDATE OR DELETE ON bench_fact
    FOR EACH ROW EXECUTE FUNCTION creditfile_only_close();
CREATE TABLE bench_secret (LIKE creditfile_secret INCLUDING ALL);
"""


def run(rows: int = ROWS) -> dict[str, Measure]:
    ours, bare = [], []
    with scratch.database():
        with connection.cursor() as cursor:
            cursor.execute(_COPIES)
        for turn in range(ROUNDS):
            ours.append(_ours(_frame(rows, turn), turn))
            bare.append(_bare(turn))
    value, baseline = sorted(ours)[ROUNDS // 2], sorted(bare)[ROUNDS // 2]
    return {"facts": Measure(value, "rows/s", baseline, value / baseline, GOAL, "at_least")}


def _frame(rows: int, turn: int) -> pl.DataFrame:
    """Rows as intake hands them on: other subjects every turn, so that each row is new."""
    first = turn * rows
    item = catalogue.city().item(ITEM)
    money = [Decimal(n % 900_000) / 100 for n in range(rows)]
    told: dict[str, Any] = {
        "line": range(2, rows + 2),
        "subject_id": range(first, first + rows),
        "subject_name": [f"平顶山市第{n}示例商贸有限公司" for n in range(rows)],
        "uscc": [f"91410402MA{n:08d}" for n in range(first, first + rows)],
        "period": ["2026-09"] * rows,
        "sales": money,
        "exempt_sales": money,
        "tax_declared": money,
    }
    kinds = {"line": pl.Int64, "subject_id": pl.Int64}
    kinds |= {n: pl.Decimal(18, 2) for n in ("sales", "exempt_sales", "tax_declared")}
    frame = pl.DataFrame(told, schema_overrides=kinds)
    return frame.select("line", "subject_id", *(n for n in item.fields if n in frame.columns))


def _ours(frame: pl.DataFrame, turn: int) -> float:
    item = catalogue.city().item(ITEM)
    origin = Origin(item, item.sources[0], DeliveryNumber(turn + 1), date(2026, 11, 23))
    begun = time.perf_counter()
    for chunk in frame.iter_slices(facts.CHUNK):
        with transaction.atomic():
            facts.store(origin, chunk, now=NOW)
    return frame.height / (time.perf_counter() - begun)


def _bare(turn: int) -> float:
    """The rows that were just stored, copied once more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT *, payload::text FROM creditfile_fact WHERE delivery = %s ORDER BY id", (turn + 1,))
        stored = [(*row[:13], row[18], *row[14:18]) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT s.* FROM creditfile_secret s JOIN creditfile_fact f ON f.id = s.fact_id WHERE f.delivery = %s"
            " ORDER BY 1",
            (turn + 1,),
        )
        secrets = cursor.fetchall()
    begun = time.perf_counter()
    for start in range(0, len(stored), facts.CHUNK):
        with transaction.atomic():
            _copy("bench_fact", stored[start : start + facts.CHUNK])
            _copy("bench_secret", secrets[start : start + facts.CHUNK])
    return len(stored) / (time.perf_counter() - begun)


def _copy(table: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
