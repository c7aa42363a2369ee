"""Is this the person the register names? Exactly, perhaps under another spelling, or somebody else. Pure.

Names are compared in one spelling (`claim_meaning.normal`). What differs by one character, or has one more or fewer,
may be the same name written otherwise or mistyped (晓 for 小, a middle name left out): that is never decided here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from xinqiao.catalogue.claim_meaning import normal
from xinqiao.kernel.ids import FactId


class Fit(StrEnum):
    SAME = "same"
    NOT_NAMED = "not_named"
    LIKE_NAME = "like_name"
    OTHER_NAME = "other_name"
    OTHER_NUMBER = "other_number"
    DISAGREEING = "disagreeing"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom one line of the register names, and the keyed mark of the document's number where it holds one."""

    name: str
    number: bytes | None
    fact: FactId


def fit(name: str, numbers: Collection[bytes], named: Collection[Named]) -> tuple[Fit, FactId | None]:
    """How a person's vouched name and numbers fit what the register says, and by which line."""
    if not named:
        return Fit.NOT_NAMED, None
    found = [(_one(name, numbers, line), line.fact) for line in named]
    fits = {one for one, _ in found}
    if len(fits) > 1 and Fit.SAME in fits:
        return Fit.DISAGREEING, next(fact for one, fact in found if one is not Fit.SAME)
    return min(found, key=lambda one: _DOUBTFUL.index(one[0]))


_DOUBTFUL = (Fit.SAME, Fit.OTHER_NUMBER, Fit.LIKE_NAME, Fit.OTHER_NAME)


def _one(name: str, numbers: Collection[bytes], line: Named) -> Fit:
    """A number that is held decides where one was vouched for: names may be alike, and written in two ways."""
    known = line.number is not None and bool(numbers)
    if known and line.number in numbers:
        return Fit.SAME
    if same(name, line.name):
        return Fit.OTHER_NUMBER if known else Fit.SAME
    return Fit.LIKE_NAME if alike(name, line.name) and not known else Fit.OTHER_NAME


def same(one: str, other: str) -> bool:
    return normal(one, "name") == normal(other, "name")


def alike(one: str, other: str) -> bool:
    """Whether one of the names may be a way to write the other: at most one character apart, or a part of it."""
    first, second = sorted((normal(one, "name"), normal(other, "name")), key=len)
    if not first:
        return False
    return first in second or (len(first) == len(second) and _apart(first, second) == 1) or _one_left_out(first, second)


def _apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _one_left_out(short: str, long: str) -> bool:
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
