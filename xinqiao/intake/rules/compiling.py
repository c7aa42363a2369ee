"""A catalogue item compiled once into what is run over every block of its deliveries."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import polars as pl

from xinqiao.catalogue.schema import (
    CodeList,
    Division,
    FieldType,
    Industry,
    Item,
    ItemField,
    Reading,
    Rule,
    Source,
)
from xinqiao.intake.rules import across, combining, judging, limiting, sayings
from xinqiao.intake.rules.across import Across
from xinqiao.intake.rules.columns import Column
from xinqiao.intake.rules.limiting import Spellings, Step
from xinqiao.intake.rules.normalising import Normaliser
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import kind_of
from xinqiao.kernel.uscc import CATEGORIES, Uscc

TYPES = {
    FieldType.DATE: pl.Date(),
    FieldType.INTEGER: pl.Int64(),
    FieldType.YEAR: pl.Int64(),
    FieldType.BOOLEAN: pl.Boolean(),
    FieldType.DECIMAL: judging.DECIMAL,
    FieldType.MONEY_YUAN: judging.MONEY,
    FieldType.MONEY_WAN: judging.MONEY,
}


class Lists(Protocol):
    """What of a city the rules look things up in; `catalogue.City` is one."""

    @property
    def reading(self) -> Reading: ...
    @property
    def codes(self) -> Mapping[str, CodeList]: ...
    @property
    def divisions(self) -> Mapping[str, Division]: ...
    @property
    def industries(self) -> Mapping[str, Industry]: ...
    @property
    def sources(self) -> Mapping[str, Source]: ...


@dataclass(frozen=True, slots=True)
class FieldRules:
    """One field: how its cells are read, and the judgements passed on them in order."""

    name: str
    field: ItemField
    dtype: pl.DataType
    normaliser: Normaliser
    steps: tuple[Step, ...]
    plain: Callable[[pl.Series], pl.Series] | None

    def judge(self, cells: pl.Series, *, padded: bool) -> Column:
        column = self._read(cells, padded=padded)
        if self.field.required:
            column.fail(column.text.is_null(), Rule.REQUIRED)
        for step in self.steps:
            step(column)
        return column

    def _read(self, cells: pl.Series, *, padded: bool) -> Column:
        if self.plain is None:
            return Column(self.normaliser.column(cells, padded=padded))
        return Column(*self.normaliser.all_but_plain(cells, self.plain(cells)))

    def absent(self, size: int) -> Column:
        """The column of a field that the file does not carry."""
        column = Column(pl.Series(self.name, [None] * size, dtype=pl.String))
        column.value = pl.Series(self.name, [None] * size, dtype=self.dtype)
        return column


@dataclass(frozen=True, slots=True)
class Compiled:
    """An item ready to judge rows delivered on one day."""

    item: Item
    fields: tuple[FieldRules, ...]
    refusals: tuple[Across, ...]
    checks: tuple[Across, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The business key with the subject first."""
        rest = (name for name in self.item.delivery.key if name != self.item.subject.field)
        return (self.item.subject.field, *rest)

    def saying(self, name: str, rule: Rule) -> Saying:
        return sayings.of_field(self.item.fields[name], rule, self.item.subject.kinds)


def compile_item(item: Item, city: Lists, *, on: date) -> Compiled:
    """`on`: the day of delivery (Asia/Shanghai), after which a date lies in the future."""
    checks = [across.compiled(check, item) for check in item.checks]
    return Compiled(
        item=item,
        fields=tuple(_field(name, item, city, on) for name in item.fields),
        refusals=tuple(c for c in checks if c.rule is Rule.REFUSE_WHEN),
        checks=tuple(c for c in checks if c.rule is not Rule.REFUSE_WHEN),
    )


def _field(name: str, item: Item, city: Lists, on: date) -> FieldRules:
    field = item.fields[name]
    normaliser = Normaliser.of(field, city.reading)
    steps = [
        _type(field, city.reading, normaliser),
        *_form(field),
        *_lists(field, city, normaliser),
        *_limits(field, on),
    ]
    if name == item.subject.field:
        steps.append(limiting.beginning_with(beginnings(item)))
    dtype = combining.SEVERAL if field.several else TYPES.get(field.type, pl.String())
    return FieldRules(name, field, dtype, normaliser, tuple(steps), _plain(field, city, normaliser))


