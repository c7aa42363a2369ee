"""Reading intake: deliveries, their findings and rows, and how the sources keep their promises."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import polars as pl
from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from xinqiao import catalogue, keys
from xinqiao.catalogue.schema import Item
from xinqiao.database import statements
from xinqiao.intake import copies, health
from xinqiao.intake.errors import UnknownDelivery
from xinqiao.intake.health import Health, Timing
from xinqiao.intake.models import PURPOSE, Acceptance, Delivery, Finding, Placement, Progress
from xinqiao.intake.reading.blocks import LINE
from xinqiao.intake.rules.acceptance import FORMAT
from xinqiao.intake.rules.reasons import RAGGED, WARNINGS
from xinqiao.intake.rules.sayings import WHOLE_FILE, WHOLE_ROW
from xinqiao.intake.rules.states import IN_FORCE, State
from xinqiao.intake.settling import SUBJECT
from xinqiao.kernel.ids import DeliveryNumber, EventId, PersonId, Position, SubjectId
from xinqiao.kernel.sayings import Saying, recalled
from xinqiao.ledger import receipts
from xinqiao.parties.rules import Role, Scope
from xinqiao.subjects import matching

PAGE: Final = 50  # what a person looks through before they look for something
USCC: Final = "uscc"


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as it stands. Rows placed since count as accepted: the four always add up to `delivered`."""

    number: DeliveryNumber
    source: str
    item: str
    period: str
    mode: str
    state: State
    filename: str
    digest: str  # SHA-256 (hex) of the file as it was sent
    size: int
    received_at: datetime
    received_on: date  # the day of delivery, Asia/Shanghai
    received_by: PersonId | None
    replaces: DeliveryNumber | None
    judged_at: datetime | None
    delivered: int
    accepted: int
    rejected: int
    held: int
    unplaced: int
    refused: int
    findings: int
    told: Saying  # why the whole of it was held or went back
    because: str  # why it was released or withdrawn, in the words of whoever did

    @property
    def rows(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("delivered", "accepted", "rejected", "held", "unplaced")}


@dataclass(frozen=True, slots=True)
class FindingView:
    """A reason. `line` as a person counts it in the file, None for the file itself; `value` as it was sent."""

    line: int | None
    field: str
    title: str
    rule: str
    value: str | None
    saying: Saying
    rejects: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """What was found how often in one delivery, with the first row it was found in."""

    saying: Saying
    title: str
    rule: str
    rows: int
    line: int | None
    value: str | None
    rejects: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of findings, of `shown` kept for pages out of `all` found (the workbook has them all)."""

    findings: Sequence[FindingView]
    page: int
    pages: int
    shown: int
    all: int


def row(number: DeliveryNumber) -> Delivery:
    found = Delivery.objects.filter(pk=number).first()
    if found is None:
        raise UnknownDelivery
    return found


def delivery(number: DeliveryNumber, *, scope: Scope | None = None) -> DeliveryView:
    """Raises `UnknownDelivery`, for a delivery of another source too when a provider asks."""
    found = _counted(_within(Delivery.objects.filter(pk=number), scope)).first()
    if found is None:
        raise UnknownDelivery
    return _view(found)


def deliveries(scope: Scope, *, source: str = "", item: str = "", state: str = "", page: int = 1) -> list[DeliveryView]:
    """The newest first. A provider sees its own source's, an operator or inspector all, anybody else none."""
    rows = _within(Delivery.objects.all(), scope)
    named = {name: value for name, value in (("source", source), ("item", item), ("state", state)) if value}
    start = (max(page, 1) - 1) * PAGE
    return [_view(found) for found in _counted(rows.filter(**named).order_by("-pk"))[start : start + PAGE]]


def how_many(scope: Scope, *, state: State) -> int:
    """How many deliveries in a state somebody may see."""
    return _within(Delivery.objects.filter(state=state), scope).count()


def acceptance(number: DeliveryNumber, *, scope: Scope | None = None) -> dict[str, Any]:
    """The newest receipt of a delivery, as a file that `xinqiao verify` checks. Raises `UnknownDelivery` as `delivery`.

    Promised at once, proven a second later.
    """
    found = delivery(number, scope=scope)
    signed = Acceptance.objects.filter(delivery=found.number).latest("event")
    return receipts.file(FORMAT, signed.body, bytes(signed.signature), EventId(signed.event))


def _within(rows: QuerySet[Delivery], scope: Scope | None) -> QuerySet[Delivery]:
    if scope is None or scope.role in (Role.OPERATOR, Role.INSPECTOR):
        return rows
    return rows.filter(source=scope.source) if scope.source else rows.none()


