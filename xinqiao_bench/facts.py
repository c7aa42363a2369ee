"""Accepted rows to durable facts in the log, against a bare COPY of the same rows.

The baseline is the text of the very rows the product wrote, taken back out of its tables, and copied by one plain COPY
per table into copies of them that have the same columns, indexes, checks and triggers: no parsing, no hashing, no
sealing, no look-ups, no log. Both in one run, on one server, in turns, a transaction for as many rows. Goal: 30 % of
its rate at least; 40 % is the aim. Half the rows are of an item with secret fields, half of one without.
"""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl
import psycopg
from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.creditfile import facts
from xinqiao.creditfile.facts import CHUNK, Origin
from xinqiao.creditfile.rules.values import typed
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao_bench import scratch
from xinqiao_bench.measures import Measure

ROWS: Final = 240_000
SUBJECTS: Final = 60_000
SEED: Final = 20261123
GOAL: Final = 0.30
NOW: Final = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)
TABLES: Final = ("creditfile_fact", "creditfile_secret")
ITEMS: Final = ("tax_arrears", "tax_declared_sales")
AGAIN: Final = 4  # chunks that are delivered a second time, word for word

Copies = dict[str, bytes]
_TRIGGERS: Final = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"


def run(rows: int = ROWS) -> dict[str, Measure]:
    frames = list(_frames(rows))
    with scratch.database():
        _bare_tables()
        ours, bare = [], []
        for number, (item, frame) in enumerate(frames, start=1):
            ours.append(_ours(item, frame, number))
            bare.append(_bare(_written(number)))
        again = [_ours(item, frame, len(frames) + n) for n, (item, frame) in enumerate(frames[:AGAIN], start=1)]
    rate, baseline = (len(frames) * CHUNK / sum(seconds) for seconds in (ours, bare))
    confirmed = CHUNK / statistics.median(again)
    return {
        "facts": Measure(rate, "rows/s", baseline, rate / baseline, GOAL, "at_least"),
        "facts-confirmed": Measure(confirmed, "rows/s", baseline, confirmed / baseline),
    }


def _ours(item: str, frame: pl.DataFrame, delivery: int) -> float:
    """Seconds from the typed rows in memory to the commit of their facts."""
    entry = catalogue.city().item(item)
    began = time.perf_counter()
    with transaction.atomic():
        facts.store(Origin(entry, entry.sources[0], DeliveryNumber(delivery), date(2026, 11, 23)), frame, now=NOW)
    return time.perf_counter() - began


def _bare(copies: Copies) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        for table, text in copies.items():
            with psycopg.Cursor(connection.connection).copy(f"COPY bare_{table} FROM STDIN") as copy:
                copy.write(text)
    return time.perf_counter() - began


def _bare_tables() -> None:
    """The product's own tables once more: same columns, checks, indexes and triggers."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(_TRIGGERS, [table])
            for (trigger,) in cursor.fetchall():
                cursor.execute(trigger.replace(f" ON public.{table} ", f" ON bare_{table} "))


def _written(delivery: int) -> Copies:
    """The rows the product just wrote for a delivery, as COPY text."""
    where = {
        "creditfile_fact": f"SELECT * FROM creditfile_fact WHERE delivery = {delivery} ORDER BY id",
        "creditfile_secret": "SELECT s.* FROM creditfile_secret s JOIN creditfile_fact f ON f.id = s.fact_id"
        f" WHERE f.delivery = {delivery} ORDER BY s.fact_id",
    }
    copies = {}
    for table, query in where.items():
        with psycopg.Cursor(connection.connection).copy(f"COPY ({query}) TO STDOUT") as copy:
            text = b"".join(bytes(part) for part in copy)
        if text:
            copies[table] = text
    return copies


def _frames(rows: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """Chunks of accepted rows, of the items in turn, the businesses in no order."""
    rng = random.Random(SEED)  # noqa: S311 - figures for a benchmark
    for number in range(max(rows // CHUNK, AGAIN)):
        item = ITEMS[number % len(ITEMS)]
        yield item, _typed(item, (_arrears if item == "tax_arrears" else _sales)(rng, number))


def _businesses(rng: random.Random) -> tuple[list[int], dict[str, Any]]:
    subjects = rng.sample(range(1, SUBJECTS + 1), CHUNK)
    codes = [f"9141040{subject:011d}" for subject in subjects]
    names = [f"平顶山市第{subject}号商贸有限公司" for subject in subjects]
    return subjects, {
        "line": range(2, CHUNK + 2),
        "subject_id": subjects,
        "uscc": codes,
        "subject_name": names,
        "taxpayer_id": codes,
    }


def _arrears(rng: random.Random, number: int) -> dict[str, Any]:
    subjects, columns = _businesses(rng)
    return columns | {
        "tax_kind": [f"101{number:02d}"] * CHUNK,
        "arrears_balance": [_money(rng) for _ in subjects],
        "new_arrears": [rng.choice((_money(rng), None)) for _ in subjects],
        "notice_no": [f"2026年第{rng.randrange(1, 5)}期" for _ in subjects],
        "notice_on": [date(2022, 1, 1) + timedelta(days=rng.randrange(1_700)) for _ in subjects],
        "authority": ["国家税务总局平顶山市新华区税务局"] * CHUNK,
    }


def _sales(rng: random.Random, number: int) -> dict[str, Any]:
    subjects, columns = _businesses(rng)
    return columns | {
        "period": [f"{2016 + number // 12}-{number % 12 + 1:02d}"] * CHUNK,
        "sales": [_money(rng) for _ in subjects],
        "exempt_sales": [Decimal(0)] * CHUNK,
        "tax_declared": [_money(rng) for _ in subjects],
    }


def _money(rng: random.Random) -> Decimal:
    return Decimal(rng.randrange(10**9)).scaleb(-2)


def _typed(item: str, columns: dict[str, Any]) -> pl.DataFrame:
    """The columns intake promises: every field of the item, empty where the file has none."""
    fields = catalogue.city().item(item).fields
    schema: dict[str, Any] = {"line": pl.Int64, "subject_id": pl.Int64}
    schema |= {name: typed(field.type) for name, field in fields.items()}
    return pl.DataFrame({name: columns.get(name, [None] * CHUNK) for name in schema}, schema=schema)
