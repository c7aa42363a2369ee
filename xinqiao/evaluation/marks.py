"""Which facts counted for what, packed: a fact's number, and below it which kind it is of and what conditions it meets.

A list of facts for each of sixty indicators is what a model costs most. One list an item says the same: the number of
each fact times `BITS_OVER`; in the bits below, the number of its kind, and a bit for each condition of the item's plan
(`grouping`) that it meets: which selections took it follows. Pure; the compiler writes them, `outcomes` reads them.
Models frozen before there were plans have a bit for each selection, and older ones a list for each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Final

from xinqiao.evaluation import grouping
from xinqiao.evaluation.grouping import Plan
from xinqiao.evaluation.language import Bound, Indicator, Latest

BITS: Final = 20  # a fact's number (below 10^12) and these fit into 63 bits
BITS_OVER: Final = 1 << BITS


@dataclass(frozen=True, slots=True)
class Word:
    """One column of an item: `bits` are the conditions it has a bit for, the lowest first; the kind stands above."""

    column: str
    item: str
    bits: Sequence[int]
    kind_over: int  # by what the kind's number is multiplied


@dataclass(frozen=True)
class Meaning:
    """What the low bits of a word say: by condition and kind, the selections that took the fact."""

    bits: Sequence[int]
    kind_over: int
    takers: Mapping[tuple[int, int], Sequence[str]]

    def names(self) -> set[str]:
        """Every selection whose facts this word tells of."""
        return {name for (bit, _), named in self.takers.items() if bit in self.bits for name in named}

    @cached_property
    def _known(self) -> dict[int, tuple[str, ...]]:
        return {}

    def taken_by(self, low: int) -> tuple[str, ...]:
        if (found := self._known.get(low)) is None:
            kind, conditions = divmod(low, self.kind_over)
            held = [bit for place, bit in enumerate(self.bits) if conditions >> place & 1]
            found = tuple(name for bit in held for name in self.takers.get((bit, kind), ()))
            self._known[low] = found
        return found


def words(item: str, plan: Plan) -> list[Word]:
    kind_bits = (plan.kinds_in_all - 1).bit_length()
    room = BITS - kind_bits
    numbers = range(len(plan.conditions))
    return [
        Word(f"w{start // room}_{item}", item, numbers[start : start + room], 1 << room)
        for start in range(0, len(numbers), room)
    ]


def alone(selection: object) -> bool:
    """Whether one fact alone decides, and is told by itself."""
    return isinstance(selection, Indicator) and isinstance(selection.measure, Latest)


def meanings(bound: Bound, columns: Iterable[str]) -> dict[str, Meaning]:
    """Of each of the table's columns that packs facts, how to read it."""
    known = {**_older(bound), **_of_plans(bound)}
    return {column: known[column] for column in columns if column in known}


def _of_plans(bound: Bound) -> dict[str, Meaning]:
    within = {name: one for (_, name), one in bound.model.selections()}
    found: dict[str, Meaning] = {}
    for item in bound.items:
        plan, takers = grouping.plan(bound, item), dict[tuple[int, int], list[str]]()
        for name, place in plan.places.items():
            for kind in () if alone(within[name]) else place.kinds:
                takers.setdefault((place.condition, kind), []).append(name)
        found |= {word.column: Meaning(word.bits, word.kind_over, takers) for word in words(item, plan)}
    return found


def _older(bound: Bound) -> dict[str, Meaning]:
    """Of models frozen before there were plans."""
    found = {}
    for item in bound.items:
        mine = sorted(name for (_, name), one in bound.model.selections() if one.reads == item and not alone(one))
        for start in range(0, len(mine), BITS):
            found[f"m{start // BITS}_{item}"] = bit_each(mine[start : start + BITS])
    return found


def bit_each(names: Sequence[str]) -> Meaning:
    """A bit for each selection, as `marked` packs them."""
    return Meaning(range(len(names)), BITS_OVER, {(bit, 0): [name] for bit, name in enumerate(names)})


def marked(rows: Any, names: Sequence[str]) -> Any:
    """The fact's number, and a bit for each selection (its flag is `s_name`) that takes it."""
    bits = (rows[f"s_{name}"].ifelse(1 << place, 0).cast("int64") for place, name in enumerate(names))
    return reduce(lambda a, b: a + b, bits, rows.fact_id * BITS_OVER)


def facts_of(packed: Iterable[int], meaning: Meaning) -> dict[str, list[int]]:
    """Of each selection the facts it took, in their order."""
    taken: dict[str, list[int]] = {}
    for mark in packed:
        fact = mark >> BITS
        for name in meaning.taken_by(mark & (BITS_OVER - 1)):
            taken.setdefault(name, []).append(fact)
    return taken
