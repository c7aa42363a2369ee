"""What the sources that keep their data themselves answer while a question is open (系统接口调用).

A question is decided before anybody is asked, and again when all have answered: a grant revoked meanwhile closes the
door, and what came back is told to nobody. A question repeated under its caller's key gets what was answered then.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing, values
from xinqiao.disclosure import calls, composing
from xinqiao.disclosure.breaking import Outcome
from xinqiao.disclosure.calls import Due, Wanted
from xinqiao.disclosure.composing import Json, Lines
from xinqiao.disclosure.door import Allowed
from xinqiao.disclosure.hops import Hop
from xinqiao.disclosure.models import Call
from xinqiao.disclosure.telling import instant
from xinqiao.intake import answers
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber, EventId, FactId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.subjects.queries import SubjectView
from xinqiao_verify.answers import SourceAnswer, read

RESTING: Final = "resting"
STATES: Final = {
    Outcome.ANSWERED.value: Saying("已回答"),
    Outcome.REFUSED.value: Saying("没有提供"),
    Outcome.SILENT.value: Saying("没有回答"),
    Outcome.UNFIT.value: Saying("回答有误，没有采用"),
    RESTING: Saying("连接有故障，暂停调用"),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came of one call: the moments it went out and came back by our clock, and the answer where there is one."""

    call: int
    source: str
    items: Sequence[str]
    outcome: Outcome
    sent_at: datetime | None
    arrived_at: datetime | None
    answer: SourceAnswer | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was asked live for one question: lines by item, the call that brought each, what is said of the sources.

    `rejected`: by call, how many rows were not fit to be told. `answered` has still to be written down.
    """

    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    sources: Sequence[Json] = ()
    rejected: Mapping[int, int] = field(default_factory=dict)
    answered: Sequence[tuple[Due, Hop]] = ()
    at: datetime | None = None  # when all had answered, or their time was up; None where nobody was asked now


NOTHING: Final = Heard()


def called_among(items: frozenset[str] | None, city: City) -> frozenset[str]:
    """Of what a question is about (None: of anything), what is not collected but asked for."""
    called = frozenset(item.item for item in city.whole_items() if item.called is not None)
    return called if items is None else called & items


def wanted(allowed: Allowed, items: frozenset[str], city: City) -> dict[str, dict[str, Wanted]]:
    """Source → item → what of it, as far as the reader may have it."""
    told = composing.asked(city, allowed.subject.kind, allowed.reader, only=items)
    return {source: {name: _wanted(told.items[name]) for name in names} for source, names in told.called.items()}


def _wanted(lines: Lines) -> Wanted:
    """No field is asked for that is not told, but for those without which a row cannot be judged."""
    entry = lines.plan.item
    fields = [name for name, one in entry.fields.items() if name in lines.plan.told_at_all or one.required]
    return Wanted(tuple(fields), lines.within)


def hear(due: Sequence[Due], resting: Mapping[str, Sequence[str]], about: SubjectView, now: datetime) -> Heard:
    """Ask them, wait, and judge what came back. Outside any transaction. Our moments are reckoned from `now`."""
    began, on = time.monotonic(), day_of(now)

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    answered = list(zip(due, calls.ask(due, clock), strict=True)) if due else []
    spoken = [
        Spoken(one.row.pk, one.row.source, one.row.items, hop.outcome, hop.sent_at, hop.arrived_at, hop.answer)
        for one, hop in answered
    ]
    return replace(_heard(spoken, resting, about, on), answered=answered, at=clock())


def heard_before(receipt: ReceiptNumber, about: SubjectView, on: date) -> Heard:
    """What was answered for a telling, while it is kept: the same question gets the same."""
    return _heard([_recalled(row, content) for row, content in calls.kept(receipt)], {}, about, on)


def _recalled(row: Call, content: str) -> Spoken:
    answer = read(content, calls.key_of(row), calls.digest_of(row)) if content else None
    return Spoken(row.pk, row.source, row.items, Outcome(row.outcome), row.sent_at, row.arrived_at, answer)


def _heard(
    spoken: Sequence[Spoken],
    resting: Mapping[str, Sequence[str]],
    about: SubjectView,
    on: date,
) -> Heard:
    facts: dict[str, Sequence[Fact]] = {}
    of_call: dict[str, int] = {}
    rejected: dict[int, int] = {}
    for one in spoken:
        for name in one.items:
            rows, unfit = _judged(one, name, about, on)
            facts[name], of_call[name] = rows, one.call
            rejected[one.call] = rejected.get(one.call, 0) + unfit
    told = [_told(one, rejected.get(one.call, 0)) for one in spoken]
    quiet = [_source(source, items, RESTING) for source, items in sorted(resting.items())]
    return Heard(facts, of_call, [*told, *quiet], rejected)


def _judged(one: Spoken, name: str, about: SubjectView, on: date) -> tuple[list[Fact], int]:
    if one.answer is None or one.answer.refused:
        return [], 0
    item = catalogue.city().item(name)
    judged = answers.judge(item, about.uscc, one.answer.rows.get(name, ()), on=on)
    return list(_lines(item, judged.rows, about.id, one.source, on)), judged.rejected


def _lines(item: Item, rows: pl.DataFrame, subject: SubjectId, source: str, on: date) -> Iterator[Fact]:
    """Rows as facts would hold them, without a number: nothing of them is kept."""
    if not rows.height:
        return
    chunk = values.chunk_of(rows.with_columns(pl.lit(int(subject), pl.Int64).alias("subject_id")), item)
    for place, line in enumerate(chunk.lines):
        yield Fact(
            id=FactId(0),
            subject_id=subject,
            item=item.item,
            provider=source,
            values=json.loads(chunk.opened[place]) | json.loads(chunk.sealed[place] or "{}"),
            valid_from=chunk.valid_from[place],
            valid_to=chunk.valid_to[place],
            delivery=DeliveryNumber(0),
            line=int(line),
            received_on=on,
            known_from=None,
            known_to=None,
            standing=Standing.GOOD,
            annotations=(),
            leaf_event=EventId(0),
            ordinal=0,
            shown_until=chunk.shown_until[place],
        )


def _told(one: Spoken, rejected: int) -> Json:
    """A source that was asked: whether it answered, and the four moments of the way there and back."""
    moments = {
        "sent_at": one.sent_at,
        "received_at": one.answer and one.answer.received_at,
        "answered_at": one.answer and one.answer.answered_at,
        "arrived_at": one.arrived_at,
    }
    asked = {name: at and instant(at) for name, at in moments.items()} | {"call": one.call, "rejected": rejected}
    return _source(one.source, one.items, one.outcome.value) | {"asked": asked}


def _source(source: str, items: Sequence[str], state: str) -> Json:
    entry = catalogue.city().sources.get(source)
    return {
        "source": source,
        "title": entry.names[-1].title if entry else source,
        "items": list(items),
        "state": state,
        "state_title": str(STATES[state]),
        "last_received_on": None,
        "never": [],
        "asked": None,
    }
