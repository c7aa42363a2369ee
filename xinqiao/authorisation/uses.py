"""Each use of a grant is counted with what was told under it, and marked where it looks unusual (`marks`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Model

from xinqiao.authorisation.models import ConsentUse, Use
from xinqiao.authorisation.rules import Ask
from xinqiao.database import statements
from xinqiao.kernel.ids import ConsentId, GrantId, ReceiptNumber

WITHOUT_CASE: Final = "without_case"  # the institution has no open case for this business
AFTER_REFUSAL: Final = "after_refusal"  # and its last one was refused


def count(
    grants: Sequence[GrantId],
    consents: Sequence[ConsentId] = (),
    *,
    ask: Ask,
    opened: int,
    receipt: ReceiptNumber,
    now: datetime,
) -> list[Model]:
    """Count one use of each of these grants and consents; the rows belong in the event of what was told.

    `opened` is how many items the look opened by them. In the transaction that tells, under the lock of `grants_held`.
    """
    flags = _flags(ask)
    counted = statements.rows(_COUNT, list(grants), receipt, now, flags, opened)
    used = [Use(pk=pk, grant_id=number, receipt=receipt, at=now, flags=flags, opened=opened) for pk, number in counted]
    hers = [ConsentUse(consent_id=number, receipt=receipt, at=now) for number in consents]
    return [*used, *(ConsentUse.objects.bulk_create(hers) if hers else ())]


_COUNT: Final = """
INSERT INTO authorisation_use (grant_id, receipt, at, flags, opened)
SELECT number, $2, $3, $4, $5 FROM unnest($1::bigint[]) AS number RETURNING id, grant_id
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
