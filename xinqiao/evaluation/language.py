"""The language evaluation models are written in: what a model file may say, and nothing else.

Numbers, names and reasons are in the file; arithmetic is in typed Python. There are no expressions in strings, and
what is not written here cannot be asked for. `docs/how-to/change-a-model.md` explains each word to its writers.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, StringConstraints, model_serializer, model_validator

from xinqiao.catalogue.schema import (
    Adverse,
    AdverseNature,
    Amount,
    Basis,
    ClassedWhen,
    Day,
    Entry,
    FieldType,
    Flag,
    Name,
    Only,
    Text,
    Whole,
)
from xinqiao.evaluation.fit_language import Fit
from xinqiao.kernel.subject_kinds import SubjectKind

VALUE: Final = "{value}"  # the only two things a reason may leave open
DATE: Final = "{date}"
COUNTED_STANDINGS: Final = ("good", "disputed")  # 已修复、已到期 are never read (Order 36 §3; 条例 §19)


# ── which facts ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Where(Entry):
    """A condition on one field; every part stated must hold. Empty meets only `filled: false`, `open`, `lasts`.

    Where a fact may hold several codes, one of them `is_in`, or none is in `not_in`.
    """

    field: Name
    is_in: tuple[str, ...] | None = None
    not_in: tuple[str, ...] | None = None
    filled: Flag | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    open: Only | None = None  # a date that is empty or still to come: not yet removed, not yet settled
    passed: Only | None = None  # a date that has come
    lasts: Only | None = None  # a last day (有效期至) that is empty, today, or still to come


class Window(Entry):
    """Only facts whose `field` lies in the last `days` or `months`, the corresponding day included (民法典 §201, §202).

    A fact dated after the day of evaluation, or without the date, lies in no window.
    """

    field: Name
    days: Whole | None = None
    months: Whole | None = None


class Selection(Entry):
    """Which facts of one item are looked at. Standing and class of a row are always respected and need no word."""

    reads: Name
    nature: AdverseNature | None = None  # as the catalogue tells of each row (条例 §20)
    where: tuple[Where, ...] = ()
    window: Window | None = None
    in_force: Flag = False  # only facts valid on the day (有效期内)
    dated: Name | None = None  # the date its reasons speak of; else the measure's own, else the window's


# ── what is taken from them ──────────────────────────────────────────────────────────────────────────────────────────


class Exists(Entry):
    take: Literal["exists"]


class Fading(Entry):
    """A fact at most this many days old counts for this percentage of itself."""

    up_to_days: Whole
    percent: Whole


class Count(Entry):
    """How many. With `fading`, by the age of the window's date; older than the last step counts nothing."""

    take: Literal["count"]
    fading: tuple[Fading, ...] = ()


class Distinct(Entry):
    take: Literal["distinct"]
    field: Name


class Sum(Entry):
    take: Literal["sum"]
    field: Name


class Largest(Entry):
    take: Literal["largest"]
    field: Name


class Smallest(Entry):
    take: Literal["smallest"]
    field: Name


class Latest(Entry):
    """The value of the fact with the latest `by`; of two on one day, the one stored later."""

    take: Literal["latest"]
    field: Name
    by: Name


class DaysSinceFirst(Entry):
    take: Literal["days_since_first"]
    field: Name


class DaysSinceLast(Entry):
    take: Literal["days_since_last"]
    field: Name


class DaysLeft(Entry):
    """Days until the latest `field`; negative when it has passed."""

    take: Literal["days_left"]
    field: Name


class Percent(Entry):
    """How many of a hundred selected facts also meet `of`, rounded down."""

    take: Literal["percent"]
    of: Annotated[tuple[Where, ...], Field(min_length=1)]


Measure = Annotated[
    Exists | Count | Distinct | Sum | Largest | Smallest | Latest | DaysSinceFirst | DaysSinceLast | DaysLeft | Percent,
    Field(discriminator="take"),
]


# ── what it is worth ─────────────────────────────────────────────────────────────────────────────────────────────────


class Weight(Entry):
    """The full points of an indicator from a day on, and the document that set them."""

    since: Day
    points: Whole
    set_by: Text


