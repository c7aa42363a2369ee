"""The language of an institution's own rules for a pre-credit estimate (预授信): typed YAML over catalogued indicators.

Which indicators it reads and what it does where one is not known; what must hold to be considered at all; points,
grades and the amount, which is the least of several bounds. Worked cases stand in the file and come out before it is
used.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from xinqiao.catalogue.schema import Amount, Entry, Flag, Name, Text, Whole
from xinqiao.kernel.subject_kinds import SubjectKind

Positive = Annotated[Amount, Field(ge=1)]


class Unknown(StrEnum):
    """What an indicator that is not known does."""

    REFER = "refer"  # people look at it: no amount is said
    WORST = "worst"  # its conditions do not hold, fewest points, no amount from it


class Empty(StrEnum):
    """What an indicator does whose source has answered and has nothing, where that is no nought."""

    BEST = "best"
    WORST = "worst"


class Reads(Entry):
    unknown: Unknown
    empty: Empty | None = None


class Condition(Entry):
    """准入条件: exactly one of its tests, and the sentence it is told by."""

    indicator: Name
    sentence: Text
    at_least: Amount | None = None
    below: Amount | None = None
    is_: Flag | None = Field(default=None, alias="is")
    one_of: tuple[Text, ...] = ()

    @property
    def tests(self) -> int:
        return sum(one is not None for one in (self.at_least, self.below, self.is_)) + bool(self.one_of)


class Step(Entry):
    """From this value on, up to the next step's; the first has none."""

    from_: Amount | None = Field(default=None, alias="from")
    points: Whole


class Points(Entry):
    """Of a number by steps, of a flag by yes and no."""

    steps: tuple[Step, ...] = ()
    yes: Whole | None = None
    no: Whole | None = None


class Grade(Entry):
    """From the best to the last, which takes all the rest. Without a ceiling it opens no amount."""

    grade: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+\-]{1,6}$")]
    title: Text
    at_least: Whole | None = None
    ceiling: Positive | None = None
    percent: Annotated[Whole, Field(ge=1, le=1000)] | None = None  # of what `amount` names
    terms: Text | None = None  # 期限、价格, in the institution's words


class AmountRule(Entry):
    """The least of the grade's ceiling and the grade's percentage of each of these, rounded down to `step`."""

    of: tuple[Name, ...]
    step: Positive = Decimal(10000)


class Case(Entry):
    """What is known (a number, `true` or `false`, a code, `empty`; else `unknown`), and what must come of it."""

    name: Text
    given: dict[Name, Text]
    expect: "Expected"


class Decision(StrEnum):
    ESTIMATED = "estimated"
    NOT_ADMITTED = "not_admitted"
    REFERRED = "referred"
    NO_AMOUNT = "no_amount"


class Expected(Entry):
    decision: Decision
    grade: Text | None = None
    amount: Amount | None = None


class Rules(Entry):
    """One version of one set of rules."""

    rules: Name
    title: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    purpose: Name
    kinds: Annotated[tuple[SubjectKind, ...], Field(min_length=1)]
    reads: Annotated[dict[Name, Reads], Field(min_length=1, max_length=60)]
    admission: Annotated[tuple[Condition, ...], Field(max_length=60)] = ()
    scorecard: dict[Name, Points] = Field(default_factory=dict)
    grades: Annotated[tuple[Grade, ...], Field(min_length=1, max_length=20)]
    amount: AmountRule
    cases: Annotated[tuple[Case, ...], Field(min_length=1, max_length=100)]
