"""The language of catalogued indicators (指标): what is measured as models measure it, and how it may be told.

One indicator, one direction, one unit, one type. What a source has nothing of is what `none` says; what a source has
never told of is not known, and never nought. An amount is told by the band it lies in, never to the fen.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from xinqiao.catalogue.schema import Amount, Day, Entry, Name, Text, Whole
from xinqiao.evaluation.language import (
    Count,
    DaysLeft,
    DaysSinceFirst,
    DaysSinceLast,
    Distinct,
    Exists,
    Largest,
    Percent,
    Selection,
    Smallest,
    Sum,
)


class Type(StrEnum):
    COUNT = "count"
    DAYS = "days"
    MONEY = "money"  # in yuan, whatever the source counts in
    PERCENT = "percent"
    FLAG = "flag"
    CODE = "code"


class Polarity(StrEnum):
    """In which direction it speaks for the business. A code, and what is only to be known, has none."""

    HIGHER_IS_BETTER = "higher_is_better"
    HIGHER_IS_WORSE = "higher_is_worse"
    NONE = "none"


# ── which months ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Months(Entry):
    """Only facts that begin in the `last` calendar months: the newest the source has delivered, and those before it.

    Of what is told by the month and not by the day; where nothing says which month is the newest, the one before this.
    """

    last: Annotated[Whole, Field(ge=1, le=60)]


# ── what is taken, beside what models take ───────────────────────────────────────────────────────────────────────────


class Newest(Entry):
    """The value of the fact with the latest `by`, or that begins last; of two on one day, the one stored later."""

    take: Literal["newest"]
    field: Name
    by: Name | None = None


class Mean(Entry):
    """What the facts have on average, rounded down to a whole one, or to the fen."""

    take: Literal["mean"]
    field: Name


class Ratio(Entry):
    """The sum of `field` to the sum of `to`, in percent, rounded down; of facts that fill both, and none of nought."""

    take: Literal["ratio"]
    field: Name
    to: Name


class MonthsSeen(Entry):
    """How many different months the facts begin in."""

    take: Literal["months_seen"]


class Growth(Entry):
    """By how many percent the sum of the newest `months` differs from the sum of as many, `against` months earlier.

    Rounded down. Only where each of these months has a fact, and the earlier ones come to more than nought.
    """

    take: Literal["growth"]
    field: Name
    months: Annotated[Whole, Field(ge=1, le=24)]
    against: Annotated[Whole, Field(ge=1, le=24)]


Taken = (
    Exists
    | Count
    | Distinct
    | Sum
    | Largest
    | Smallest
    | DaysSinceFirst
    | DaysSinceLast
    | DaysLeft
    | Percent
    | Newest
    | Mean
    | Ratio
    | MonthsSeen
    | Growth
)
MONTHLY: Final = (MonthsSeen, Growth)


# ── an indicator ─────────────────────────────────────────────────────────────────────────────────────────────────────


class CataloguedIndicator(Selection):
    """`width` is the smallest band its value is told in (最小分档宽度): `[n × width, (n + 1) × width)`, in its unit.

    `none`: what it is where the source delivers and has nothing here. A flag and a code have no width.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{3}$")]
    title: Text
    title_en: Text
    measure: Annotated[Taken, Field(discriminator="take")]
    months: Months | None = None
    type: Type
    unit: Text | None = None
    polarity: Polarity
    none: Literal["zero", "empty"]
    width: Amount | None = None
    note: Text | None = None


class IndicatorFile(Entry):
    """One group of indicators: a file of `indicators/`. Another word in any of them is another version of the group."""

    group: Name
    title: Text
    title_en: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    since: Day
    indicators: Annotated[dict[Name, CataloguedIndicator], Field(min_length=1)]


# ── the cases beside a file ──────────────────────────────────────────────────────────────────────────────────────────


class IndicatorCase(Entry):
    """A file on one subject, and what each of the named indicators must come to.

    `expect` holds the exact value as text, `empty` where the source has nothing and that is no nought, or `unknown`.
    `newest` is the newest month delivered, by item.
    """

    name: Text
    on: Day
    given: dict[Name, tuple[dict[Name, str], ...]] = Field(default_factory=dict)
    silent: tuple[Name, ...] = ()
    newest: dict[Name, Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]] = Field(default_factory=dict)
    expect: Annotated[dict[Name, Text], Field(min_length=1)]


class IndicatorCases(Entry):
    cases: tuple[IndicatorCase, ...]