def _plain(field: ItemField, city: Lists, normaliser: Normaliser) -> Callable[[pl.Series], pl.Series] | None:
    """Which cells arrive as they should be; what an item calls empty is not among them, whatever it looks like."""
    if field.codes is not None:
        known = set(spellings(city.codes[field.codes], normaliser).meaning) - set(normaliser.empty)
        return lambda cells: cells.is_in(sorted(known))
    if (pattern := judging.PLAIN.get(field.type)) is None:
        return None
    if not any(re.search(pattern, word) for word in normaliser.empty):
        return lambda cells: cells.str.contains(pattern)
    return lambda cells: cells.str.contains(pattern) & ~cells.is_in(normaliser.empty)


def beginnings(item: Item) -> tuple[str, ...]:
    """The first two characters of the codes an item may be about."""
    pairs = (department + category for department, categories in CATEGORIES.items() for category in categories)
    return tuple(pair for pair in pairs if kind_of(Uscc(pair)) in item.subject.kinds)


def _type(field: ItemField, reading: Reading, normaliser: Normaliser) -> Step:
    match field.type:
        case FieldType.DATE:
            return judging.as_day(reading.dates)
        case FieldType.MONTH:
            return judging.as_month(reading.months)
        case FieldType.BOOLEAN:
            return judging.as_boolean(*(tuple(map(normaliser.one, words)) for words in (reading.true, reading.false)))
        case _:
            return judging.SIMPLE[field.type]


def _form(field: ItemField) -> list[Step]:
    steps = []
    if field.max_length is not None:
        steps.append(limiting.length(field.max_length))
    if field.pattern is not None:
        steps.append(limiting.pattern(field.pattern))
    return steps


def _lists(field: ItemField, city: Lists, normaliser: Normaliser) -> list[Step]:
    steps = []
    if field.codes is not None:
        codes = city.codes[field.codes]
        known = spellings(codes, normaliser)
        if field.several:
            signs = tuple(map(normaliser.one, field.separators))
            steps.append(combining.several_of(known.meaning, signs, tuple(codes.values), Rule.CODES))
        else:
            steps.append(limiting.one_of(known, Rule.CODES, others=codes.open))
    if (there := referenced(field, city)) is not None:
        steps.append(there)
    return steps


def spellings(codes: CodeList, normaliser: Normaliser) -> Spellings:
    """Code, title and other spellings of every value; where two claim a text, code goes before title."""
    meaning: dict[str, str] = {}
    for rank in (lambda code, _: (code,), lambda _, value: (value.title,), lambda _, value: value.also):
        for code, value in codes.values.items():
            for text in rank(code, value):
                meaning.setdefault(normaliser.one(text), code)
    return Spellings(meaning)


def referenced(field: ItemField, city: Lists) -> Step | None:
    """Whether the text names something the city knows. A subject is looked up later, in the register."""
    match field.reference:
        case "division":
            return limiting.among(tuple(city.divisions), Rule.REFERENCE)
        case "industry":
            return limiting.matching(industry_pattern(city.industries), Rule.REFERENCE)
        case "source":
            titles = [name.title for source in city.sources.values() for name in source.names]
            return limiting.among((*city.sources, *titles), Rule.REFERENCE)
        case _:
            return None


def industry_pattern(industries: Mapping[str, Industry]) -> str:
    """A section, or a division (二位大类) with whatever classes follow; a section before it must be its own."""
    divisions = (f"{i.section}?{code}[0-9]{{0,2}}" for code, i in industries.items() if code != i.section)
    return f"^(?:{'|'.join(sorted({i.section for i in industries.values()}))}|{'|'.join(sorted(divisions))})$"


def _limits(field: ItemField, on: date) -> list[Step]:
    scale = judging.WAN if field.type is FieldType.MONEY_WAN else 1
    steps = []
    if field.at_least is not None:
        steps.append(limiting.at_least(field.at_least * scale))
    if field.at_most is not None:
        steps.append(limiting.at_most(field.at_most * scale))
    if field.not_before is not None:
        steps.append(limiting.no_earlier_than(field.not_before))
    if field.type in (FieldType.DATE, FieldType.MONTH, FieldType.YEAR) and not field.future:
        steps.append(limiting.no_later_than(on))
    return steps
