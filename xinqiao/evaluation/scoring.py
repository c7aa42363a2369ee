"""A compiled model over facts: the outcome of each subject, and what it would be without what the subject disputes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from xinqiao.evaluation import engine, outcomes
from xinqiao.evaluation.explaining import Outcome
from xinqiao.evaluation.language import Bound
from xinqiao.kernel.ids import SubjectId


@dataclass(frozen=True, slots=True)
class Runnable:
    """A model as frozen: its rules, the SQL that runs and the tables it reads."""

    bound: Bound
    sql: str
    sql_sha256: str
    tables: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known on a day: each item's facts (`fact_id, subject_id, standing, valid_from, valid_to`, fields), and
    which items any source has ever delivered. An item without a frame has no facts."""

    on: date
    facts: Mapping[str, pl.DataFrame]
    delivered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scored:
    """`without` is None where nothing that counted is disputed."""

    subject_id: SubjectId
    outcome: Outcome
    without: Outcome | None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An engine's answer for some subjects: its table; the same of those who dispute facts, without these; which."""

    table: pl.DataFrame
    without: pl.DataFrame | None
    disputed: Mapping[int, Sequence[int]]


def score(model: Runnable, subjects: Sequence[SubjectId], known: Known) -> list[Scored]:
    """One result a subject, in the order of their numbers."""
    disputed = _disputed(known)
    without = _run(model, list(disputed), _undisputed(known, list(disputed)), known) if disputed else None
    return scored(model.bound, Reckoned(_run(model, subjects, known.facts, known), without, disputed))


def scored(bound: Bound, reckoned: Reckoned) -> list[Scored]:
    """An engine's rows as results. Only who disputes what counted has a second outcome."""
    apart = {} if reckoned.without is None else dict(outcomes.of_table(bound, reckoned.without))
    found = []
    for subject, plain in outcomes.of_table(bound, reckoned.table):
        outcome = outcomes.with_disputed(plain, reckoned.disputed.get(subject, ()))
        found.append(Scored(subject, outcome, apart.get(subject) if outcome.disputed else None))
    return found


def _run(model: Runnable, subjects: Sequence[int], facts: Mapping[str, pl.DataFrame], known: Known) -> pl.DataFrame:
    frames = {f"facts_{item}": frame for item, frame in facts.items()}
    frames["subjects"] = pl.DataFrame({"subject_id": list(subjects)}, schema={"subject_id": pl.Int64})
    frames["run"] = pl.DataFrame(
        {"on_date": [known.on]} | {f"delivered_{item}": [item in known.delivered] for item in model.bound.items}
    )
    return engine.run(model.sql, model.tables, frames)


def _disputed(known: Known) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for frame in known.facts.values():
        marked = frame.filter(pl.col("standing") == "disputed")
        for subject, fact in marked.select("subject_id", "fact_id").iter_rows():
            found.setdefault(subject, []).append(fact)
    return found


def _undisputed(known: Known, subjects: Sequence[int]) -> dict[str, pl.DataFrame]:
    """Only these subjects' facts, without those they dispute: the same SQL answers what if."""
    whom = pl.Series(subjects, dtype=pl.Int64)
    return {
        item: frame.filter((pl.col("standing") != "disputed") & pl.col("subject_id").is_in(whom.implode()))
        for item, frame in known.facts.items()
    }
