"""Each use of a grant is counted with what was told under it, and marked where it looks unusual."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Model

from xinqiao.authorisation.models import ConsentUse, Use
from xinqiao.authorisation.rules import Ask
from xinqiao.database import statements
from xinqiao.kernel.ids import ConsentId, GrantId, InstitutionId, ReceiptNumber

WITHOUT_CASE: Final = "without_case"  # the institution has no open case for this business
AFTER_REFUSAL: Final = "after_refusal"  # and its last one was refused


def count(
    grants: Sequence[GrantId], consents: Sequence[ConsentId] = (), *, ask: Ask, receipt: ReceiptNumber, now: datetime
) -> list[Model]:
    """Count one use of each of these grants and consents; the rows belong in the event of what was told.

    In the transaction that tells, under the lock of `grants_held`.
    """
    flags = _flags(ask)
    counted = statements.rows(_COUNT, list(grants), receipt, now, flags)
    used = [Use(pk=pk, grant_id=number, receipt=receipt, at=now, flags=flags) for pk, number in counted]
    hers = [ConsentUse(consent_id=number, receipt=receipt, at=now) for number in consents]
    return [*used, *(ConsentUse.objects.bulk_create(hers) if hers else ())]


_COUNT: Final = """
INSERT INTO authorisation_use (grant_id, receipt, at, flags)
SELECT number, $2, $3, $4 FROM unnest($1::bigint[]) AS number RETURNING id, grant_id
"""
_CASES: Final = """
SELECT closed_at IS NULL, outcome FROM authorisation_case
 WHERE subject_id = $1 AND institution_id = $2 ORDER BY closed_at DESC NULLS FIRST, id DESC LIMIT 1
"""


def _flags(ask: Ask) -> list[str]:
    """What is unusual: looking at a business one has no business with (open cases come first)."""
    newest = statements.row(_CASES, ask.subject_id, ask.institution)
    if newest is None:
        return [WITHOUT_CASE]
    is_open, outcome = newest
    if is_open:
        return []
    return [WITHOUT_CASE, AFTER_REFUSAL] if outcome == "refused" else [WITHOUT_CASE]


_FLAGGED: Final = """
SELECT flag, count(*) FROM authorisation_use u JOIN authorisation_grant g ON g.id = u.grant_id, unnest(u.flags) AS flag
 WHERE g.institution_id = %s AND u.at >= %s GROUP BY flag
"""


def flags_of(institution: InstitutionId, since: datetime) -> dict[str, int]:
    """How many of an institution's uses since a moment were unusual, by what was unusual about them."""
    with connection.cursor() as cursor:
        cursor.execute(_FLAGGED, [institution, since])
        return dict(cursor.fetchall())


_NEVER_LENT: Final = """
WITH pulled AS (
    SELECT DISTINCT g.subject_id FROM authorisation_use u JOIN authorisation_grant g ON g.id = u.grant_id
     WHERE g.institution_id = %s AND u.at >= %s)
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM authorisation_case c
     WHERE c.subject_id = p.subject_id AND c.institution_id = %s AND c.outcome = 'lent'))
  FROM pulled p
"""


def pulled_but_never_lent(institution: InstitutionId, since: datetime) -> tuple[int, int]:
    """How many businesses an institution has looked at since a moment, and to how many of them it has never lent."""
    with connection.cursor() as cursor:
        cursor.execute(_NEVER_LENT, [institution, since, institution])
        pulled, never = cursor.fetchone()
    return pulled, never
