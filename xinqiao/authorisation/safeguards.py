"""保障: the numbers a city takes for guarding grants against misuse, from its `safeguards.yml`."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator

from xinqiao import catalogue
from xinqiao.authorisation.breadth import BroadRule
from xinqiao.catalogue.documents import read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Entry, Name, Whole
from xinqiao.catalogue.validation import entry_of

FILE: Final = "safeguards.yml"


def _positive(number: int) -> int:
    if number < 1:
        raise ValueError("至少是 1")
    return number


def _percent(number: int) -> int:
    if not 0 <= number <= 100:  # noqa: PLR2004 — a share in a hundred
        raise ValueError("是 0 到 100 的数")
    return number


Percent = Annotated[Whole, AfterValidator(_percent)]
Positive = Annotated[Whole, AfterValidator(_positive)]


class BroadLook(Entry):
    """From when on a look is unusually broad, and how many days back one compares."""

    days: Positive
    looks: Positive
    times: Positive
    at_least: Positive
    few: Positive

    @property
    def rule(self) -> BroadRule:
        return BroadRule(self.looks, self.times, self.at_least, self.few)


class TwoPeople(Entry):
    """Of which sizes a firm's grant takes two people, and how many days a prepared one waits for the second."""

    sizes: tuple[Name, ...]
    prepared_days: Positive


class Paper(Entry):
    """How old a signature on paper may be when it is handed in, and how many in a hundred are asked about by phone."""

    signed_within_days: Positive
    call_back_percent: Percent


class Safeguards(Entry):
    broad_look: BroadLook
    paper: Paper
    two_people: TwoPeople


def safeguards() -> Safeguards:
    """The city's numbers; read once for each city folder."""
    return _kept(catalogue.city().folder)


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Safeguards:
    found, mistakes = load(folder)
    if found is None:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path) -> tuple[Safeguards | None, list[Mistake]]:
    """The numbers, or every mistake with its line."""
    if not (folder / FILE).is_file():
        return None, [Mistake(FILE, 1, "缺少这个文件")]
    document = read(folder / FILE, FILE)
    found = entry_of(Safeguards, document, document.value) if not document.mistakes else None
    return found, document.mistakes
