"""Whoever has value after value compared until one fits is reading by guesses: after a few, no more is answered.

What was compared is kept as a keyed mark. The same value again is no guess. Refused, and flagged in the log, are other
values for one business, and one value carried from business to business.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from xinqiao import keys
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.door import Allowed
from xinqiao.disclosure.errors import Probed
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

MOST_VALUES: Final = 3  # a misspelling, an old name, the right one
MOST_BUSINESSES: Final = 20  # one person's firms are few
WITHIN: Final = timedelta(days=30)
SWEPT_AT_ONCE: Final = 20
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_TRIED: Final = """
SELECT coalesce(bool_or(subject_id = %(subject)s AND value = %(value)s), false),
       count(*) FILTER (WHERE subject_id = %(subject)s), min(at) FILTER (WHERE subject_id = %(subject)s),
       count(*) FILTER (WHERE value = %(value)s), min(at) FILTER (WHERE value = %(value)s)
  FROM disclosure_comparison
 WHERE institution_id = %(institution)s AND claim = %(claim)s AND at > %(since)s
   AND (subject_id = %(subject)s OR value = %(value)s)
"""
_NOTE: Final = """
INSERT INTO disclosure_comparison (institution_id, claim, subject_id, value, at)
VALUES (%(institution)s, %(claim)s, %(subject)s, %(value)s, %(now)s)
ON CONFLICT (institution_id, claim, subject_id, value) DO UPDATE SET at = excluded.at
"""
_SWEEP: Final = (
    "DELETE FROM disclosure_comparison WHERE id IN (SELECT id FROM disclosure_comparison WHERE at <= %s LIMIT %s)"
)


def noted(allowed: Allowed, claim: str, value: str) -> Problem | None:
    """Note that this value is compared now; the refusal where it is one guess too many, which is flagged.

    In the transaction that tells; an institution's comparisons for one claim come one after the other.
    """
    now, institution = allowed.ask.now, allowed.ask.institution
    tried: dict[str, Any] = {
        "institution": institution,
        "claim": claim,
        "subject": allowed.subject.id,
        "value": keys.mark("compared", canonical([institution, claim, value]).encode()),
        "now": now,
        "since": now - WITHIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"disclosure:comparison:{institution}:{claim}"])
        cursor.execute(_TRIED, tried)
        known, values, first_value, businesses, first_business = cursor.fetchone()
        if not known and values >= MOST_VALUES:
            return _probed(allowed, claim, {"values": values}, first_value + WITHIN)
        if not known and businesses >= MOST_BUSINESSES:
            return _probed(allowed, claim, {"businesses": businesses}, first_business + WITHIN)
        cursor.execute(_NOTE, tried)
        cursor.execute(_SWEEP, [now - WITHIN, SWEPT_AT_ONCE])
    return None


def _probed(allowed: Allowed, claim: str, tried: Mapping[str, int], until: datetime) -> Problem:
    about: dict[str, Any] = {"to": allowed.ask.institution, "claim": claim, "subject": allowed.subject.id, **tried}
    log.append(Kind.VERIFICATION_PROBED, now=allowed.ask.now, about=about)
    return Probed(until - allowed.ask.now)