def _counted(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    placed = Placement.objects.filter(delivery=OuterRef("pk")).order_by().values("delivery").annotate(n=Count("*"))
    return rows.annotate(placed=Coalesce(Subquery(placed.values("n")), 0))


def _view(found: Any) -> DeliveryView:
    plain = (
        "source",
        "item",
        "period",
        "mode",
        "filename",
        "digest",
        "size",
        "received_at",
        "received_on",
        "judged_at",
    )
    counts = ("delivered", "rejected", "held", "refused", "findings", "because")
    return DeliveryView(
        number=DeliveryNumber(found.pk),
        state=State(found.state),
        received_by=found.received_by,
        replaces=found.replaces_id,
        accepted=found.accepted + found.placed,
        unplaced=found.unplaced - found.placed,
        told=recalled(found.told, found.told_kept),
        **{name: getattr(found, name) for name in (*plain, *counts)},
    )


def progress(number: DeliveryNumber) -> tuple[int, int] | None:
    """Lines read and lines in all, or None before reading has begun."""
    found = Progress.objects.filter(pk=number).first()
    return None if found is None else (found.done, found.total)


def findings(number: DeliveryNumber, page: int = 1) -> Findings:
    """Findings in the order they were found: on the file, then by line as far as one block reaches."""
    found = row(number)
    rows = Finding.objects.filter(delivery=number).order_by("event", "ordinal")
    shown = rows.count()
    pages = max(1, -(-shown // PAGE))
    page = min(max(page, 1), pages)
    item = catalogue.city().items.get(found.item)
    part = [_finding(one, item) for one in rows[(page - 1) * PAGE : page * PAGE]]
    return Findings(part, page, pages, shown, found.findings)


def _finding(one: Finding, item: Item | None) -> FindingView:
    title = _title(one.field, one.rule, item)
    return FindingView(one.line, one.field, title, one.rule, _value(one), recalled(one.saying, one.kept), one.rejects)


def _value(one: Finding) -> str | None:
    if one.value is None:
        return None
    return keys.unseal(PURPOSE, f"{one.event}/{one.ordinal}", bytes(one.value)).decode()


def _title(field: str, rule: str, item: Item | None) -> str:
    known = item.fields.get(field) if item else None
    return known.title if known else WHOLE_ROW if rule == RAGGED else WHOLE_FILE


def reasons(number: DeliveryNumber) -> list[Reason]:
    """What was found in a delivery: what sends rows back first, then the most frequent."""
    found = row(number)
    item = catalogue.city().items.get(found.item)
    return [_reason(found, said, item) for said in found.reasons]


def _reason(delivery: Delivery, said: dict[str, Any], item: Item | None) -> Reason:
    """The value is looked up among the findings kept for pages; it may not be among them."""
    field, rule, line = said["field"] or "", said["rule"], said["line"]
    alike = Finding.objects.filter(delivery=delivery, field=field, rule=rule, line=line)
    first = alike.order_by("event", "ordinal").first()
    value = _value(first) if first is not None else None
    title = _title(field, rule, item)
    return Reason(recalled(said["saying"], said["kept"]), title, rule, said["rows"], line, value, rule not in WARNINGS)


# ── rows, for the credit file ────────────────────────────────────────────────────────────────────────────────────────


def accepted_frames(number: DeliveryNumber) -> Iterator[pl.DataFrame]:
    """Accepted rows, a part at a time: `line`, `subject_id`, `uscc` and every field of the item by name, typed.

    Without the rows placed later: `placed_frames` brings those. Raises `UnknownDelivery`, `RowsGone`.
    """
    found = row(number)
    item = catalogue.city().item(found.item)
    return (_with_code(item, frame) for frame in copies.frames(found, "accepted"))


def placed_frames(event: EventId) -> Iterator[pl.DataFrame]:
    """The rows that a ROWS_PLACED event gave their subjects, with the columns of `accepted_frames`."""
    placed = Placement.objects.filter(event=event).order_by("ordinal")
    number = placed.values_list("delivery", flat=True).first()
    if number is None:
        return
    found = row(DeliveryNumber(number))
    item = catalogue.city().item(found.item)
    rows = list(placed.values_list("line", "subject_id"))
    subjects = pl.DataFrame(rows, schema={LINE: pl.Int64, SUBJECT: pl.Int64}, orient="row")
    for frame in copies.frames(found, "unplaced"):
        joined = frame.join(subjects, on=LINE, how="inner", maintain_order="left")
        if joined.height:
            yield _with_code(item, joined.select(LINE, SUBJECT, pl.all().exclude(LINE, SUBJECT)))


def _with_code(item: Item, frame: pl.DataFrame) -> pl.DataFrame:
    if item.subject.field == USCC:
        return frame
    return frame.with_columns(pl.col(item.subject.field).alias(USCC))


def full_keys(number: DeliveryNumber) -> Iterator[pl.DataFrame]:
    """What a full delivery listed: `subject_id` and the key columns of every row whose key stands, rejected ones too.

    A row that was sent with a fault is listed all the same, and must not end what is known. Subjects nobody knows yet
    have no facts to end and are left out.
    """
    found = row(number)
    item = catalogue.city().item(found.item)
    for frame in copies.frames(found, "keys"):
        codes = frame[item.subject.field].drop_nulls().unique().to_list()
        ids = {str(code): int(subject) for code, subject in matching.place(codes).items()}
        subjects = frame[item.subject.field].replace_strict(ids, default=None, return_dtype=pl.Int64).alias(SUBJECT)
        yield frame.insert_column(0, subjects).filter(pl.col(SUBJECT).is_not_null())


def subjects_of(number: DeliveryNumber) -> set[SubjectId]:
    """Whom the accepted rows of a delivery are about."""
    return {SubjectId(s) for frame in accepted_frames(number) for s in frame[SUBJECT].unique().to_list()}


# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


NEWEST: Final = 120
_DELIVERED: Final = (
    "SELECT DISTINCT d.item FROM intake_delivery d JOIN ledger_position p ON p.event = d.taken_up_event"
    " WHERE p.position <= %s"
)


def items_delivered(at: Position) -> frozenset[str]:
    """The items of which a delivery had been taken up by a place in the log, replaced since or not: the source has
    spoken."""
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERED, [at])
        return frozenset(item for (item,) in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A delivery whose rows are in force, by the act that put them there."""

    event: EventId
    period: str


def taken_up(item: str) -> list[TakenUp]:
    """The newest deliveries of an item that are in force; a few years of monthly ones."""
    found = statements.rows(_TAKEN_UP, item, _IN_FORCE, NEWEST)
    return [TakenUp(EventId(event), period) for event, period in found]


_IN_FORCE: Final = [str(state) for state in IN_FORCE]
_TAKEN_UP: Final = """
SELECT taken_up_event, period FROM intake_delivery
 WHERE item = $1 AND state = ANY($2) AND taken_up_event IS NOT NULL ORDER BY id DESC LIMIT $3
"""


def source_health(scope: Scope, on: date) -> list[Health]:
    """For every item a source owes: what was due, what came last, how late it is and how good.

    A provider sees its own source, operators and inspectors all.
    """
    if scope.role not in (Role.OPERATOR, Role.INSPECTOR) and not scope.source:
        return []
    return [h for h in _health(on) if not scope.source or h.source == scope.source]


def health_of(asked: Mapping[str, Sequence[str]], on: date) -> list[Health]:
    """The same for some items of some sources, by source: what every answer says of those it asked."""
    pairs = [(source, item) for source, items in asked.items() for item in items]
    found = statements.rows(_NEWEST, [source for source, _ in pairs], [item for _, item in pairs], _HEARD)
    newest = {(source, item): _Newest(*last) for source, item, *last in found}
    digest = catalogue.city().digest
    return [_known(digest, source, item, newest.get((source, item)), on) for source, item in pairs]


class _Newest(NamedTuple):
    """The last delivery of a source's item, as far as its health goes."""

    number: int
    period: str
    received_on: date
    delivered: int
    rejected: int


@lru_cache(maxsize=4096)
def _known(_digest: str, source: str, item: str, last: _Newest | None, on: date) -> Health:
    """Worked out once for a delivery, a day and the city's files (their digest): the calendar has to be walked."""
    city = catalogue.city()
    return health.of_one(city, source, city.item(item), last, on)


_HEARD: Final = [*_IN_FORCE, str(State.HELD)]
_NEWEST: Final = """
SELECT asked.source, asked.item, d.id, d.period, d.received_on, d.delivered, d.rejected
  FROM unnest($1::text[], $2::text[]) AS asked (source, item)
 CROSS JOIN LATERAL (
       SELECT * FROM intake_delivery d
        WHERE d.source = asked.source AND d.item = asked.item AND d.state = ANY($3)
        ORDER BY d.id DESC LIMIT 1) d
"""


def silent_sources(on: date) -> list[Health]:
    """What nothing has come of yet, or nothing in time: a report must say so beside what it does not show."""
    return [h for h in _health(on) if h.timing in (Timing.NEVER, Timing.LATE)]


def source_states(on: date) -> dict[str, dict[str, str | None]]:
    """Every source's `state` (answered · stale · silent) and `last_received_on`, as reports tell them."""
    return health.by_source(_health(on))


def _health(on: date) -> list[Health]:
    city = catalogue.city()
    judged = _counted(Delivery.objects.filter(state__in=(*IN_FORCE, State.HELD))).order_by("source", "item", "-pk")
    newest = {(d.source, d.item): _view(d) for d in reversed(judged.distinct("source", "item"))}
    return health.of_all(city, newest, on)
