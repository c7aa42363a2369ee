"""Which facts counted for what, packed: a fact's number and a bit for each selection it counted for, in one number.

A list of facts for each of sixty indicators is what a model costs most. One list an item says the same: the number of
each fact times `BITS_OVER`, and in the bits below which selections took it. Pure; the compiler writes them, `outcomes`
reads them. Models frozen before there were marks have a list for each selection.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, Final

from xinqiao.evaluation.language import Bound, Indicator, Latest

BITS: Final = 20  # selections in one word: a fact's number (below 10^12) and these fit into 63 bits
BITS_OVER: Final = 1 << BITS

Word = tuple[str, Sequence[str]]


def words(bound: Bound) -> Iterator[tuple[str, Word]]:
    """Each item with its words: the column, and the selections whose bits are in it, the lowest first.

    By name: a model as its file has it and as it was frozen differ in the order of what they hold, and must not here.
    """
    for item in sorted(bound.items):
        mine = sorted(name for (_, name), one in bound.model.selections() if one.reads == item and not _of_one(one))
        for start in range(0, len(mine), BITS):
            yield item, (f"m{start // BITS}_{item}", mine[start : start + BITS])


def _of_one(selection: object) -> bool:
    """Whether one fact alone decides, and is told by itself."""
    return isinstance(selection, Indicator) and isinstance(selection.measure, Latest)


def marked(rows: Any, names: Sequence[str]) -> Any:
    """The fact's number, and a bit for each selection (its flag is `s_name`) that takes it."""
    bits = (rows[f"s_{name}"].ifelse(1 << place, 0).cast("int64") for place, name in enumerate(names))
    return reduce(lambda a, b: a + b, bits, rows.fact_id * BITS_OVER)


def facts_of(packed: Iterable[int], names: Sequence[str]) -> dict[str, list[int]]:
    """Of each selection the facts it took, in their order."""
    taken: dict[str, list[int]] = {}
    for mark in packed:
        fact, bits = mark >> BITS, mark & (BITS_OVER - 1)
        while bits:
            lowest = bits & -bits
            taken.setdefault(names[lowest.bit_length() - 1], []).append(fact)
            bits ^= lowest
    return taken
