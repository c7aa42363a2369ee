"""Finding a business by part of its name among 450,000, against a scan of the same names.

Goal: terms that match under one name in a hundred at least 20 times faster; a term that nearly every name contains
gives its first page in about the time a rare one takes (printed, not judged).
"""

import statistics
import time
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection

from xinqiao.parties.rules import Role, Scope
from xinqiao.subjects import queries, registration
from xinqiao.subjects.rules import Introduction
from xinqiao_bench import scratch
from xinqiao_bench.measures import Measure
from xinqiao_city import population

SUBJECTS: Final = 450_000
GOAL: Final = 20.0
RARE: Final = ("白龟湖", "汝瓷", "尧山", "平安里", "滍阳", "昆阳食品", "石漫滩")
COMMON: Final = ("公司", "有限公司", "平顶山市", "区")
ROUNDS: Final = 9
CITY: Final = Scope(person=None, role=Role.OPERATOR)


def run(subjects: int = SUBJECTS) -> dict[str, Measure]:
    with scratch.database():
        _fill(subjects)
        scan = statistics.median(_scan(term) for term in RARE for _ in range(3))
        rare = statistics.median(_search(term) for term in RARE for _ in range(ROUNDS))
        common = statistics.median(_search(term) for term in COMMON for _ in range(ROUNDS))
    return {
        "search-rare": Measure(rare, "ms", scan, scan / rare, GOAL, "at_least"),
        "search-common": Measure(common, "ms", rare, common / rare),
    }


def _fill(subjects: int) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    batch: list[Introduction] = []
    for b in population.people(subjects, 1, date(2026, 10, 31)):
        batch.append(Introduction(b.uscc, b.name, b.kind, b.county.code, b.trade.industry, b.established, "存续"))
        if len(batch) == 20_000:  # noqa: PLR2004 - as many as intake introduces at a time
            registration.introduce(batch, now=now)
            batch = []
    registration.introduce(batch, now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE subjects_name, subjects_subject")


def _search(term: str) -> float:
    begun = time.perf_counter()
    queries.search(term, scope=CITY)
    return (time.perf_counter() - begun) * 1000


def _scan(term: str) -> float:
    """The same question without an index: every name is looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET enable_indexscan = off; SET enable_bitmapscan = off; SET max_parallel_workers_per_gather = 0"
        )
        begun = time.perf_counter()
        cursor.execute(
            "SELECT n.id, n.name FROM subjects_name n WHERE n.name LIKE %s ORDER BY n.id LIMIT 21", (f"%{term}%",)
        )
        cursor.fetchall()
        taken = (time.perf_counter() - begun) * 1000
        cursor.execute("RESET enable_indexscan; RESET enable_bitmapscan; RESET max_parallel_workers_per_gather")
    return taken
