"""A row meets the version of it that is current: is it the same, the next, or one that came late?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xinqiao.creditfile.rules.leaves import content


class Current(NamedTuple):
    """The current version under a row's business key. `row` is the row's place in its chunk; days as ISO text.

    `sealed_salt` is the one its sealed fields have, None where it has none.
    """

    row: int
    fact: int
    delivery: int
    salt: bytes
    sealed_salt: bytes | None
    content: bytes
    shown_until: str | None


class Arrived(NamedTuple):
    """What arrived, column by column."""

    opened: Sequence[bytes]
    sealed: Sequence[bytes | None]
    shown_until: Sequence[str | None]


@dataclass(slots=True)
class Sorted:
    """Rows with no current version are in none of these: they are stored, and that is all."""

    confirmed: dict[int, int] = field(default_factory=dict)  # row → the fact that says the same
    replaced: dict[int, int] = field(default_factory=dict)  # row → the fact it takes the place of
    late: set[int] = field(default_factory=set)  # rows of an earlier period than what is known: kept, never current


def sort_out(arrived: Arrived, currents: Iterable[Current], later: Collection[int] = ()) -> Sorted:
    """Which rows are confirmed, which replace something, which come late: `later` are deliveries of later periods."""
    result = Sorted()
    for current in currents:
        if _same(arrived, current):
            result.confirmed[current.row] = current.fact
        elif current.delivery in later:
            result.late.add(current.row)
        else:
            result.replaced[current.row] = current.fact
    return result


def _same(arrived: Arrived, current: Current) -> bool:
    """Equal content under the current version's own salts, and the same term: a term the catalogue changed is news."""
    sealed, salt = arrived.sealed[current.row], current.sealed_salt
    if (sealed is None) != (salt is None) or arrived.shown_until[current.row] != current.shown_until:
        return False
    salted = None if sealed is None or salt is None else salt + sealed
    return content(current.salt, arrived.opened[current.row], salted) == current.content
