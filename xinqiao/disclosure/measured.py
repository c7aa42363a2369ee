"""Indicators of one business as one reader may be told them: measured from what that reader may see, and no more.

A value is told by its band alone. What is not known says why: the source was silent, the grant opens too few days, a
natural person has not consented; never nought.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Item, SharingClass
from xinqiao.creditfile.queries import Fact
from xinqiao.disclosure import composing, reading
from xinqiao.disclosure.composing import Contents, Json
from xinqiao.disclosure.live import NOTHING, Heard
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.rules import Reader
from xinqiao.evaluation import fact_frames, indicator_span, indicators
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.evaluation.indicator_language import CataloguedIndicator, Type
from xinqiao.evaluation.indicators import Known, Reading, State, band
from xinqiao.kernel.ids import FactId, Position
from xinqiao.kernel.sayings import Saying
from xinqiao.subjects.queries import SubjectView

UNIT: Final = Decimal(1)


class Because(StrEnum):
    """Why it is not known."""

    NOT_APPLICABLE = "not-applicable"  # the item is not about businesses of this kind
    GRANT = "grant-missing"  # no grant opens the item
    PERSON = "person-consent-missing"  # a natural person has to consent separately (条例 §46)
    RANGE = "range-too-short"  # the grant opens fewer days than it takes
    SILENT = "source-silent"
    STALE = "source-stale"
    INCOMPLETE = "incomplete"  # a month is missing, or there is nothing to compare with


WHY: Final = {
    Because.NOT_APPLICABLE: Saying("这一项与这类主体无关"),
    Because.GRANT: Saying("没有授权查询这一项所依据的信息"),
    Because.PERSON: Saying("这一项要本人单独同意，还没有同意"),
    Because.RANGE: Saying("授权的时间范围不够算这一项"),
    Because.SILENT: Saying("来源还没有提供过"),
    Because.STALE: Saying("来源逾期没有更新，或者刚刚报来、还没有入档"),
    Because.INCOMPLETE: Saying("缺了月份，或者没有可比的数"),
}
_OF_STATE: Final = {
    State.SILENT: Because.SILENT,
    State.STALE: Because.STALE,
    State.INCOMPLETE: Because.INCOMPLETE,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One indicator: what was read, or why it is not known. Facts by the numbers the file has them under."""

    reading: Reading | None
    because: Because | None = None
    notes: tuple[Json, ...] = ()  # what somebody entitled to it wrote beside the facts behind it

    @property
    def applies(self) -> bool:
        """Whether it is about businesses of this kind at all."""
        return self.because is not Because.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was asked for. `sources` say how each has answered, `withheld` which rows were kept back, by item."""

    found: Mapping[str, Found]
    items: tuple[str, ...]
    sources: Sequence[Json]
    withheld: tuple[Json, ...]
    position: Position

    @property
    def rests_on(self) -> list[FactId]:
        """The facts behind all of it, so that a correction finds whoever was told."""
        return sorted({fact for one in self.found.values() if one.reading for fact in one.reading.facts})


def measured(
    names: Sequence[str],
    catalogued: Indicators,
    subject: SubjectView,
    reader: Reader,
    *,
    city: City,
    on: date,
    again: AsRead | None = None,
    heard: Heard = NOTHING,
) -> Measured:
    """These indicators of a business, from what this reader may see of it on this day."""
    items = tuple(sorted({catalogued.catalogue.indicators[name].reads for name in names}))
    position = reading.place(again)
    told = opened(city, subject, reader, items)
    facts = _in_order(composing.visible(told, reading.facts(subject, told, position, heard), on), on)
    sources = reading.sources(told, on, city, again, heard)
    known = _known(told, facts, sources, on, city)
    [readings] = indicators.measure(catalogued.catalogue, names, [subject.id], known).values()
    found = {
        name: _found(catalogued.catalogue.indicators[name], one, told, reader, known, facts)
        for name, one in readings.items()
    }
    withheld = tuple(_withheld(told))
    return Measured(found, items, sources, withheld, position)


def opened(city: City, subject: SubjectView, reader: Reader, items: Collection[str]) -> Contents:
    """What may be read of these items: of open ones what is open to everybody, whoever asks, so that no grant makes
    another number of them; of the others what is opened to this reader."""
    if reader.own:
        return composing.asked(city, subject.kind, reader, only=items)
    public = {name for name in items if city.item(name).sharing.classed is SharingClass.OPEN}
    told = composing.asked(city, subject.kind, Reader(), only=public)
    others = composing.asked(city, subject.kind, reader, only=set(items) - public)
    told.items |= others.items
    told.closed += others.closed
    for mine, theirs in ((told.sources, others.sources), (told.called, others.called)):
        for source, of in theirs.items():
            mine.setdefault(source, []).extend(of)
    return told


def _in_order(visible: Iterable[tuple[Any, Any, Fact]], on: date) -> list[Fact]:
    """By item; a fact's place in the list is the number it is measured under, since what was asked for live has none.

    What has run out is not counted even where its own business still sees it.
    """
    standing = (fact for _, _, fact in visible if fact.shown_until is None or on <= fact.shown_until)
    return sorted(standing, key=lambda fact: fact.item)


def _known(told: Contents, facts: Sequence[Fact], sources: Sequence[Json], on: date, city: City) -> Known:
    states = reading.item_states(told, on, sources)
    heard = {name: reading.item_heard(city.item(name), states.get(name, ())) for name in told.items}
    frames, first = {}, 0
    for name, some in groupby(facts, key=lambda fact: fact.item):
        of_item = list(some)
        frames[name] = fact_frames.frame(city.item(name), of_item, first)
        first += len(of_item)
    newest = {name: max(months) for name, one in heard.items() if (months := _months(city.item(name), one.months, on))}
    return Known(on, frames, {name: one.how for name, one in heard.items()}, newest)


def _months(item: Item, periods: Iterable[str], on: date) -> list[str]:
    """The months delivered, none in the future; an item that is delivered by the day says nothing of months."""
    current = on.strftime("%Y-%m")
    return [period for period in periods if item.delivery.period == "month" and period <= current]


def _withheld(told: Contents) -> Iterator[Json]:
    for name, lines in told.items.items():
        if not lines.plan.own and (rows := composing.rows_withheld(lines.plan)):
            yield {"item": name, "title": lines.plan.item.title, "rows": rows}


def _found(
    one: CataloguedIndicator,
    read: Reading,
    told: Contents,
    reader: Reader,
    known: Known,
    facts: Sequence[Fact],
) -> Found:
    if one.reads not in told.items:
        closed = {each["item"] for each in told.closed}
        person = one.reads in reader.withheld
        return Found(
            None, Because.PERSON if person else Because.GRANT if one.reads in closed else Because.NOT_APPLICABLE
        )
    within = told.items[one.reads].within
    if not indicator_span.answered_within(one, read, within.since, within.until, known):
        return Found(None, Because.RANGE)
    numbered = _numbered(read, facts)
    behind = [facts[place] for place in read.facts]
    notes = tuple(composing.note_json(note) for fact in behind for note in fact.annotations)
    return Found(numbered, _OF_STATE.get(read.state), notes)


def _numbered(read: Reading, facts: Sequence[Fact]) -> Reading:
    """With the numbers of the file in place of places; what was asked for live has none."""
    apart = None if read.without is None else _numbered(read.without, facts)
    return replace(read, facts=_ids(read.facts, facts), disputed=_ids(read.disputed, facts), without=apart)


def _ids(places: Iterable[int], facts: Sequence[Fact]) -> tuple[FactId, ...]:
    return tuple(facts[place].id for place in places if facts[place].id)


# ── as it is told ────────────────────────────────────────────────────────────────────────────────────────────────────


def told_of(name: str, one: Found, catalogued: Indicators, city: City) -> Json:
    """JSON-ready: what it is, and what it comes to."""
    entry = catalogued.catalogue.indicators[name]
    item = city.item(entry.reads)
    read = None if one.because is not None else one.reading
    return {
        "indicator": name,
        "code": entry.code,
        "version": catalogued.groups[catalogued.group_of[name]].version,
        "title": entry.title,
        "item": entry.reads,
        "item_title": item.title,
        "type": entry.type.value,
        "unit": entry.unit,
        "polarity": entry.polarity.value,
        "known": read is not None,
        "unknown_because": one.because and one.because.value,
        "unknown_title": one.because and str(WHY[one.because]),
        **_value(entry, read, item, city),
        "as_of": _as_of(read, item),
        "disputed": bool(read and read.disputed),
        "without_disputed": _value(entry, read.without, item, city) if read and read.without else None,
        "annotations": list(one.notes),
    }


def _value(entry: CataloguedIndicator, read: Reading | None, item: Item, city: City) -> Json:
    """A flag as yes or no, a code with its words, a number by its band; a band of one whole number is that number."""
    value = None if read is None or not read.known else read.value
    told = band(entry, value)
    whole = told is not None and told.high - told.low == UNIT and entry.type is not Type.MONEY
    said: Any = None
    match entry.type:
        case Type.FLAG:
            said = None if value is None else bool(value)
        case Type.CODE:
            said = value
        case _:
            said = int(told.low) if whole and told is not None else None
    return {
        "value": said,
        "value_title": _title(entry, value, item, city),
        "band": None if told is None else {"at_least": str(told.low), "below": str(told.high)},
    }


def _title(entry: CataloguedIndicator, value: Any, item: Item, city: City) -> str | None:
    if entry.type is not Type.CODE or value is None:
        return None
    codes = city.codes.get(item.fields[getattr(entry.measure, "field")].codes or "")  # noqa: B009 — a code has one
    known = codes.values.get(str(value)) if codes is not None else None
    return known.title if known is not None else None


def _as_of(read: Reading | None, item: Item) -> str | None:
    """The day of the newest fact; of what is secret no more than its month."""
    if read is None or read.newest is None:
        return None
    day = read.newest.isoformat()
    return day[: len("2026-11")] if item.sharing.classed is SharingClass.SECRET else day
