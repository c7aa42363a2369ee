"""The engine's table, row by row: unpacked for explaining, packed small for keeping.

A packed outcome is a list of lists in the model's own order of names, so it can be read back with the frozen model and
with nothing else. It carries no text but codes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import polars as pl

from xinqiao.evaluation import marks
from xinqiao.evaluation.explaining import Counted, Outcome
from xinqiao.evaluation.language import Bound
from xinqiao.kernel.ids import FactId, SubjectId

LETTERS: Final = "nvdbpf"
LIMIT_LETTERS: Final = "ndf"

Packed = list[list[Any]]


def of_table(bound: Bound, table: pl.DataFrame) -> Iterator[tuple[SubjectId, Outcome]]:
    """Every row of the engine's answer, in its order."""
    places = _columns(bound)
    facts = _marked(bound, table)
    cells = {name: _cells(table, letters, name, facts.get(name)) for name, letters in places.items()}
    heads = zip(*(table[name].to_list() for name in ("subject_id", "state", "rank", "score", "points")), strict=True)
    for row, (subject, state, rank, score, points) in enumerate(heads):
        counted = {name: cells[name][row] for name in places}
        yield SubjectId(subject), Outcome(state, rank, score, points, counted)


def _columns(bound: Bound) -> dict[str, str]:
    return {name: LETTERS if place == "indicators" else LIMIT_LETTERS for (place, name), _ in bound.model.selections()}


def _cells(table: pl.DataFrame, letters: str, name: str, marked: Sequence[Any] | None) -> list[Counted]:
    """`marked` are the facts of a selection whose table packs them; without, they have a column of their own."""
    nothing: Sequence[Any] = [None] * table.height
    columns: dict[str, Sequence[Any]] = {c: table[f"{c}_{name}"].to_list() for c in letters if c != "f"}
    columns["f"] = table[f"f_{name}"].to_list() if marked is None else marked
    rows = zip(*(columns.get(letter, nothing) for letter in LETTERS), strict=True)
    return [Counted(n, _value(v), d, b or 0, p or 0, _facts(f)) for n, v, d, b, p, f in rows]


def _marked(bound: Bound, table: pl.DataFrame) -> dict[str, list[Any]]:
    """The facts of each selection, row by row, unpacked; nothing where the table has a list for each (older models)."""
    found: dict[str, list[Any]] = {}
    for column, meaning in marks.meanings(bound, table.columns).items():
        rows = [marks.facts_of(packed or (), meaning) for packed in table[column].to_list()]
        found |= {name: [taken.get(name) for taken in rows] for name in meaning.names()}
    return found


def _value(value: Any) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _facts(facts: Any) -> tuple[FactId, ...]:
    match facts:
        case None:
            return ()
        case int():
            return (FactId(facts),)
        case _:
            return tuple(facts)


def with_disputed(outcome: Outcome, disputed: Iterable[int]) -> Outcome:
    """The same outcome, knowing which of its facts the subject disputes."""
    if not (theirs := frozenset(disputed)):
        return outcome
    used = {fact for counted in outcome.counted.values() for fact in counted.facts}
    return replace(outcome, disputed=theirs & used)


def packed(bound: Bound, outcome: Outcome) -> str:
    """JSON text for the grade's row, the same for the same outcome."""
    counted = [pack(outcome.counted[name]) for name in _columns(bound)]
    kept = {"of": counted, "disputed": sorted(outcome.disputed)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def pack(counted: Counted) -> list[Any]:
    """One measure, as `counted_again` reads it back."""
    return [counted.count, counted.value, counted.day, counted.bin, counted.points, list(counted.facts)]


def unpacked(bound: Bound, kept: Mapping[str, Any], *, state: int, rank: int, score: int, points: int) -> Outcome:
    """A kept outcome as it was."""
    named = zip(_columns(bound), kept["of"], strict=True)
    counted = {name: counted_again(one) for name, one in named}
    return Outcome(state, rank, score, points, counted, frozenset(kept["disputed"]))


def counted_again(packed_: Sequence[Any]) -> Counted:
    count, value, day, bin_, points, facts = packed_
    return Counted(count, value, day, bin_, points, tuple(facts))
