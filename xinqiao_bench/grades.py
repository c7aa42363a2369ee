"""A whole city evaluated: 60 indicators of 40,000 firms, 2 million facts, against hand-written SQL of the same work.

Fifty facts a firm, as in a city of 400,000 firms and 20 million facts (`XINQIAO_BENCH_SUBJECTS=400000`). Both sides
read the same snapshot file in DuckDB and give every firm the same: of each indicator how many, its value, the newest
day, the facts, the bin and the points; points added up and the grade. Ours runs a part of the firms at a time; the
baseline (`baseline.sql`) runs as one. Each in a process of its own, whose memory is measured too.

Beside it: a firm with its reasons against the same hand-written query of one firm, and a hundred firms against one:
graded, as the product does (reasons are written out when somebody reads), and with all of them written out.
"""

import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import polars as pl

from xinqiao.evaluation import explaining
from xinqiao.evaluation.engines import DuckDB
from xinqiao.evaluation.scoring import Known, Runnable, Scored, score
from xinqiao.kernel.ids import SubjectId
from xinqiao_bench import matters
from xinqiao_bench.apart import apart
from xinqiao_bench.measures import Measure, Spent, spent

SUBJECTS: Final = int(os.environ.get("XINQIAO_BENCH_SUBJECTS") or 40_000)
GOAL: Final = 2.0
GOAL_MEMORY: Final = 2_000.0  # MB
GOAL_ONE: Final = 3.0
ROUNDS: Final = 9
BASELINE: Final = (Path(__file__).parent / "baseline.sql").read_text(encoding="utf-8")


def run(subjects: int = SUBJECTS) -> dict[str, Measure]:
    with TemporaryDirectory() as folder:
        city = matters.snapshot(Path(folder), subjects, subjects * matters.FACTS_EACH)
        model = matters.runnable()
        ours = apart(reckon, model, city)
        hand = apart(bare, str(city.path(matters.ITEM)))
        facts = pl.read_parquet(str(city.path(matters.ITEM)))
    few = _few(model, facts)
    return {
        "grades": Measure(ours.cpu, "s CPU", hand.cpu, ours.cpu / hand.cpu, GOAL),
        "grades-memory": Measure(ours.memory, "MB", goal=GOAL_MEMORY),
        "grades-memory-by-hand": Measure(hand.memory, "MB"),
        "grade-one": Measure(few.told, "ms", few.by_hand, few.told / few.by_hand, GOAL_ONE),
        "grade-hundred": Measure(few.hundred, "ms", few.one, few.hundred / few.one),
        "grade-hundred-with-reasons": Measure(few.hundred_told, "ms", few.told, few.hundred_told / few.told),
    }


def reckon(model: Runnable, city: Any) -> Spent:
    with spent() as cost:
        for reckoned in DuckDB().reckon(matters.job(model, city)):
            del reckoned
    return cost


def bare(path: str) -> Spent:
    with TemporaryDirectory() as spill, duckdb.connect(config={"temp_directory": spill}) as connection, spent() as cost:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{path}')")
        connection.execute(by_hand()).to_arrow_table()
    return cost


@dataclass(frozen=True, slots=True)
class Few:
    """Milliseconds: one firm and a hundred, graded, and told with their reasons; the hand-written query of one."""

    one: float
    hundred: float
    told: float
    hundred_told: float
    by_hand: float


def _few(model: Runnable, facts: pl.DataFrame) -> Few:
    subjects = facts["subject_id"].unique().sort().to_list()[:100]
    those = facts.filter(pl.col("subject_id").is_in(subjects))
    first = those.filter(pl.col("subject_id") == subjects[0])
    return Few(
        one=_median(lambda: _scored(model, subjects[:1], first)),
        hundred=_median(lambda: _scored(model, subjects, those)),
        told=_median(lambda: _explained(model, subjects[:1], first)),
        hundred_told=_median(lambda: _explained(model, subjects, those)),
        by_hand=_median(lambda: _hand_one(first)),
    )


def _scored(model: Runnable, subjects: list[int], facts: pl.DataFrame) -> list[Scored]:
    known = Known(matters.ON, {matters.ITEM: facts}, frozenset({matters.ITEM}))
    return score(model, [SubjectId(subject) for subject in subjects], known)


def _explained(model: Runnable, subjects: list[int], facts: pl.DataFrame) -> None:
    for one in _scored(model, subjects, facts):
        explaining.explain(model.bound, one.outcome, matters.ON)


def _hand_one(facts: pl.DataFrame) -> None:
    with duckdb.connect() as connection:
        connection.register("facts", facts.to_arrow())
        connection.execute(by_hand()).fetchall()


def _median(act: Callable[[], object]) -> float:
    def wall() -> float:
        with spent() as cost:
            act()
        return cost.wall * 1000

    return statistics.median(wall() for _ in range(ROUNDS))


def by_hand() -> str:
    """The baseline, its repeated pieces written out for each kind."""
    per_kind, bins, named = list[str](), list[str](), list[str]()
    for kind in matters.KINDS:
        of = f"FILTER (grade = '{kind}')"
        for days in ("90", "365", "1095"):
            name = f"{kind}_count_{days}"
            per_kind.append(f"coalesce(any_value(n{days}) {of}, 0) AS n_{name}")
            per_kind.append(f"any_value(d{days}) {of} AS d_{name}, any_value(f{days}) {of} AS f_{name}")
            bins.append(_binned(name, f"n_{name}", f"n_{name}", ("0", "2", "5")))
            named.append(name)
        per_kind.append(
            f"coalesce(any_value(n365) {of}, 0) AS n_{kind}_sum, coalesce(any_value(n) {of}, 0) AS n_{kind}"
        )
        per_kind.append(f"any_value(total) {of} AS v_{kind}_sum, any_value(largest) {of} AS v_{kind}_max")
        per_kind.append(f"any_value(newest) {of} AS d_{kind}, any_value(f) {of} AS f_{kind}")
        bins.append(_binned(f"{kind}_sum", f"n_{kind}_sum", f"v_{kind}_sum", ("1000", "9000", "90000")))
        bins.append(_binned(f"{kind}_max", f"n_{kind}", f"v_{kind}_max", ("1000", "5000", "9000")))
        age = f"(DATE '2026-06-30' - DATE '1970-01-01') - d_{kind}"
        bins.append(_binned(f"{kind}_last", f"n_{kind}", age, ("30", "180", "900")))
        named += [f"{kind}_sum", f"{kind}_max", f"{kind}_last"]
    points = [f"[0, 3, 6, 8, 10][b_{name} + 2] AS p_{name}" for name in named]
    return BASELINE.format(
        per_kind=", ".join(per_kind),
        bins=", ".join(bins),
        points=", ".join(points),
        sum=" + ".join(f"p_{name}" for name in named),
    )


def _binned(name: str, count: str, value: str, bounds: tuple[str, ...]) -> str:
    steps = " ".join(f"WHEN {value} <= {bound} THEN {place}" for place, bound in enumerate(bounds))
    return f"CASE WHEN {count} = 0 THEN -1 {steps} ELSE {len(bounds)} END AS b_{name}"
