"""查询: an institution is told one or a few named items of one business, line by line, without grade or summary.

What is open to everybody (公开公示) is open here too: a question about nothing else needs no grant, only the agreement
and a purpose of it (条例 §18). Any other item needs a grant that opens it. A row that is not open although its item is
(a slight penalty) is told under a grant only, to whoever names that grant; which rows those are is said either way.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.authorisation.rules import EVER, Range
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import SharingClass
from xinqiao.disclosure import composing, reading
from xinqiao.disclosure.answering import Answer, Question, answer
from xinqiao.disclosure.composing import Json, Lines
from xinqiao.disclosure.door import Allowed, Asked
from xinqiao.disclosure.errors import ScopeInvalid
from xinqiao.disclosure.live import Heard
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.telling import Content
from xinqiao.disclosure.writing import Frame, header, subject_json
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes

FORMAT: Final = "xinqiao-query/1"
MOST_ITEMS: Final = 20  # whoever wants more asks for the report
IN_ORDER: Final = frozenset({"items"})


def query(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    purpose: str,
    items: frozenset[str],
    now: datetime,
    client: str = "",
    on_behalf: str = "",
    grant: GrantId | None = None,
    range: Range = EVER,  # noqa: A002 — 数据时间范围
    key: str = "",
) -> Answer:
    """Tell an institution these items of one business; with `grant`, every one of them under that grant.

    Raises `NotAUscc`, `ScopeInvalid`, `NoSuchSubject` and as `answer`.
    """
    closed = _closed(items, catalogue.city())
    asked = Asked(
        asker,
        Uscc.parse(uscc),
        purpose,
        now,
        officer,
        client,
        on_behalf,
        items if grant is not None else closed,
        grant,
        range,
        open_only=grant is None and not closed,
    )
    compose = _Composer(items, range)
    return answer(
        Question(asked, compose, Kind.QUERY_TOLD, Kind.QUERY_REFUSED, tuple(sorted(items)), items=items), key=key
    )


def _closed(items: frozenset[str], city: City) -> frozenset[str]:
    """Those that need a grant. Raises `ScopeInvalid`."""
    if not 0 < len(items) <= MOST_ITEMS:
        raise ScopeInvalid(Saying("一次查询 1 至 {most} 个数据项", most=MOST_ITEMS))
    known = {item.item: item for item in city.whole_items()}
    if strange := sorted(items - known.keys()):
        raise ScopeInvalid(Saying("没有可以查询的数据项：{items}", items=strange))
    return frozenset(name for name in items if known[name].sharing.classed is not SharingClass.OPEN)


class _Composer:
    def __init__(self, items: frozenset[str], wished: Range) -> None:
        self._items, self._wished = items, wished

    def __call__(
        self, allowed: Allowed, now: datetime, *, again: AsRead | None, before: ReceiptNumber | None, heard: Heard
    ) -> Callable[[ReceiptNumber], Content]:
        city, day, subject = catalogue.city(), day_of(now), allowed.subject
        position = reading.place(again)
        told, wanting = composing.asked(city, subject.kind, allowed.reader, only=self._items), allowed.reader.withheld
        for lines in told.items.values():
            lines.within = self._wished.inside(lines.within)
            lines.beyond = lines.beyond if self._wished == EVER else None  # other days were not asked for
        told.changed, told.named = reading.changes(subject), reading.named(told, allowed.reader, now)
        composing.answer(told, reading.facts(subject, told, position, heard), city=city, on=day)
        frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
        body = {
            "subject": subject_json(subject, city),
            "range": _range(self._wished),
            "items": [item_told(lines) for lines in told.items.values()],
            "not_about": [named(name, city) for name in sorted(self._items - told.items.keys() - wanting)],
            "wants_consent": [named(name, city) for name in sorted(self._items & wanting)],
            "sources": reading.sources(told, day, city, again, heard),
        }
        return lambda number: Content(
            header(FORMAT, number, position, frame, city) | body, told.facts, tuple(told.items), IN_ORDER
        )


def _range(wished: Range) -> Json:
    days = {"since": wished.since, "until": wished.until}
    return {name: day and day.isoformat() for name, day in days.items()}


def item_told(lines: Lines) -> Json:
    """Its keys stand in canonical order."""
    opened = {"since": lines.within.since, "until": lines.within.until}
    told = composing.item_json(lines) | {
        "range": {name: day and day.isoformat() for name, day in opened.items()},
        "rows_withheld": composing.rows_withheld(lines.plan),
    }
    return {name: told[name] for name in sorted(told)}


def named(name: str, city: City) -> Json:
    return {"item": name, "title": city.item(name).title}
