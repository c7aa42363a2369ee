"""What stood in a fact's place before it: why a line is not what it was (河南省社会信用条例 §40)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from xinqiao.creditfile.frames import MARKED
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import FactId, SubjectId


@dataclass(frozen=True, slots=True)
class Before:
    """The version a fact took the place of, and how that one stood in the end."""

    id: FactId
    received_on: date
    standing: Standing


_BEFORE: Final = f"""
SELECT n.id, f.id, f.received_on, ({MARKED})
FROM creditfile_fact f JOIN creditfile_fact n ON n.subject_id = f.subject_id AND n.item = f.item AND n.city = f.city
    AND n.source = f.source AND n.business_key = f.business_key AND n.id > f.id
WHERE f.subject_id = %(subject)s AND f.closed_event IS NOT NULL
ORDER BY f.id
"""


def before(subject_id: SubjectId) -> dict[FactId, Before]:
    """By fact: the version it took the place of, for those of a subject's facts that took one's."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"subject": subject_id, "marked": None})
        rows = cursor.fetchall()
    return {
        FactId(fact): Before(FactId(earlier), received_on, Standing(marked) if marked else Standing.GOOD)
        for fact, earlier, received_on, marked in rows
    }
