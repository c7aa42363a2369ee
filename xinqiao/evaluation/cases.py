"""The language of the cases that stand beside a model: a file on one subject, and the grade it must get."""

from pydantic import Field

from xinqiao.catalogue.schema import Day, Entry, Name, Text, Whole


class ExpectedWithout(Entry):
    grade: Text
    score: Whole | None = None


class Expected(Entry):
    """What a person worked out from the rules. What is not stated is not compared, but `grade` must be."""

    grade: Text
    score: Whole | None = None
    points: dict[Name, Whole] = Field(default_factory=dict)
    without_disputed: ExpectedWithout | None = None
    missing: tuple[Name, ...] | None = None  # the indicators said to be missing
    limits: tuple[Name, ...] | None = None  # the vetoes and caps that hold
    says: tuple[Text, ...] = ()  # pieces of sentences that must be among the reasons


class Case(Entry):
    """A file on one subject, and the grade it must get. `given` holds each item's rows as field → value.

    A row may also say `standing` (good, disputed, repaired, expired). `silent` names the items nobody delivers.
    """

    name: Text
    on: Day
    given: dict[Name, tuple[dict[Name, str], ...]] = Field(default_factory=dict)
    silent: tuple[Name, ...] = ()
    expect: Expected
