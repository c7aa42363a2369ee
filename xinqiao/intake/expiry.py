"""保存期限: every copy of what was sent has a term, and is erased when it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Q

from xinqiao import store
from xinqiao.intake import held, keeping
from xinqiao.intake.copies import Copy
from xinqiao.intake.keeping import FINDING, UNPLACED
from xinqiao.intake.models import Delivery
from xinqiao.intake.rules.states import State
from xinqiao.kernel.ids import DeliveryNumber, EventId
from xinqiao.ledger import log
from xinqiao.ledger.covering import chunk_key
from xinqiao.ledger.entries import ROWS_MAX
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

# The file as sent settles what was sent. Objections reach a source within days (条例 §41); half a year covers the
# slowest supply of missing data, and after that the log's digest still proves any copy the source brings.
RAW: Final = timedelta(days=180)
# A file that holds rows the law forbids to take in (条例 §13) may not be stored longer than it takes to tell its source
# and to look again should it protest: the rows themselves were never taken out of it.
RAW_WITH_REFUSED: Final = timedelta(days=7)
# What the source needs in order to correct: two quarters, the longest usual cadence but the yearly ones. The workbook
# that goes back is made of it whenever it is asked for; no copy of that is kept.
QUARANTINE: Final = timedelta(days=180)
# Typed rows on their way to the credit file: it has taken them up within minutes; a month allows for a rebuilt file.
TAKEN_UP: Final = timedelta(days=30)
# Registration and the departments' systems differ by months at most; a code unknown for a year is of another city.
UNPLACED_ROWS: Final = timedelta(days=365)
# A list nobody vouches for within a quarter is out of date.
HELD_ROWS: Final = timedelta(days=90)

_TERMS: Final[dict[timedelta, tuple[Copy, ...]]] = {
    QUARANTINE: ("rejected", "findings"),
    TAKEN_UP: ("accepted", "keys"),
    UNPLACED_ROWS: ("unplaced",),
    HELD_ROWS: ("held",),
}

_NAMED: Final = """
SELECT digest FROM intake_delivery WHERE raw_erased_at IS NULL
UNION SELECT digest FROM intake_keyset
UNION SELECT copy ->> 0 FROM intake_delivery, jsonb_path_query(outputs - 'sets', '$.*[*]') copy
UNION SELECT set_ ->> 1 FROM intake_delivery, jsonb_path_query(outputs -> 'sets', '$.*') set_
WHERE state = %s
"""


def expire(now: datetime) -> int:
    """Erase every copy whose term has ended; returns of how many deliveries something was erased. Outside transactions.

    A copy that another delivery shares (the same bytes) stays until its own term ends there. With them go the files
    nobody ever named: of a delivery that was refused, of a judgement that was cut short; what others keep stays.
    Raises `store.RoomBusy`.
    """
    for number in _never_released(now):
        held.withdraw(number, because="超过保存期限，未确认放行", by=None, now=now)
    erased = sum(_expire_of(number, now) for number in _due(now))
    store.clear()
    return erased


def _never_released(now: datetime) -> list[DeliveryNumber]:
    waiting = Delivery.objects.filter(state=State.HELD, judged_at__lt=now - HELD_ROWS).values_list("pk", flat=True)
    return [DeliveryNumber(pk) for pk in waiting]


def _due(now: datetime) -> list[DeliveryNumber]:
    """Deliveries old enough for the shortest term that still have a copy; each is then looked at closely."""
    shortest = min(RAW_WITH_REFUSED, *_TERMS)
    old = Delivery.objects.filter(settled_at__lt=now - shortest).exclude(state__in=(State.RECEIVED, State.HELD))
    return [DeliveryNumber(pk) for pk in old.filter(_something_left()).order_by("pk").values_list("pk", flat=True)]


def _something_left() -> Q:
    left = Q(raw_erased_at__isnull=True)
    for copies in _TERMS.values():
        for copy in copies:
            left |= Q(**{f"outputs__{copy}__0__isnull": False})
    return left


@transaction.atomic
def _expire_of(number: DeliveryNumber, now: datetime) -> bool:
    delivery = keeping.locked(number)
    age = now - (delivery.settled_at or now)
    ended = [copy for term, copies in _TERMS.items() if age > term for copy in copies if delivery.outputs.get(copy)]
    raw = delivery.raw_erased_at is None and age > (RAW_WITH_REFUSED if delivery.refused else RAW)
    if not ended and not raw:
        return False
    delivery.outputs |= dict.fromkeys(ended)
    if raw:
        delivery.raw_erased_at = now
    delivery.save()
    erased = [*(_rows_of(FINDING, number) if "findings" in ended else ())]
    erased += [*(_rows_of(UNPLACED, number) if "unplaced" in ended else ())]
    told: dict[str, JsonValue] = {"delivery": delivery.pk, "copies": [*map(str, ended), *(["raw"] if raw else [])]}
    log.append(Kind.COPIES_ERASED, now=now, about=told, rows=[state_of(delivery)])
    for start in range(0, len(erased), ROWS_MAX):
        log.append(Kind.COPIES_ERASED, now=now, about=told, rows=erased[start : start + ROWS_MAX])
    return True


def _rows_of(table: str, number: DeliveryNumber) -> Iterator[RowState]:
    """Remove a delivery's rows of a chunked table, saying of each that it was erased. Placed rows have left already."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE delivery_id = %s RETURNING event, ordinal", (number,))
        for event, ordinal in cursor.fetchall():
            yield RowState(table, chunk_key(EventId(event), ordinal), None)


def named() -> set[str]:
    """Every file some delivery or key set still keeps."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [State.HELD.value])
        return {digest for (digest,) in cursor.fetchall() if digest}
