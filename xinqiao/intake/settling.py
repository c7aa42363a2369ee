"""Good rows find their subjects: known ones are accepted, others wait; an item that introduces makes its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from xinqiao import catalogue
from xinqiao.catalogue.schema import Introduces, Item
from xinqiao.intake.gate import Parts
from xinqiao.intake.reading.blocks import LINE
from xinqiao.intake.rules import sayings
from xinqiao.intake.rules.names import same_name
from xinqiao.intake.rules.reasons import NAME_DIFFERS
from xinqiao.intake.rules.rows import findings_of
from xinqiao.kernel.ids import SubjectId
from xinqiao.kernel.subject_kinds import kind_of
from xinqiao.kernel.uscc import Uscc
from xinqiao.subjects import matching, queries, registration
from xinqiao.subjects.rules import Introduction

SUBJECT: Final = "subject_id"
# Rows looked up and introduced at a time: one transaction and one event of the log each, over before anybody waits.
SLICE: Final = 10_000
# Old names looked up for one part of a delivery. A source that writes all names its own way gets its warnings anyway.
OLD_NAMES: Final = 500


@dataclass(slots=True)
class Settled:
    """`accepted`: rows with their `subject_id`. `unplaced`: rows whose code nobody bears yet. `warnings`: findings."""

    accepted: Parts
    unplaced: Parts
    warnings: list[pl.DataFrame] = field(default_factory=list)


def settle(item: Item, frames: Iterable[pl.DataFrame], folder: Path, *, now: datetime) -> Settled:
    """Outside transactions. May be done again after an interruption: subjects once introduced are found again."""
    settled = Settled(Parts(folder, "accepted"), Parts(folder, "unplaced"))
    for frame in frames:
        rows = _with_subjects(item, frame, now)
        known = rows.filter(pl.col(SUBJECT).is_not_null())
        settled.accepted.add(known)
        settled.unplaced.add(rows.filter(pl.col(SUBJECT).is_null()).drop(SUBJECT))
        if item.introduces is None and item.subject.name is not None:
            settled.warnings.extend(_other_names(item, item.subject.name, known))
    return settled


def _with_subjects(item: Item, frame: pl.DataFrame, now: datetime) -> pl.DataFrame:
    codes = frame[item.subject.field]
    ids: dict[Uscc, SubjectId] = {}
    if item.introduces is not None:
        for part in frame.iter_slices(SLICE):
            ids |= registration.introduce(list(_introductions(item, item.introduces, part)), now=now)
    else:
        wanted = codes.unique().to_list()
        for start in range(0, len(wanted), SLICE):
            ids |= matching.place(wanted[start : start + SLICE])
    numbers = codes.replace_strict(
        {str(code): int(number) for code, number in ids.items()}, default=None, return_dtype=pl.Int64
    )
    return frame.insert_column(1, numbers.alias(SUBJECT))


def _introductions(item: Item, says: Introduces, frame: pl.DataFrame) -> Iterator[Introduction]:
    divisions = catalogue.city().divisions
    nothing = pl.lit(None, pl.String)
    fields = (says.division, says.industry, says.status)
    texts = [(pl.col(f) if f else nothing).fill_null("").alias(str(n)) for n, f in enumerate(fields)]
    established = (pl.col(says.established) if says.established else pl.lit(None, pl.Date)).alias("3")
    for uscc, name, division, industry, status, day in frame.select(
        pl.col(item.subject.field).alias("code"), pl.col(says.name).alias("name"), *texts, established
    ).rows():
        kind = kind_of(Uscc(uscc))
        if kind is None:
            raise AssertionError("the gate lets only kinds of subject through")
        known = divisions.get(division)
        here = (known.now or division) if known else division  # a withdrawn division's subjects live on in its heir
        yield Introduction(Uscc(uscc), name, kind, here, industry, day, status)


def _other_names(item: Item, name: str, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Warnings where the name sent is none the subject bears or has borne. The code decides all the same."""
    registered: dict[int, str] = {}
    ids = rows[SUBJECT].unique().to_list()
    for start in range(0, len(ids), SLICE):
        registered |= {int(v.id): v.name for v in queries.views(ids[start : start + SLICE])}
    said = rows.select(LINE, SUBJECT, name).rows()
    differing = [(line, subject, text) for line, subject, text in said if _differs(text, registered.get(subject))]
    looked_up = {
        (s, t): _borne_before(s, t) for s, t in list(dict.fromkeys((s, t) for _, s, t in differing))[:OLD_NAMES]
    }
    told = [(line, text) for line, subject, text in differing if not looked_up.get((subject, text))]
    if told:
        yield _warnings(name, told)


def _differs(said: str | None, registered: str | None) -> bool:
    return said is not None and registered is not None and said != registered and not same_name(said, registered)


def _borne_before(subject: int, said: str) -> bool:
    return any(same_name(said, name) for name in queries.names_of(SubjectId(subject)))


def _warnings(name: str, told: Sequence[tuple[int, str]]) -> pl.DataFrame:
    return findings_of((line, name, NAME_DIFFERS, text, sayings.NAME_DIFFERS) for line, text in told)
