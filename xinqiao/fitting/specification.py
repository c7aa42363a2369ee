"""What a fit is asked to do: a file a person writes and another can repeat.

Whatever is a judgement is here, with who made it and why: what may be used and what may not, which way a risk must run,
bins an expert set by hand, the true rate of failure, how points are scaled.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from xinqiao.catalogue.documents import read
from xinqiao.catalogue.schema import Amount, Day, Entry, Name, Text, Whole
from xinqiao.catalogue.validation import entry_of
from xinqiao.fitting.errors import FitFaults

SMALLEST: Final = Decimal("0.05")  # of the rows, in a bin: fewer tell more of chance than of risk
Rate = Annotated[Amount, Field(gt=0, lt=1)]
Code = Annotated[str, StringConstraints(min_length=1)]


class Override(Entry):
    """Bins set by hand instead of found: `cuts` of a number (each the end of a bin, included), `groups` of codes."""

    cuts: tuple[Amount, ...] = ()
    groups: tuple[tuple[Code, ...], ...] = ()
    by: Text
    on: Day
    why: Text


class Input(Entry):
    """One thing the card may read. `risk`: whether the risk falls or rises with the value; `either` lets the data say.

    `special`: values that are codes among numbers (-999), each a bin of its own. `known`: since when it is known;
    `afterwards` is what nobody can know when he decides. `missing`: what an empty value is worth; `own` lets the data
    say, `best` and `worst` hold it to the best (worst) of the bins.
    """

    title: Text
    kind: Literal["number", "code"] = "number"
    risk: Literal["falls", "rises", "either"] = "either"
    special: tuple[Code, ...] = ()
    known: Literal["before", "afterwards"] = "before"
    missing: Literal["own", "best", "worst"] = "own"
    override: Override | None = None


class Prior(Entry):
    """The rate of failure among those the card will meet, where the sample was drawn otherwise."""

    rate: Rate
    set_by: Text


class Scaling(Entry):
    """`points` stand for `odds` good ones to each bad one, and `doubling` more points for twice those odds."""

    points: Whole = 600
    odds: Annotated[Whole, Field(gt=0)] = 30
    doubling: Annotated[Whole, Field(gt=0)] = 20


class Grading(Entry):
    """A grade and the highest probability of failure it bears; the last takes what is left and says none."""

    grade: Text
    title: Text
    at_most: Rate | None = None


GRADES: Final = (
    Grading(grade="A", title="优", at_most=Decimal("0.02")),
    Grading(grade="B", title="良", at_most=Decimal("0.08")),
    Grading(grade="C", title="中", at_most=Decimal("0.2")),
    Grading(grade="D", title="差"),
)


class Specification(Entry):
    """`penalty` is the inverse strength of the ridge (scikit-learn's C): small holds the weights together.

    `model`: the city's model whose indicators are the inputs; without it the rows come with their own columns.
    """

    fit: Name
    title: Text
    target: Text
    model: Name | None = None
    inputs: Annotated[dict[Name, Input], Field(min_length=1)]
    forbidden: dict[Name, Text] = Field(default_factory=dict)
    smallest_share: Rate = SMALLEST
    most_bins: Annotated[Whole, Field(ge=2, le=20)] = 6
    penalty: Annotated[Amount, Field(gt=0)] = Decimal(1)
    seed: Whole = 20261128
    scaling: Scaling = Scaling()
    prior: Prior | None = None
    grades: Annotated[tuple[Grading, ...], Field(min_length=2)] = GRADES


def load(path: Path) -> Specification:
    """A specification from its file; raises `FitFaults` with every mistake by line."""
    if not path.is_file():
        raise FitFaults([f"没有文件 {path.name}"])
    document = read(path, path.name)
    found = None if document.mistakes else entry_of(Specification, document, document.value)
    mistakes = [*document.mistakes, *(document.mistake((), one) for one in (faults(found) if found else ()))]
    if found is None or mistakes:
        raise FitFaults(mistakes)
    return found


def faults(spec: Specification) -> Iterator[str]:
    """What contradicts itself."""
    for name in spec.inputs.keys() & spec.forbidden.keys():
        yield f"{name} 不许使用（{spec.forbidden[name]}），不能列为输入"
    for name, one in spec.inputs.items():
        if one.known == "afterwards":
            yield f"{name} 是结果发生之后才知道的，不能列为输入"
        if one.override is not None:
            yield from _override(name, one, one.override)
    open_ones = [grade for grade in spec.grades if grade.at_most is None]
    if open_ones != [spec.grades[-1]]:
        yield "只有最后一个等级不写 at_most"
    limits = [grade.at_most for grade in spec.grades if grade.at_most is not None]
    if limits != sorted(set(limits)):
        yield "等级应从好到差排列，at_most 依次增大"


def _override(name: str, one: Input, override: Override) -> Iterator[str]:
    wanted = override.cuts if one.kind == "number" else override.groups
    if not wanted or (override.cuts and override.groups):
        yield f"{name} 的 override 应写 {'cuts' if one.kind == 'number' else 'groups'}"
    if list(override.cuts) != sorted(set(override.cuts)):
        yield f"{name} 的 cuts 应依次增大"
    codes = [code for group in override.groups for code in group]
    if len(codes) != len(set(codes)):
        yield f"{name} 的 groups 里有代码出现两次"
