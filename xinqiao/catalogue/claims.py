"""What a city's `claims/<claim>.yml` may say: the questions that are answered by yes, no or a fixed band (核验).

A condition, a number of months and a band are the catalogue's and never the caller's: who could choose them could
measure what he may not read.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from xinqiao.catalogue.schema import Amount, Day, Entry, Flag, Name, Text, When, Whole


class Condition(When):
    """A condition on one field; `at_least` and `at_most` are for numbers and money, money in yuan."""

    at_least: Amount | None = None
    at_most: Amount | None = None


class Rows(Entry):
    """Which facts count: those that hold on the day, or began in the last so many months, and meet all conditions."""

    in_force: Flag = False
    last_months: Whole | None = None
    all: tuple[Condition, ...] = ()


class Some(Entry):
    """Yes: there is such a fact."""

    form: Literal["some"]
    rows: Rows


class NoneOf(Entry):
    """Yes: there is no such fact."""

    form: Literal["none"]
    rows: Rows


class EveryMonth(Entry):
    """Yes: there is such a fact for each of the newest `months` months that have been delivered."""

    form: Literal["every_month"]
    month: Name
    months: Whole
    rows: Rows = Rows()


class Band(Entry):
    """From where the band before ends up to, and not including, `below`; the last has no end."""

    band: Name
    title: Text
    below: Amount | None = None


class Bands(Entry):
    """In which band the sum of `field` lies, over the newest `months` months that have been delivered."""

    form: Literal["bands"]
    field: Name
    month: Name
    months: Whole
    bands: tuple[Band, ...]


class Match(Entry):
    """Yes: the value that is given is exactly that of such a fact; what is held is not told.

    `normalised`: `name` without spaces and with one form of each sign; `code` in capitals besides.
    """

    form: Literal["match"]
    field: Name
    normalised: Literal["name", "code"]
    rows: Rows = Rows()


Form = Annotated[Some | NoneOf | EveryMonth | Bands | Match, Field(discriminator="form")]


class ClaimCase(Entry):
    """Facts and what must come of them. `given` are their values by field as they are kept; `disputed: true` beside
    them marks one. `heard`: how the item's source has answered, and for which months (the last three years, where that
    is not said)."""

    name: Text
    on: Day = date(2026, 7, 15)
    given: tuple[dict[str, str], ...] = ()
    heard: Literal["answered", "stale", "silent"] = "answered"
    months: tuple[str, ...] | None = None
    value: str = ""
    answer: str
    because: str | None = None
    without_disputed: str | None = None


class Claim(Entry):
    """One question over the facts of one item. `yes` and `no` are its answers in words, where it has no bands.

    The file's name is the claim's name; its cases are in it. `version` changes with whatever it asks.
    """

    claim: Name
    version: Text
    title: Text
    title_en: Text
    question: Text
    yes: Text | None = None
    no: Text | None = None
    item: Name
    asks: Form
    cases: tuple[ClaimCase, ...]
    note: str | None = None
