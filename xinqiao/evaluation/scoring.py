"""A compiled model over facts: the outcome of each subject, and what it would be without what the subject disputes."""

from collections.abc import Iterator, Mapping, Sequence
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


def score(model: Runnable, subjects: Sequence[SubjectId], known: Known) -> list[Scored]:
    """One result a subject, in the order of their numbers."""
    disputed = _disputed(known)
    outcomes_ = {
        subject: outcomes.with_disputed(outcome, disputed.get(subject, ()))
        for subject, outcome in _run(model, subjects, known.facts, known)
    }
    touched = [subject for subject, outcome in outcomes_.items() if outcome.disputed]
    without = dict(_run(model, touched, _undisputed(known, touched), known)) if touched else {}
    return [Scored(subject, outcome, without.get(subject)) for subject, outcome in outcomes_.items()]


def _run(
    model: Runnable, subjects: Sequence[SubjectId], facts: Mapping[str, pl.DataFrame], known: Known
) -> Iterator[tuple[SubjectId, Outcome]]:
    frames = {f"facts_{item}": frame for item, frame in facts.items()}
    frames["subjects"] = pl.DataFrame({"subject_id": list(subjects)}, schema={"subject_id": pl.Int64})
    frames["run"] = pl.DataFrame(
        {"on_date": [known.on]} | {f"delivered_{item}": [item in known.delivered] for item in model.bound.items}
    )
    return outcomes.of_table(model.bound, engine.run(model.sql, model.tables, frames))


def _disputed(known: Known) -> dict[SubjectId, list[int]]:
    found: dict[SubjectId, list[int]] = {}
    for frame in known.facts.values():
        marked = frame.filter(pl.col("standing") == "disputed")
        for subject, fact in marked.select("subject_id", "fact_id").iter_rows():
            found.setdefault(subject, []).append(fact)
    return found


def _undisputed(known: Known, subjects: Sequence[SubjectId]) -> dict[str, pl.DataFrame]:
    """Only these subjects' facts, without those they dispute: the same SQL answers what if."""
    whom = pl.Series(subjects, dtype=pl.Int64)
    return {
        item: frame.filter((pl.col("standing") != "disputed") & pl.col("subject_id").is_in(whom.implode()))
        for item, frame in known.facts.items()
    }
