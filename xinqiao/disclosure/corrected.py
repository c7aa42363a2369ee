"""Reading correction notices: an institution its own, and who was told of one line."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from xinqiao.disclosure.models import Correction
from xinqiao.disclosure.queries import hidden
from xinqiao.kernel.ids import FactId, InstitutionId, Position, ReceiptNumber

PAGE: Final = 50
_PLACED: Final = """
SELECT p.position, c.receipt_id, c.text FROM disclosure_correction c
JOIN disclosure_receipt r ON r.number = c.receipt_id JOIN ledger_position p ON p.event = r.event
WHERE c.institution_id = %s AND p.position > %s ORDER BY p.position LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction notice as it was told. `position` is its place in the log: read on from there, none is missed."""

    receipt: ReceiptNumber
    said: Mapping[str, Any]
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One institution was told that a line was wrong."""

    receipt: ReceiptNumber
    institution: InstitutionId
    institution_name: str
    at: datetime


def after(institution: InstitutionId, position: int, size: int = PAGE) -> list[Notice]:
    """An institution's notices in the order of the log, from after a position (-1: from the first).

    One gets its place within a second; none ever gets one before a place that was read already.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACED, [institution, position, size])
        return [Notice(ReceiptNumber(n), json.loads(text), Position(at)) for at, n, text in cursor.fetchall()]


def newest(institution: InstitutionId, *, before: ReceiptNumber | None = None, size: int = PAGE) -> list[Notice]:
    """The same for a person: the newest first, the one told a moment ago included."""
    rows = Correction.objects.filter(institution_id=institution)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return [Notice(ReceiptNumber(row.pk), json.loads(row.text)) for row in rows.order_by("-pk")[:size]]


def told_of(facts: Collection[FactId]) -> list[Told]:
    """Which institutions were told that any of these facts was wrong, in order; but those whose looks are shown to the
    business later."""
    rows = Correction.objects.filter(facts__overlap=list(facts)).select_related("receipt", "institution")
    rows = rows.exclude(pk__in=hidden())
    return [
        Told(ReceiptNumber(row.pk), InstitutionId(row.institution_id), row.institution.name, row.receipt.told_at)
        for row in rows.order_by("pk")
    ]
