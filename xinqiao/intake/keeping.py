"""Writing a verdict down: one transaction in which a delivery, its findings, its waiting rows and the log change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

import polars as pl
from django.db import connection

from xinqiao import catalogue, keys
from xinqiao.intake import acceptances, keysets
from xinqiao.intake.gate import Parts
from xinqiao.intake.models import PURPOSE, Delivery
from xinqiao.intake.reading.blocks import LINE
from xinqiao.intake.rules.reasons import WARNINGS
from xinqiao.intake.rules.states import IN_FORCE, Counts, State
from xinqiao.intake.settling import Settled
from xinqiao.kernel.ids import DeliveryNumber, EventId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import digests, log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

# Findings in the database, for pages: nobody leafs through more, and the workbook that goes back has all of them.
FINDINGS_SHOWN: Final = 5_000
# Rows one event answers for: their leaves (32 bytes each) are kept beside it.
CHUNK: Final = 10_000
FINDING, UNPLACED, PLACEMENT = "intake_finding", "intake_unplaced", "intake_placement"


@dataclass(slots=True)
class Verdict:
    """What is to be written down about a delivery, all of it already on disk."""

    state: State
    counts: Counts
    told: Saying | None = None  # on the whole file
    refused: int = 0
    header: tuple[str, ...] = ()
    encoding: str = ""
    findings: list[pl.DataFrame] = field(default_factory=list)  # the first of them, for pages
    found: int = 0
    reasons: list[dict[str, str | int | None]] = field(default_factory=list)
    outputs: dict[str, list[list[int | str]]] = field(default_factory=dict)
    sets: dict[str, tuple[int, str]] = field(default_factory=dict)  # key sets by scope: count and digest
    settled: Settled | None = None


def judged(number: DeliveryNumber, verdict: Verdict, *, now: datetime) -> None:
    """Inside a transaction. A delivery that is judged already stays as it is."""
    delivery = locked(number)
    if delivery.state != State.RECEIVED:
        return
    counts = verdict.counts
    delivery.state = _state(delivery, verdict)
    delivery.judged_at = delivery.settled_at = now
    delivery.catalogue = catalogue.city().digest
    delivery.encoding, delivery.header = verdict.encoding, list(verdict.header)
    delivery.delivered, delivery.accepted, delivery.rejected = counts.delivered, counts.accepted, counts.rejected
    delivery.held, delivery.unplaced, delivery.refused = counts.held, counts.unplaced, verdict.refused
    delivery.findings, delivery.reasons = verdict.found, verdict.reasons
    if verdict.told is not None:
        delivery.told, delivery.told_kept = str(verdict.told), verdict.told.kept()
    delivery.outputs = verdict.outputs | {"sets": {s: list(pair) for s, pair in verdict.sets.items()}}
    write_findings(number, verdict.findings, now)
    if verdict.settled is not None:
        write_unplaced(number, verdict.settled.unplaced, now)
    rows = taken_up(delivery, now) if delivery.state in IN_FORCE else []
    event = log.reserve_event_id()  # now: the log's order is that of the ids, and what this replaces ends first
    delivery.taken_up_event = event if delivery.state in IN_FORCE else None
    delivery.save()
    acceptances.say(Kind.DELIVERY_JUDGED, delivery, now=now, about=about(delivery), rows=rows, event_id=event)


def locked(number: DeliveryNumber) -> Delivery:
    """The delivery, and its period with it: whatever replaces it waits, or is seen."""
    delivery = Delivery.objects.get(pk=number)
    one_at_a_time(delivery.source, delivery.item, delivery.period)
    return Delivery.objects.select_for_update().get(pk=number)


def one_at_a_time(source: str, item: str, period: str) -> None:
    """Inside a transaction: what happens to one source's item and period happens one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"intake:{source}:{item}:{period}",))


def _state(delivery: Delivery, verdict: Verdict) -> State:
    """As the verdict says, unless a delivery that replaces this one was taken up while it was being read."""
    newer = Delivery.objects.filter(
        source=delivery.source, item=delivery.item, period=delivery.period, pk__gt=delivery.pk, state__in=IN_FORCE
    )
    return State.REPLACED if newer.exists() else verdict.state


def about(delivery: Delivery) -> dict[str, str | int]:
    """What the log says of a delivery: ids, words of the catalogue and counts."""
    said = ("source", "item", "period", "mode", "state")
    counts = ("delivered", "accepted", "rejected", "held", "unplaced", "findings")
    return {"delivery": delivery.pk} | {name: getattr(delivery, name) for name in (*said, *counts)}