class Worth(Entry):
    """`share` of the indicator's points, in percent, or `points` themselves; and the sentence that says why.

    An expert thinks in shares; points are what a card fitted from outcomes has. What is not said is not written out, so
    that a model from before there was a second way keeps its digest.
    """

    share: Annotated[Whole, Field(ge=0, le=100)] | None = None
    points: Annotated[Whole, Field(ge=0)] | None = None
    reason: Text

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.share is None) == (self.points is None):
            raise ValueError("应写 share（占满分的百分比）或 points（分数）中的一个")
        return self

    @model_serializer(mode="wrap")
    def _as_said(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = plain(self)
        said.pop("share" if self.share is None else "points", None)
        return said

    def worth(self, full: int) -> int:
        """Points, of `full` ones."""
        return self.points if self.share is None else full * self.share // 100  # type: ignore[return-value]


class Step(Worth):
    """Values up to `up_to` (included), or one of `is_in`; the last step says neither and takes what is left.

    Of a number the values `is_in` are special codes: they stand before the steps with `up_to`.
    """

    up_to: Amount | None = None
    is_in: tuple[str, ...] | None = None


class Indicator(Selection):
    """One measured thing. `none`: the source delivers and has nothing here; `silent`: it has never delivered.

    `wanted`: where there is nothing, that is said among what is missing, not only that the points were not reached.
    """

    title: Text
    part: Name
    group: Name
    measure: Measure
    unit: str | None = None
    weight: Annotated[tuple[Weight, ...], Field(min_length=1)]
    none: Worth
    silent: Worth
    wanted: Flag = False
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Veto(Selection):
    """While one such fact counts, the grade is the lowest, whatever the points."""

    title: Text
    reason: Text
    basis: Text


class Cap(Veto):
    """While one such fact counts, the grade is `at_most` this."""

    at_most: Text


class Ended(Selection):
    """A subject that is no longer in being is not graded; that is no judgement on it."""

    title: Text
    reason: Text


# ── the model ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Effective(Entry):
    since: Day
    until: Day | None = None


class Part(Entry):
    """A first-level part (一级指标) and the second-level groups under it."""

    title: Text
    groups: dict[Name, Text]


class Band(Entry):
    """A grade and the lowest score that earns it."""

    grade: Text
    title: Text
    since: Whole


class KnownFor(Entry):
    indicator: Name
    at_least: Whole


class ThinFile(Entry):
    """Too little is known to say anything: a class of its own, no low grade.

    Thin is a file in which fewer than `items_at_least` items tell of the subject, unless `known_for` holds and every
    list of 失信 the model reads has been delivered: years during which they said nothing bad are knowledge too. A file
    with 失信 on it is never thin.
    """

    grade: Text
    title: Text
    reason: Text
    items_at_least: Whole
    known_for: KnownFor | None = None


class Model(Entry):
    """A model for one kind of subject. `base` and the indicators' points together make `scale`.

    `fit` is there where it was fitted from outcomes. Where it is not, nothing of it is written out: digests of models
    frozen before stay what they were.
    """

    model: Name
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    title: Text
    kind: SubjectKind
    effective: Effective
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]
    scale: Whole
    base: Whole
    parts: dict[Name, Part]
    indicators: Annotated[dict[Name, Indicator], Field(min_length=1)]
    vetoes: dict[Name, Veto] = Field(default_factory=dict)
    caps: dict[Name, Cap] = Field(default_factory=dict)
    ended: dict[Name, Ended] = Field(default_factory=dict)
    grades: Annotated[tuple[Band, ...], Field(min_length=2)]  # best first
    thin_file: ThinFile
    note: str | None = None
    fit: Fit | None = None

    @model_serializer(mode="wrap")
    def _as_said(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = plain(self)
        if self.fit is None:
            said.pop("fit", None)
        return said

    def selections(self) -> Iterator[tuple[tuple[str, str], Selection]]:
        """Everything that reads facts, each with its place in the file."""
        for place in ("indicators", "vetoes", "caps", "ended"):
            named: dict[str, Selection] = getattr(self, place)
            for name, selection in named.items():
                yield (place, name), selection

    def limits(self) -> Iterator[tuple[str, Veto, int]]:
        """Vetoes and caps with the place of the best grade they leave, counted from the best."""
        for name, veto in self.vetoes.items():
            yield name, veto, len(self.grades) - 1
        order = [band.grade for band in self.grades]
        for name, cap in self.caps.items():
            yield name, cap, order.index(cap.at_most)

    def breach_items(self) -> list[str]:
        """The items whose rows may count as 失信 here, once each, by name."""
        return sorted({one.reads for _, one in self.selections() if one.nature is AdverseNature.BREACH})

    def weight_on(self, indicator: Indicator, on: date) -> Weight:
        """The weight in force on a day; the loader has seen to it that there is one from `effective.since` on."""
        return max((w for w in indicator.weight if w.since <= on), key=lambda w: w.since)


# ── a model bound to the catalogue it reads ──────────────────────────────────────────────────────────────────────────


class ReadField(Entry):
    """A field as the model needs it: its type, and its codes' titles where a value is shown.

    `several`: a fact may hold several codes there. Its text is then the list as PostgreSQL writes it: `["1", "2"]`.
    """

    title: Text
    type: FieldType
    several: bool = False
    titles: dict[str, str] = Field(default_factory=dict)


class ReadItem(Entry):
    """What the catalogue says of an item the model reads: frozen with the model, since grades depend on it."""

    title: Text
    adverse: Adverse
    classed: tuple[ClassedWhen, ...] = ()
    fields: dict[Name, ReadField]


class Bound(Entry):
    """A model and all it takes from the catalogue: enough to compile it and to explain its grades years later."""

    model: Model
    items: dict[Name, ReadItem]

    def field(self, item: str, name: str) -> ReadField:
        return self.items[item].fields[name]


def texts(bound: Bound) -> Iterator[str]:
    """Everything a page may say in the model's own words."""
    model = bound.model
    yield from (model.title, model.thin_file.title, model.thin_file.reason)
    yield from (f"{basis.document}{basis.clause or ''}" for basis in model.basis)
    yield from (text for part in model.parts.values() for text in (part.title, *part.groups.values()))
    yield from (band.title for band in model.grades)
    yield from (text for one in model.indicators.values() for text in _of_indicator(one))
    yield from (text for _, one, _ in model.limits() for text in (one.title, one.reason, one.basis))
    yield from (text for one in model.ended.values() for text in (one.title, one.reason))
    for item in bound.items.values():
        yield from (item.title, *(title for field in item.fields.values() for title in field.titles.values()))


def _of_indicator(one: Indicator) -> Iterator[str]:
    yield from (one.title, one.unit or "")
    yield from (worth.reason for worth in (one.none, one.silent, *one.steps))
