"""暂缓告知: a look that its business is shown later than it happens, on a statutory ground that the basis names.

Each is an event of its own and bears a number that runs through the whole city: how many there are is committed in the
log, and none is later said not to have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Max

from xinqiao.database import statements
from xinqiao.disclosure.models import Deferral
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of

_COUNTING: Final = "SELECT pg_advisory_xact_lock(hashtextextended('disclosure:deferral', 0))"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many looks there are that were shown later on this ground, and how many of them are not shown yet."""

    law: str
    looks: int
    waiting: int


def defer(number: ReceiptNumber, *, law: str, days: int, now: datetime) -> None:
    """Show the look later; call it in the transaction that tells."""
    _defer(number, law, day_of(now) + timedelta(days=days), now)


def as_those(number: ReceiptNumber, told: Sequence[ReceiptNumber], *, now: datetime) -> None:
    """A notice about tellings that are all still deferred is shown no earlier than the last of them: it would say that
    they were."""
    waiting = list(Deferral.objects.filter(pk__in=told, shown_at__isnull=True).order_by("until"))
    if told and len(waiting) == len(told):
        _defer(number, waiting[-1].law, waiting[-1].until, now)


def _defer(number: ReceiptNumber, law: str, until: date, now: datetime) -> None:
    statements.rows(_COUNTING)
    nth = (Deferral.objects.aggregate(last=Max("nth"))["last"] or 0) + 1
    row = Deferral.objects.create(receipt_id=number, law=law, until=until, nth=nth, deferred_at=now)
    log.append(Kind.LOOK_DEFERRED, now=now, about={"receipt": number, "nth": nth, "law": law}, rows=[state_of(row)])


def show_due(now: datetime) -> int:
    """Whatever has waited long enough is in its business's access log from now on; returns how many."""
    due = Deferral.objects.filter(shown_at__isnull=True, until__lt=day_of(now)).order_by("nth")
    return sum(_show(row, now) for row in due)


@transaction.atomic
def _show(due: Deferral, now: datetime) -> bool:
    row = Deferral.objects.select_for_update(of=("self",)).get(pk=due.pk)
    if row.shown_at is not None:
        return False
    row.shown_at = now
    row.save(update_fields=["shown_at"])
    log.append(Kind.LOOK_SHOWN, now=now, about={"receipt": row.pk, "nth": row.nth}, rows=[state_of(row)])
    return True


def counted() -> list[Counted]:
    """By ground: for everybody, since numbers name nobody."""
    rows = Deferral.objects.values("law").annotate(looks=Count("pk"), shown=Count("shown_at")).order_by("law")
    return [Counted(row["law"], row["looks"], row["looks"] - row["shown"]) for row in rows]
