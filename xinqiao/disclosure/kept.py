"""Who still keeps what it was told, until when, and what it has attested."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from xinqiao.kernel.ids import InstitutionId, ReceiptNumber, SubjectId
from xinqiao.parties import queries as parties


class How(StrEnum):
    DELETED = "deleted"
    RETAINED = "retained"  # a law makes it keep it; it is used no more


class State(StrEnum):
    KEPT = "kept"  # within its term
    OVERDUE = "overdue"  # its term is over and nothing attested
    DELETED = "deleted"
    RETAINED = "retained"


@dataclass(frozen=True, slots=True)
class Kept:
    """One telling with a term. `until` is the last day it may be kept."""

    receipt: ReceiptNumber
    institution: InstitutionId
    institution_name: str
    subject_id: SubjectId
    kind: str
    told_at: datetime
    until: date
    state: State
    law: str = ""
    attested_at: datetime | None = None


# The term stands in the signed body and nowhere else, so that nobody can move it.
_UNTIL: Final = "((r.told_at AT TIME ZONE 'Asia/Shanghai')::date + (r.body::jsonb #>> '{basis,keep_days}')::integer)"
_SELECT: Final = f"""
SELECT * FROM (
    SELECT r.number, r.institution_id, r.subject_id, r.kind, r.told_at, {_UNTIL} AS until,
        d.how, d.law, d.at, (o.receipt_id IS NOT NULL) AS marked
    FROM disclosure_receipt r
    LEFT JOIN disclosure_disposal d ON d.receipt_id = r.number
    LEFT JOIN disclosure_overdue o ON o.receipt_id = r.number
    WHERE r.institution_id IS NOT NULL AND r.body::jsonb #>> '{{basis,keep_days}}' IS NOT NULL AND {{where}}
) kept WHERE until IS NOT NULL
"""
_OPEN: Final = (
    _SELECT.replace("{where}", "d.receipt_id IS NULL AND (%(of)s::text IS NULL OR r.institution_id = %(of)s)")
    + """ AND (%(before)s::date IS NULL OR until < %(before)s::date) AND NOT (%(unmarked)s AND marked)
ORDER BY until, number LIMIT %(size)s"""
)
_NAMED: Final = _SELECT.replace("{where}", "r.number = ANY(%(numbers)s)")
_OURS: Final = _SELECT.replace("{where}", "r.number = ANY(%(numbers)s) AND r.institution_id = %(of)s")
_OWN: Final = f"SELECT count(*) FROM ({_OURS}) own"


def outstanding(
    of: InstitutionId | None = None, *, ended_before: date | None = None, size: int, unmarked: bool = False
) -> list[Kept]:
    """What nobody has attested yet, the most urgent first; `of` one institution, `ended_before` only the overdue."""
    asked = {"of": of, "before": ended_before, "unmarked": unmarked, "size": size}
    return _read(_OPEN, asked, ended_before or date.min)


def of_receipts(numbers: Iterable[ReceiptNumber], on: date) -> dict[ReceiptNumber, Kept]:
    """How those of these tellings that have a term stand on a day."""
    return {one.receipt: one for one in _read(_NAMED, {"numbers": list(numbers)}, on)}


def with_term(numbers: Collection[ReceiptNumber], of: InstitutionId) -> int:
    """How many of these are tellings to this institution with a term; another's are looked up as nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"numbers": list(numbers), "of": of})
        return int(cursor.fetchone()[0])


def _read(sql: str, asked: dict[str, Any], on: date) -> list[Kept]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows = cursor.fetchall()
    names = {name: parties.institution(name).name for name in {row[1] for row in rows}}
    return [_kept(row, names[row[1]], on) for row in rows]


def _kept(row: tuple[Any, ...], name: str, on: date) -> Kept:
    number, institution, subject, kind, told_at, until, how, law, at, _ = row
    state = State(how) if how else State.OVERDUE if until < on else State.KEPT
    return Kept(
        ReceiptNumber(number),
        InstitutionId(institution),
        name,
        SubjectId(subject),
        kind,
        told_at,
        until,
        state,
        law or "",
        at,
    )
