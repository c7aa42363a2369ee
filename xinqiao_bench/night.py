"""A night of the city: its snapshot against a bare copy, and a day's increment against the whole city.

2,000 enterprises with fifty lines of public items each, filed as deliveries are. From them as many firms as are asked
for (`XINQIAO_BENCH_SUBJECTS=400000` are 20 million facts) are made by SQL: each fact once more, of another subject,
stored by the same event.

The bare copy takes the same columns out of the table by the same driver into Parquet, as they stand: no place in the
log, no marks, no order, no hash. Goal: 60 % of its rate at least, by the clock, in turns. The day's increment grades
one firm in a hundred as following the log does; the whole run cuts a snapshot and grades everybody from it. Goal: 5 %
of its CPU at most, that of this process and of the whole server together.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow.parquet as pq
from adbc_driver_postgresql import dbapi
from django.db import connection

from xinqiao import catalogue
from xinqiao.creditfile import exporting
from xinqiao.evaluation import approving, grading, readable, versions, writing
from xinqiao.kernel.ids import DeliveryNumber, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger import queries as ledger
from xinqiao.ledger import sequencing
from xinqiao.parties import people, roles
from xinqiao.parties.rules import Role
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction
from xinqiao_bench import report, scratch
from xinqiao_bench.measures import Measure
from xinqiao_city import population

SUBJECTS: Final = int(os.environ.get("XINQIAO_BENCH_SUBJECTS") or 20_000)
FILED: Final = 2_000
MOVED: Final = 100  # one firm in so many, in a day
GOAL_COPY: Final = 0.60
GOAL_INCREMENT: Final = 0.05
ROUNDS: Final = 3
NOW: Final = datetime(2026, 11, 23, 2, tzinfo=UTC)
LINES: Final = {
    "abnormal_operation": 4,
    "administrative_licence": 18,
    "administrative_penalty": 6,
    "honour": 4,
    "registration_basics": 1,
    "tax_arrears": 7,
    "tender_award": 10,
}

_COLUMNS: Final = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
 WHERE table_name = 'creditfile_fact' AND column_name NOT IN ('id', 'subject_id', 'ordinal') AND is_generated = 'NEVER'
"""
# The n-th firm that was filed stands for every FILED-th after it; its facts are further leaves of the same events.
_AGAIN: Final = """
WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM subjects_subject),
     pairs AS (SELECT f.id AS from_id, t.id AS to_id, t.n / %s AS turn FROM numbered f
                 JOIN numbered t ON t.n %% %s = f.n AND t.n <> f.n WHERE f.n < %s)
INSERT INTO creditfile_fact (id, subject_id, ordinal, {columns})
SELECT (SELECT max(id) FROM creditfile_fact) + row_number() OVER (), p.to_id, c.ordinal + 1000000 * p.turn, {columns}
  FROM creditfile_fact c JOIN pairs p ON p.from_id = c.subject_id
"""


def run(subjects: int = SUBJECTS) -> dict[str, Measure]:
    with scratch.database():
        ids = _fill(subjects)
        ours, bare = _copies()
        whole = _cost(lambda: grading.grade_all(now=NOW))
        moved = [SubjectId(one) for one in ids[::MOVED]]
        day = _cost(lambda: grading.grade_some(moved, now=NOW))
    facts = subjects * sum(LINES.values())
    rate, baseline = facts / ours, facts / bare
    return {
        "snapshot": Measure(rate, "rows/s", baseline, rate / baseline, GOAL_COPY, "at_least"),
        "increment": Measure(day, "s CPU", whole, day / whole, GOAL_INCREMENT),
        "increment-each": Measure(day / len(moved) * 1000, "ms CPU", whole / subjects * 1000),
    }


def _copies() -> tuple[float, float]:
    """Seconds of the clock: the snapshot, and the bare copy."""
    city, position = catalogue.city(), ledger.latest_position()
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_clock(lambda folder: list(writing.write(folder, city, position))))
        bare.append(_clock(_bare))
    return statistics.median(ours), statistics.median(bare)


def _bare(folder: Path) -> None:
    with closing(dbapi.connect(exporting.address())) as session, closing(session.cursor()) as cursor:
        cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(exporting.BATCH)})
        for item in LINES:
            cursor.execute(_bare_query(item))
            batches = cursor.fetch_record_batch()
            with pq.ParquetWriter(
                folder / f"{item}.parquet", batches.schema, compression="zstd", compression_level=1
            ) as out:
                for batch in batches:
                    out.write_batch(batch)


def _bare_query(item: str) -> str:
    fields = ", ".join(f"payload ->> '{name}'" for name in readable.items(catalogue.city())[item])
    return (
        f"SELECT id, subject_id, valid_from, valid_to, received_on, shown_until, {fields}"
        f" FROM creditfile_fact WHERE item = '{item}'"
    )


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────────


def _clock(into: Callable[[Path], object]) -> float:
    """Seconds it takes to write into a folder."""
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        into(Path(folder))
        return time.perf_counter() - began


def _cost(act: Callable[[], object]) -> float:
    """Seconds of CPU, here and in the whole server."""
    server = _server()
    before = time.process_time() + _of_tree(server)
    act()
    return time.process_time() + _of_tree(server) - before


def _server() -> int | None:
    """The number of the server's first process, the parent of ours there, where it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = str(cursor.fetchone()[0])
    return next((int(line[1]) for line in _stats() if line[0] == backend), None)


def _of_tree(server: int | None) -> float:
    """Seconds of CPU of a process, of its children, and of those that have ended."""
    if server is None:
        return 0.0
    alive = [line for line in _stats() if int(line[1]) == server]
    own = [line for line in _stats() if int(line[0]) == server]
    ticks = sum(int(line[11]) + int(line[12]) for line in [*alive, *own]) + sum(
        int(line[13]) + int(line[14]) for line in own
    )
    return ticks / os.sysconf("SC_CLK_TCK")


def _stats() -> Iterator[list[str]]:
    """Of each process its number, its parent's, and what follows in `/proc/PID/stat` (proc(5)) from there on."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue  # it has ended
        number, rest = text.split(" ", 1)[0], text.rsplit(") ", 1)[1].split()
        yield [number, rest[1], *rest[2:]]


# ── the world ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill(subjects: int) -> list[int]:
    made = population.people(subjects, 1, date(2026, 10, 31))
    rows = [
        Introduction(
            one.uscc, one.name, SubjectKind.ENTERPRISE, one.county.code, one.trade.industry, one.established, "1"
        )
        for one in made
    ]
    for start in range(0, len(rows), 20_000):
        registration.introduce(rows[start : start + 20_000], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM subjects_subject ORDER BY id")
        ids = [number for (number,) in cursor.fetchall()]
    for delivery, (name, lines) in enumerate(LINES.items(), start=1):
        filed = [SubjectId(one) for one in ids[:FILED]]
        report.file_lines(catalogue.city().item(name), filed, lines, DeliveryNumber(delivery))
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        (columns,) = cursor.fetchone()
        cursor.execute(_AGAIN.format(columns=columns), [FILED, FILED, FILED])
    _approve()
    sequencing.sequence(NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return ids


def _approve() -> None:
    operator, reviewer = (people.add(name=name, now=NOW) for name in ("基准操作员", "基准复核员"))
    for one in (operator, reviewer):
        roles.give(person=one, role=Role.OPERATOR, now=NOW)
    for model in versions.every(NOW):
        number = approving.propose(model.bound.model.model, because="基准", by=operator, now=NOW)
        approving.approve(number, by=reviewer, now=NOW)
