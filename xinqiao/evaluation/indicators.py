"""指标: what catalogued indicators come to for subjects, worked out from facts by the engine that grades. Pure.

`measure` takes the names of indicators and what is known (`Known`), and gives every one of them for every subject: a
value, or why there is none. It decides nothing about who may be told: the facts it is given are those that count.
Whoever tells a value tells its band (`band`), and whoever judges by one should judge by the band too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

import polars as pl
from duckdb import DuckDBPyConnection

from xinqiao.catalogue.claim_meaning import Heard
from xinqiao.evaluation import engine, indicator_measuring, marks
from xinqiao.evaluation.indicator_compiling import FACTS, RUN, ItemCompiled, compile_item
from xinqiao.evaluation.indicator_language import CataloguedIndicator
from xinqiao.evaluation.indicator_measuring import ANCHOR
from xinqiao.evaluation.language import ReadItem
from xinqiao.kernel.ids import FactId, SubjectId

Value = int | Decimal | str
_EPOCH: Final = date(1970, 1, 1)
_MONTHS: Final = 12
_CENT: Final = Decimal("0.01")


class State(StrEnum):
    """Whether there is a value, and why not. Only `SEEN` and `NONE` are knowledge."""

    SEEN = "seen"  # facts were found
    NONE = "none"  # the source delivers and has nothing here: nought, or empty, as the indicator says
    SILENT = "silent"  # the source has never delivered: not known
    STALE = "stale"  # the source is overdue, and nothing was found in what there is: not known
    INCOMPLETE = "incomplete"  # facts were found, but not all it takes (a month is missing, a divisor is nought)


class Band(NamedTuple):
    """From `low` (included) to `high` (not included), both in the indicator's unit."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator of one subject. `value` is exact: money in yuan, a flag 1 or 0, a code as text; None where it is
    not known, or empty. `newest` is the day of the newest fact. `without` is the same without what the subject
    disputes, where any of `facts` is disputed."""

    name: str
    state: State
    value: Value | None
    facts: tuple[FactId, ...] = ()
    newest: date | None = None
    disputed: tuple[FactId, ...] = ()
    without: "Reading | None" = None

    @property
    def known(self) -> bool:
        """Whether anything is known: an empty value is knowledge, a silent source is none."""
        return self.state in {State.SEEN, State.NONE}


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All of a city's indicators by name, and what they read of each item (`indicator_files.load`)."""

    indicators: Mapping[str, CataloguedIndicator]
    items: Mapping[str, ReadItem]

    def of_item(self, item: str) -> dict[str, CataloguedIndicator]:
        return {name: one for name, one in self.indicators.items() if one.reads == item}

    def by_item(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """These indicators by the items they read, in one order whoever asks."""
        found: dict[str, list[str]] = {}
        for name in sorted(names):
            found.setdefault(self.indicators[name].reads, []).append(name)
        return {item: tuple(mine) for item, mine in found.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known on a day. `facts`: each item's, as `creditfile.frame` or `fact_frames.frame` give them; without a
    frame an item has none. `heard`: how each item's sources have answered; not named is silent. `newest`: the newest
    month delivered (`2026-10`) of items that go by the month; not named is the month before this."""

    on: date
    facts: Mapping[str, pl.DataFrame]
    heard: Mapping[str, Heard]
    newest: Mapping[str, str]


def measure(
    catalogue: Catalogue, names: Sequence[str], subjects: Sequence[SubjectId], known: Known
) -> dict[SubjectId, dict[str, Reading]]:
    """These indicators for each of these subjects, both in the order they are named. Every name is in the catalogue."""
    asked = dict.fromkeys(names)
    with engine.opened(**engine.sized(known.facts)) as connection:
        reckon = partial(_measured, catalogue, asked, known, connection)
        plain = reckon(subjects, known.facts)
        if not (disputed := _disputed(known.facts)):
            return plain
        undisputed = {item: frame.filter(pl.col("standing") != "disputed") for item, frame in known.facts.items()}
        apart = reckon({SubjectId(one) for one in disputed.values()}, undisputed)
    for subject, readings in plain.items():
        if subject in apart:
            plain[subject] = {name: _beside(one, apart[subject][name], disputed) for name, one in readings.items()}
    return plain


def band(indicator: CataloguedIndicator, value: Value | None) -> Band | None:
    """The band a value is told in; None for a flag, a code, and what is not known."""
    if value is None or isinstance(value, str) or indicator.width is None:
        return None
    low = (Decimal(value) // indicator.width) * indicator.width
    if low > value:  # Decimal's // goes towards nought; a band goes down
        low -= indicator.width
    return Band(low, low + indicator.width)


# ── subjects × items ─────────────────────────────────────────────────────────────────────────────────────────────────


def _measured(
    catalogue: Catalogue,
    asked: Iterable[str],
    known: Known,
    connection: DuckDBPyConnection,
    subjects: Iterable[SubjectId],
    facts: Mapping[str, pl.DataFrame],
) -> dict[SubjectId, dict[str, Reading]]:
    by_item = {
        item: _of_item(catalogue, item, names, known, connection, facts.get(item))
        for item, names in catalogue.by_item(asked).items()
    }
    return {
        subject: {name: _one(catalogue.indicators[name], name, by_item, subject, known) for name in asked}
        for subject in subjects
    }


def _one(
    one: CataloguedIndicator,
    name: str,
    found: Mapping[str, Mapping[int, Mapping[str, Reading]]],
    subject: SubjectId,
    known: Known,
) -> Reading:
    of_subject = found[one.reads].get(subject, {})
    return of_subject.get(name) or _nothing(name, one, known.heard.get(one.reads, Heard.SILENT))


def _of_item(
    catalogue: Catalogue,
    item: str,
    names: tuple[str, ...],
    known: Known,
    connection: DuckDBPyConnection,
    facts: pl.DataFrame | None,
) -> dict[int, dict[str, Reading]]:
    """What was found; a subject or an indicator without facts is not there."""
    if facts is None or facts.is_empty():
        return {}
    compiled = _compiled(catalogue, item, names)
    run = pl.DataFrame({"on_date": [known.on], ANCHOR: [anchor(known, item)]})
    table = engine.run_in(connection, compiled.sql, compiled.tables, {FACTS: facts, RUN: run})
    return {row["subject_id"]: _of_row(catalogue, item, names, row, compiled) for row in table.iter_rows(named=True)}


def _of_row(
    catalogue: Catalogue, item: str, names: Iterable[str], row: Mapping[str, Any], compiled: ItemCompiled
) -> dict[str, Reading]:
    read, taken = catalogue.items[item], _facts(row, compiled.words)
    return {n: _reading(read, n, catalogue.indicators[n], row, taken[n]) for n in names if row[f"n_{n}"]}


def _facts(row: Mapping[str, Any], words: Mapping[str, marks.Meaning]) -> dict[str, list[int]]:
    return {name: of for column, one in words.items() for name, of in marks.facts_of(row[column] or (), one).items()}


def _reading(
    item: ReadItem, name: str, one: CataloguedIndicator, row: Mapping[str, Any], facts: Sequence[int]
) -> Reading:
    value, day = row[f"v_{name}"], row[f"d_{name}"]
    if value is not None and indicator_measuring.in_fen(item, one):
        value = Decimal(value) * _CENT
    state = State.INCOMPLETE if value is None else State.SEEN
    newest = None if day is None else _EPOCH + timedelta(days=day)
    return Reading(name, state, value, tuple(FactId(fact) for fact in facts), newest)


def _nothing(name: str, one: CataloguedIndicator, heard: Heard) -> Reading:
    """Nothing was found: it is known to be nothing only where the source has spoken, and in time."""
    match heard:
        case Heard.SILENT:
            return Reading(name, State.SILENT, None)
        case Heard.STALE:
            return Reading(name, State.STALE, None)
        case Heard.ANSWERED:
            return Reading(name, State.NONE, 0 if one.none == "zero" else None)


def anchor(known: Known, item: str) -> int:
    """The number of the newest month delivered, or of the month before this (years × 12 + month)."""
    if (newest := known.newest.get(item)) is not None:
        year, month = newest.split("-")
        return int(year) * _MONTHS + int(month)
    return known.on.year * _MONTHS + known.on.month - 1


# ── what is disputed ─────────────────────────────────────────────────────────────────────────────────────────────────


def _disputed(facts: Mapping[str, pl.DataFrame]) -> dict[int, int]:
    """Fact → subject."""
    marked = [frame.filter(pl.col("standing") == "disputed") for frame in facts.values()]
    return dict(row for one in marked for row in one.select("fact_id", "subject_id").iter_rows())


def _beside(one: Reading, apart: Reading, disputed: Collection[int]) -> Reading:
    if not (counted := tuple(fact for fact in one.facts if fact in disputed)):
        return one
    return Reading(one.name, one.state, one.value, one.facts, one.newest, counted, apart)


# ── compiled once ────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=512)
def _compiled(catalogue: Catalogue, item: str, names: tuple[str, ...]) -> ItemCompiled:
    """Those of an item that are asked for together, worked out once in a process: a tenth of a second for a few. All of
    an item would take longer to compile, and longer to run each time."""
    return compile_item(catalogue.items[item], {name: catalogue.indicators[name] for name in names})
