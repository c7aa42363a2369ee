"""A held delivery waits for a word: it is right after all, or it was a mistake."""

from datetime import datetime

from django.db import transaction

from xinqiao import catalogue, store
from xinqiao.intake import acceptances, copies, gate, keeping, queries
from xinqiao.intake.errors import NotHeld
from xinqiao.intake.inspection import alone_with, workspace
from xinqiao.intake.models import Delivery
from xinqiao.intake.queries import DeliveryView
from xinqiao.intake.rules.states import Counts, State
from xinqiao.intake.settling import Settled, settle
from xinqiao.kernel.ids import DeliveryNumber, PersonId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind


def release(number: DeliveryNumber, *, because: str = "", by: PersonId | None, now: datetime) -> DeliveryView:
    """The list is right: its rows are taken up as if they had never been held. Outside transactions.

    For the operator or the source itself. Raises `UnknownDelivery`, `NotHeld`, `RowsGone`.
    """
    with alone_with(number), workspace(number) as folder, store.naming():
        delivery = _held(number)
        item = catalogue.city().item(delivery.item)
        settled = settle(item, copies.frames(delivery, "held"), folder, now=now)
        told = gate.Parts(folder, "warned")
        for frame in settled.warnings:
            told.add(frame)
        outputs = {
            "held": [],
            "accepted": copies.keep(settled.accepted),
            "unplaced": copies.keep(settled.unplaced),
            "findings": [*(delivery.outputs["findings"] or []), *copies.keep(told)],
        }
        with transaction.atomic():
            _take_up(number, settled, delivery.outputs | outputs, told.rows, because, by, now)
        return queries.delivery(number)


def withdraw(number: DeliveryNumber, *, because: str = "", by: PersonId | None, now: datetime) -> DeliveryView:
    """The list was a mistake: its rows stay out, and what was known before stands. Raises as `release`."""
    with alone_with(number), transaction.atomic():
        delivery = keeping.locked(number)
        if delivery.state != State.HELD:
            raise NotHeld(number)
        delivery.state = State.WITHDRAWN
        _settled(delivery, because, by, now)
        acceptances.say(Kind.DELIVERY_WITHDRAWN, delivery, now=now, about=keeping.about(delivery))
    return queries.delivery(number)


def _held(number: DeliveryNumber) -> Delivery:
    delivery = queries.row(number)
    if delivery.state != State.HELD:
        raise NotHeld(number)
    return delivery


def _take_up(
    number: DeliveryNumber,
    settled: Settled,
    outputs: dict[str, object],
    warned: int,
    because: str,
    by: PersonId | None,
    now: datetime,
) -> None:
    delivery = keeping.locked(number)
    if delivery.state != State.HELD:
        raise NotHeld(number)
    counts = Counts(
        delivered=delivery.delivered,
        rejected=delivery.rejected,
        accepted=settled.accepted.rows,
        unplaced=settled.unplaced.rows,
    )
    delivery.state, delivery.held = counts.state, 0
    delivery.accepted, delivery.unplaced = counts.accepted, counts.unplaced
    delivery.outputs, delivery.findings = outputs, delivery.findings + warned
    keeping.write_findings(number, settled.warnings, now)
    keeping.write_unplaced(number, settled.unplaced, now)
    rows = keeping.taken_up(delivery, now)
    delivery.taken_up_event = event = log.reserve_event_id()
    _settled(delivery, because, by, now)
    about = keeping.about(delivery)
    acceptances.say(Kind.DELIVERY_RELEASED, delivery, now=now, about=about, rows=rows, event_id=event)


def _settled(delivery: Delivery, because: str, by: PersonId | None, now: datetime) -> None:
    delivery.because, delivery.settled_by, delivery.settled_at = because, by, now
    delivery.save()
