"""The language of risk signals (风险信号): selection and measure as in a model, and the value at which to speak up."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from xinqiao.catalogue.schema import Amount, Basis, Day, Entry, FieldType, Item, Name, Text, Whole
from xinqiao.evaluation.language import (
    Band,
    Effective,
    Indicator,
    Measure,
    Model,
    Part,
    Selection,
    Step,
    ThinFile,
    Weight,
    Worth,
)
from xinqiao.kernel.subject_kinds import SubjectKind

Level = Literal["high", "medium", "low"]
SET_BY: Final = "风险信号不计分"
PART: Final = "signals"
CENT: Final = Decimal("0.01")
MONEY: Final = frozenset({FieldType.MONEY_YUAN, FieldType.MONEY_WAN})


class Signal(Selection):
    """Raised while the value is `at_least` or `at_most` so much or `is_in`, by facts that have not raised it before."""

    title: Text
    level: Level
    kinds: Annotated[tuple[SubjectKind, ...], Field(min_length=1)]
    measure: Measure
    unit: str | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    is_in: tuple[str, ...] | None = None
    reason: Text

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if sum(one is not None for one in (self.at_least, self.at_most, self.is_in)) != 1:
            raise ValueError("应写 at_least、at_most、is_in 中的一个")
        return self

    @property
    def held_on(self) -> int:
        """The step of `as_indicator` on which it is raised."""
        return 1 if self.at_least is not None else 0


class Fall(Entry):
    """Raised by a grade that is `bands` or more below the one before it, or that falls `to` one of these."""

    title: Text
    level: Level
    kinds: Annotated[tuple[SubjectKind, ...], Field(min_length=1)]
    bands: Annotated[Whole, Field(ge=1)] | None = None
    to: tuple[Text, ...] = ()
    reason: Text


class SignalSet(Entry):
    """All of a city's rules. Another rule, or another word in one, is another version."""

    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    effective: Effective
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]
    signals: Annotated[dict[Name, Signal], Field(min_length=1)]
    falls: dict[Name, Fall] = Field(default_factory=dict)

    def of_kind(self, kind: SubjectKind) -> dict[str, Signal]:
        return {name: one for name, one in self.signals.items() if kind in one.kinds}


class SignalCase(Entry):
    """A file on one subject, and the signals it must raise: these and no others."""

    name: Text
    kind: SubjectKind
    on: Day
    given: dict[Name, tuple[dict[Name, str], ...]] = Field(default_factory=dict)
    raised: tuple[Name, ...] = ()


class SignalCases(Entry):
    cases: tuple[SignalCase, ...]


def as_model(rules: SignalSet, kind: SubjectKind, items: "dict[str, Item]") -> Model:
    """The rules for one kind of subject as a model worth no points: so the same compiler, checks and engine serve."""
    return Model(
        model=f"signals_{kind.value}",
        version=rules.version,
        title="风险信号",
        kind=kind,
        effective=rules.effective,
        basis=rules.basis,
        scale=1,
        base=1,
        parts={PART: Part(title="风险信号", groups={PART: "风险信号"})},
        indicators={name: _indicator(rules, one, items.get(one.reads)) for name, one in rules.of_kind(kind).items()},
        grades=(Band(grade="有", title="有", since=1), Band(grade="无", title="无", since=0)),
        thin_file=ThinFile(grade="—", title="—", reason="—", items_at_least=0),
    )


def _indicator(rules: SignalSet, one: Signal, item: Item | None) -> Indicator:
    said = {name: value for name, value in one if name in Selection.model_fields}
    steps = tuple(Step(share=100, reason=one.reason, **limit) for limit in _limits(one, item))
    silence = Worth(share=100, reason="没有")
    return Indicator(
        **said,
        title=one.title,
        part=PART,
        group=PART,
        measure=one.measure,
        unit=one.unit,
        weight=(Weight(since=rules.effective.since, points=0, set_by=SET_BY),),
        none=silence,
        silent=silence,
        steps=steps,
    )


def _limits(one: Signal, item: Item | None) -> Iterator[dict[str, object]]:
    """Two steps: the raised one is `held_on`."""
    if one.is_in is not None:
        yield {"is_in": one.is_in}
    elif one.at_most is not None:
        yield {"up_to": one.at_most}
    else:
        yield {"up_to": (one.at_least or Decimal(0)) - _smallest(one, item)}
    yield {}


def _smallest(one: Signal, item: Item | None) -> Decimal:
    """What two values of this measure differ by at least."""
    field = item.fields.get(getattr(one.measure, "field", "")) if item else None
    of_money = field is not None and field.type in MONEY and one.measure.take in {"sum", "largest", "smallest"}
    return CENT if of_money else Decimal(1)