def taken_up(delivery: Delivery, now: datetime) -> list[RowState]:
    """What follows from a delivery coming into force: others of its period end, its key sets are the current ones.

    Their end is said first: whoever follows the log ends their facts before it stores the new ones.
    """
    others = Delivery.objects.select_for_update().filter(
        source=delivery.source, item=delivery.item, period=delivery.period, pk__lt=delivery.pk
    )
    for other in others.exclude(state__in=(State.REPLACED, State.RECEIVED)).order_by("pk"):
        _replace(other, delivery, now)
    sets = delivery.outputs.get("sets") or {}
    return keysets.adopt(delivery, {scope: (count, digest) for scope, (count, digest) in sets.items()})


def _replace(other: Delivery, by: Delivery, now: datetime) -> None:
    other.state = State.REPLACED
    other.settled_at = now
    other.save(update_fields=["state", "settled_at"])
    told: dict[str, JsonValue] = {
        "delivery": other.pk,
        "by": by.pk,
        "source": other.source,
        "item": other.item,
        "period": other.period,
    }
    acceptances.say(Kind.DELIVERY_REPLACED, other, now=now, about=told)


def write_findings(number: DeliveryNumber, frames: Sequence[pl.DataFrame], now: datetime) -> None:
    """The first findings of a delivery, their values sealed: a cell may hold what only its source may see."""
    rows = [row for frame in frames for row in frame.rows()][:FINDINGS_SHOWN]
    if not rows:
        return
    event, digest, leaves = log.reserve_event_id(), digests.digester(), []
    sealed = keys.seal_many(PURPOSE, [(f"{event}/{n}", (row[3] or "").encode()) for n, row in enumerate(rows)])
    columns = "delivery_id, line, field, rule, value, saying, kept, rejects, event, ordinal"
    with connection.cursor() as cursor, cursor.copy(f"COPY {FINDING} ({columns}) FROM STDIN") as copy:
        for n, ((line, field, rule, value, saying, kept), seal) in enumerate(zip(rows, sealed, strict=True)):
            sent = None if value is None else seal
            said = finding_columns(number, line, field or "", rule, sent, (saying, kept), rule not in WARNINGS)
            leaves.append(digest(FINDING, f"{event}/{n}", said))
            copy.write_row((*said.values(), event, n))
    told = {"delivery": number, "count": len(rows)}
    log.append_chunk(Kind.FINDINGS_KEPT, now=now, about=told, table=FINDING, leaves=leaves, event_id=event)


def finding_columns(
    delivery: int,
    line: int | None,
    field: str,
    rule: str,
    value: bytes | None,
    saying: tuple[str, str],
    rejects: bool,
) -> dict[str, object]:
    """Everything about a finding that the log answers for, by column."""
    return {
        "delivery_id": delivery,
        "line": line,
        "field": field,
        "rule": rule,
        "value": value,
        "saying": saying[0],
        "kept": saying[1],
        "rejects": rejects,
    }


def write_unplaced(number: DeliveryNumber, parts: Parts, now: datetime) -> None:
    """Which lines wait, and for which code."""
    field = catalogue.city().item(Delivery.objects.get(pk=number).item).subject.field
    for frame in parts.frames([LINE, field]):
        for part in frame.iter_slices(CHUNK):
            rows = [{"delivery_id": int(number), "line": line, "uscc": uscc} for line, uscc in part.rows()]
            _chunk(Kind.ROWS_UNPLACED, UNPLACED, rows, {"delivery": int(number), "count": len(rows)}, now)


def write_placements(
    number: DeliveryNumber, rows: Sequence[tuple[int, int]], about: dict[str, str | int], now: datetime
) -> EventId:
    """Lines and the subjects they found."""
    columns = [{"delivery_id": int(number), "line": line, "subject_id": subject} for line, subject in rows]
    return _chunk(Kind.ROWS_PLACED, PLACEMENT, columns, about, now)


def _chunk(
    kind: Kind, table: str, rows: Sequence[Mapping[str, object]], about: dict[str, str | int], now: datetime
) -> EventId:
    event, digest, leaves = log.reserve_event_id(), digests.digester(), []
    columns = ", ".join(rows[0])
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}, event, ordinal) FROM STDIN") as copy:
        for n, row in enumerate(rows):
            leaves.append(digest(table, f"{event}/{n}", row))
            copy.write_row((*row.values(), event, n))
    return log.append_chunk(kind, now=now, about=about, table=table, leaves=leaves, event_id=event)
