"""A question asked again because its answer was lost on the way: the same report and receipt, and one look.

No copy of a report is kept for it. The question under a caller's key is remembered for a week by keyed marks, with the
receipt that answered it and what it was read from. Asked again it is decided again, composed again as of then for the
day it was told on, and given again only if the text comes out as it was signed and all of it may still be told today;
else it is a new look.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import connection

from xinqiao import keys
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure.canonical import canonical, report_text
from xinqiao.disclosure.errors import KeyReused
from xinqiao.disclosure.models import Receipt, Repeat
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.rules import NEVER_TOLD
from xinqiao.disclosure.telling import Content, Told
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, FactId, Position, ReceiptNumber
from xinqiao.ledger import queries as ledger

KEPT: Final = timedelta(days=7)  # over a long weekend, for a queue that stood still
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

    def about(self, code: str) -> "Asking":
        """Its part about one business, where it is about several: each is answered, and answered again, by itself."""
        return Asking(keys.mark("repeat-key", self.key + code.encode()), self.question)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What answered it before: the receipt, and what the report was read from."""

    receipt: Receipt
    as_read: AsRead


def asking(client: str, key: str, *question: object) -> Asking:
    """`question` is everything that was asked, JSON-ready."""
    return Asking(
        key=keys.mark("repeat-key", canonical([client, key]).encode()),
        question=keys.mark("repeat-question", canonical(list(question)).encode()),
    )


def hold(one: Asking, now: datetime) -> Repeat | None:
    """The key is this question's until the transaction that tells ends: two at once come one after the other.

    Raises `KeyReused` where it was another question's.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"disclosure:repeat:{one.key.hex()}"])
    row = Repeat.objects.select_related("receipt").filter(key=one.key, expires_at__gt=now).first()
    if row is not None and bytes(row.question) != one.question:
        raise KeyReused
    return row


def earlier(one: Asking, now: datetime) -> Earlier | None:
    """What this question was answered with before, if it was and if all of that may still be told today.

    Raises as `hold`.
    """
    row = hold(one, now)
    if row is None or not _still_told(row.receipt, now):
        return None
    grade = None if row.grade is None else EventId(row.grade)
    return Earlier(row.receipt, AsRead(Position(row.position), grade, json.loads(row.sources)))


def _still_told(receipt: Receipt, now: datetime) -> bool:
    """None of its facts has run out, been repaired or been erased since: not even its reader is told those again."""
    facts = [FactId(fact) for fact in receipt.facts]
    standings = creditfile.standings_now(facts, day_of(now))
    return all(fact in standings and standings[fact] not in NEVER_TOLD for fact in facts)


def again(before: Earlier, compose: Callable[[ReceiptNumber], Content]) -> Told | None:
    """The same telling once more, if composing it comes to the text that was signed; None where it does not."""
    number = ReceiptNumber(before.receipt.pk)
    content = compose(number)
    text = report_text(content.report, content.in_order)
    if sha256(text.encode()).hexdigest() != before.receipt.report_digest:
        return None
    entry = ledger.event(EventId(before.receipt.event)).body
    return Told(number, content.report, text, before.receipt, entry)


def _graded_by(report: Mapping[str, Any]) -> int | None:
    """The act that gave the grade it tells; a query and a verification tell none."""
    grade = report.get("grade")
    return None if grade is None else int(grade["event"])


def remember(one: Asking, told: Told, now: datetime) -> None:
    """For a week; a few that are over go with each new one."""
    report = told.report
    Repeat.objects.update_or_create(
        key=one.key,
        defaults={
            "question": one.question,
            "receipt": told.receipt,
            "position": report["data_as_of"]["position"],
            "grade": _graded_by(report),
            "sources": json.dumps(report["sources"], ensure_ascii=False),
            "expires_at": now + KEPT,
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [now, SWEPT_AT_ONCE])
