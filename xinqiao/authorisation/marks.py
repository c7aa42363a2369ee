"""要留意的查看: looks without a case, after a refusal, unusually broad; and who was looked at and never lent to.

Nothing is stopped by a mark: it is there to be seen, by the operator for every institution and by each for itself. What
is unusually broad is reckoned anew at each reading, against the looks up to then; the other marks stand with the use.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from xinqiao.authorisation import paper_queries, safeguards
from xinqiao.authorisation.breadth import Usual, unusually_broad, usual
from xinqiao.authorisation.uses import AFTER_REFUSAL, WITHOUT_CASE
from xinqiao.kernel.ids import InstitutionId, ReceiptNumber, SubjectId
from xinqiao.parties import queries as parties

PAGE: Final = 50


class Mark(StrEnum):
    WITHOUT_CASE = WITHOUT_CASE
    AFTER_REFUSAL = AFTER_REFUSAL
    BROAD = "broad"


@dataclass(frozen=True, slots=True)
class MarkedLook:
    """One look that stands out, and why. `opened` items, where `usual` many are usual for this purpose."""

    receipt: ReceiptNumber
    subject_id: SubjectId
    purpose: str
    at: datetime
    marks: tuple[Mark, ...]
    opened: int | None
    usual: int


@dataclass(frozen=True, slots=True)
class Summary:
    """An institution's looks of the last `days`: how many, how many of each mark, at how many businesses, and to how
    many of those it has never lent."""

    institution: InstitutionId
    days: int
    looks: int
    marks: dict[Mark, int]
    businesses: int
    never_lent: int
    denied: int  # papers the business said, asked by phone, not to have signed


class _Like(NamedTuple):
    """Looks that are alike: for the same purpose, opening so many items, by a grant under the same agreement."""

    purpose: str
    opened: int
    agreement: int


def summary(institution: InstitutionId, now: datetime) -> Summary:
    since = _since(now)
    broad = _broad(_alike(institution, since))
    seen, *counts = _row(_COUNTED, {"to": institution, "since": since, **_places(broad)})
    pulled, never = _row(_NEVER_LENT, {"to": institution, "since": since})
    by_mark, denied = dict(zip(Mark, counts, strict=True)), paper_queries.denied(institution, since)
    return Summary(institution, _days(), seen, by_mark, pulled, never, denied)


def looks(
    institution: InstitutionId, now: datetime, *, mark: Mark | None = None, before: ReceiptNumber | None = None
) -> Sequence[MarkedLook]:
    """The looks that stand out, the newest first, a `PAGE` of them; with `mark` those of that kind."""
    since = _since(now)
    alike = _alike(institution, since)
    asked: dict[str, Any] = {"to": institution, "since": since, "mark": mark, "before": before or 2**62, "most": PAGE}
    with connection.cursor() as cursor:
        cursor.execute(_MARKED, {**asked, **_places(_broad(alike))})
        found = cursor.fetchall()
    normal = _usual(alike)
    return [
        MarkedLook(
            receipt, subject, purpose, at, tuple(map(Mark, marks)), opened, normal.get(purpose, Usual(0, 0)).items
        )
        for receipt, subject, purpose, at, opened, marks in found
    ]


def _days() -> int:
    return safeguards.safeguards().broad_look.days


def _since(now: datetime) -> datetime:
    return now - timedelta(days=_days())


def _alike(institution: InstitutionId, since: datetime) -> dict[_Like, int]:
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"to": institution, "since": since})
        return {_Like(*like): number for *like, number in cursor.fetchall()}


def _usual(alike: dict[_Like, int]) -> dict[str, Usual]:
    counted: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for like, number in alike.items():
        counted[like.purpose][like.opened] += number
    return {purpose: usual(by_items) for purpose, by_items in counted.items()}


def _broad(alike: dict[_Like, int]) -> list[_Like]:
    normal, rule = _usual(alike), safeguards.safeguards().broad_look.rule
    agreed = {number: len(parties.agreement(number).items) for number in {like.agreement for like in alike}}
    return [like for like in alike if unusually_broad(like.opened, agreed[like.agreement], normal[like.purpose], rule)]


def _places(broad: list[_Like]) -> dict[str, Any]:
    return {
        "purposes": [like.purpose for like in broad],
        "opened": [like.opened for like in broad],
        "agreements": [like.agreement for like in broad],
    }


def _row(statement: str, asked: dict[str, Any]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        found: tuple[int, ...] = cursor.fetchone()
    return found


# A look may go by several grants: it is one look all the same.
_LOOKS: Final = """
SELECT DISTINCT ON (u.receipt) u.receipt, g.subject_id, g.purpose, u.at, u.opened, u.flags, g.agreement_id
  FROM authorisation_use u JOIN authorisation_grant g ON g.id = u.grant_id
 WHERE g.institution_id = %(to)s AND u.at >= %(since)s
 ORDER BY u.receipt, g.id DESC
"""
_WITH_MARKS: Final = f"""
SELECT l.*, l.flags || CASE WHEN b.purpose IS NULL THEN '{{}}'::text[] ELSE ARRAY['broad'] END AS marks
  FROM ({_LOOKS}) l
  LEFT JOIN unnest(%(purposes)s::text[], %(opened)s::int[], %(agreements)s::bigint[]) AS b(purpose, opened, agreement)
    ON (b.purpose, b.opened, b.agreement) = (l.purpose, l.opened, l.agreement_id)
"""
_ALIKE: Final = f"""
SELECT purpose, opened, agreement_id, count(*) FROM ({_LOOKS}) l WHERE opened IS NOT NULL
 GROUP BY purpose, opened, agreement_id
"""
_COUNTED: Final = f"""
SELECT count(*), count(*) FILTER (WHERE 'without_case' = ANY(marks)),
       count(*) FILTER (WHERE 'after_refusal' = ANY(marks)), count(*) FILTER (WHERE 'broad' = ANY(marks))
  FROM ({_WITH_MARKS}) m
"""
_MARKED: Final = f"""
SELECT receipt, subject_id, purpose, at, opened, marks FROM ({_WITH_MARKS}) m
 WHERE marks <> '{{}}' AND receipt < %(before)s AND (%(mark)s::text IS NULL OR %(mark)s = ANY(marks))
 ORDER BY receipt DESC LIMIT %(most)s
"""
_NEVER_LENT: Final = """
WITH pulled AS (
    SELECT DISTINCT g.subject_id FROM authorisation_use u JOIN authorisation_grant g ON g.id = u.grant_id
     WHERE g.institution_id = %(to)s AND u.at >= %(since)s)
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM authorisation_case c
     WHERE c.subject_id = p.subject_id AND c.institution_id = %(to)s AND c.outcome = 'lent'))
  FROM pulled p
"""
