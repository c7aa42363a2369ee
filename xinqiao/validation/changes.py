"""What changes for whom: grades that move from one day to another, and whom one model lets in and another does not."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy.typing as npt

from xinqiao.validation.arrays import flags


@dataclass(frozen=True, slots=True)
class Migration:
    """How many went from which grade to which. Shares are of those graded on both days; None where there are none."""

    moves: dict[tuple[str, str], int]
    stayed: float | None
    up: float | None
    down: float | None
    within_one: float | None
    came: int  # graded only on the second day
    went: int  # graded only on the first


def migration(before: Sequence[str | None], after: Sequence[str | None], *, order: Sequence[str]) -> Migration:
    """One grade a subject and day, None where it had none; `order` from the best. Raises `ValueError` on others."""
    place = {grade: rank for rank, grade in enumerate(order)}
    if strange := {*before, *after} - {None, *place}:
        raise ValueError(f"not in the order of grades: {sorted(map(str, strange))}")
    pairs = list(zip(before, after, strict=True))
    moves = Counter((old, new) for old, new in pairs if old is not None and new is not None)
    steps = Counter[int]()
    for (old, new), count in moves.items():
        steps[place[new] - place[old]] += count
    return Migration(
        moves=dict(moves),
        stayed=_share(steps, lambda by: by == 0),
        up=_share(steps, lambda by: by < 0),
        down=_share(steps, lambda by: by > 0),
        within_one=_share(steps, lambda by: abs(by) <= 1),
        came=sum(old is None and new is not None for old, new in pairs),
        went=sum(old is not None and new is None for old, new in pairs),
    )


def _share(steps: Counter[int], counts: Callable[[int], bool]) -> float | None:
    total = steps.total()
    return sum(count for by, count in steps.items() if counts(by)) / total if total else None


@dataclass(frozen=True, slots=True)
class Cell:
    """Subjects treated alike: how many, of how many the outcome is known, and how many of those were bad."""

    count: int
    known: int
    bad: int

    @property
    def bad_rate(self) -> float | None:
        return self.bad / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Swap:
    """Champion against challenger. `swapped_in` are let in by the challenger alone, `swapped_out` by the champion."""

    both_in: Cell
    swapped_in: Cell
    swapped_out: Cell
    both_out: Cell


def swap(champion: npt.ArrayLike, challenger: npt.ArrayLike, bad: Sequence[bool | None]) -> Swap:
    """Whom each lets in, a row a subject; `bad` is None where the outcome is not known (most of those kept out)."""
    rows = list(zip(flags(champion).tolist(), flags(challenger).tolist(), bad, strict=True))

    def cell(old: bool, new: bool) -> Cell:
        found = [outcome for a, b, outcome in rows if (a, b) == (old, new)]
        return Cell(len(found), sum(one is not None for one in found), sum(bool(one) for one in found))

    return Swap(cell(True, True), cell(False, True), cell(True, False), cell(False, False))
