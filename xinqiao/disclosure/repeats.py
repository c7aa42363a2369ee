"""A question asked again because its answer was lost on the way: the same report and receipt, and one look.

No copy of a report is kept for it. The question under a caller's key is remembered by keyed marks, with the receipt
that answered it and the place in the log it was read at. Asked again it is decided again, read again at that place, and
given again only if the text comes out as it was signed; where anything in it has changed, it is a new look.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import connection

from xinqiao import keys
from xinqiao.authorisation.rules import day_of, end_of
from xinqiao.disclosure.canonical import canonical, report_text
from xinqiao.disclosure.errors import KeyReused
from xinqiao.disclosure.models import Receipt, Repeat
from xinqiao.disclosure.telling import Content, Told
from xinqiao.kernel.ids import Position, ReceiptNumber

SWEPT_AT_ONCE: Final = 20
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SWEEP: Final = (
    "DELETE FROM disclosure_repeat WHERE key IN (SELECT key FROM disclosure_repeat WHERE expires_at < %s LIMIT %s)"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question under its caller's key, as marks."""

    key: bytes
    question: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """What answered it before: the receipt, and the place in the log it was read at."""

    receipt: Receipt
    position: Position


def asking(client: str, key: str, *question: object) -> Asking:
    """`question` is everything that was asked, JSON-ready."""
    return Asking(
        key=keys.mark("repeat-key", canonical([client, key]).encode()),
        question=keys.mark("repeat-question", canonical(list(question)).encode()),
    )


def earlier(one: Asking, now: datetime) -> Earlier | None:
    """What this question was answered with before, if it was; two at once come one after the other.

    Inside the transaction that tells. Raises `KeyReused` where the key was another question's.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"disclosure:repeat:{one.key.hex()}"])
    row = Repeat.objects.select_related("receipt").filter(key=one.key, expires_at__gt=now).first()
    if row is None:
        return None
    if bytes(row.question) != one.question:
        raise KeyReused
    return Earlier(row.receipt, Position(row.position))


def again(before: Earlier, compose: Callable[[ReceiptNumber], Content]) -> Told | None:
    """The same telling once more, if composing it comes to the text that was signed; None where it does not."""
    number = ReceiptNumber(before.receipt.pk)
    content = compose(number)
    text = report_text(content.report, content.in_order)
    if sha256(text.encode()).hexdigest() != before.receipt.report_digest:
        return None
    return Told(number, content.report, text, before.receipt)


def remember(one: Asking, told: Told, now: datetime) -> None:
    """To the end of the city's day, for what may be told turns on the day; a few that are over go with each new one."""
    position = told.report["data_as_of"]["position"]
    Repeat.objects.update_or_create(
        key=one.key,
        defaults={
            "question": one.question,
            "receipt": told.receipt,
            "position": position,
            "expires_at": end_of(day_of(now)),
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [now, SWEPT_AT_ONCE])
