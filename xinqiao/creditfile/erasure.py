"""Lawful erasure: a fact goes with its secrets, standings and annotations; what it was worth in the log stays there.

The log keeps leaves only: without the salts, which go too, they tell nothing. That a fact was erased, when and on what
ground is kept, in the log as well, so that a row that is merely missing is still found missing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao.creditfile import secrets, standing
from xinqiao.creditfile.closing import ASPECT
from xinqiao.creditfile.errors import NoGround, UnknownFact
from xinqiao.creditfile.facts import TABLE
from xinqiao.creditfile.models import Annotation
from xinqiao.creditfile.models import Standing as StandingRow
from xinqiao.kernel.ids import EventId, FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.covering import chunk_key
from xinqiao.ledger.digests import row_digest
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of

MOST: Final = 500  # facts an act erases: each is named in one event, with all that goes with it
ERASURES: Final = "creditfile_erasure"
_FACTS: Final = """
SELECT f.subject_id, f.stored_event, f.ordinal, f.closed_event, f.closed_ordinal, s.event, s.ordinal
FROM creditfile_fact f LEFT JOIN creditfile_secret s ON s.fact_id = f.id WHERE f.id = ANY(%s) FOR UPDATE OF f
"""
_INSERT: Final = "INSERT INTO creditfile_erasure (fact_id, basis, by, at) SELECT unnest(%s::bigint[]), %s, %s, %s"
_DELETE: Final = (
    "DELETE FROM creditfile_annotation WHERE fact = ANY(%s)",
    "DELETE FROM creditfile_standing WHERE fact = ANY(%s)",
    "DELETE FROM creditfile_secret WHERE fact_id = ANY(%s)",
    "DELETE FROM creditfile_fact WHERE id = ANY(%s)",
)


@transaction.atomic
def erase(facts: Sequence[FactId], *, basis: str, by: str, now: datetime) -> EventId:
    """Erase facts for good, on a legal ground. Raises `UnknownFact` when one is not there, `NoGround`.

    At most `MOST` a call. Copies elsewhere (the file as sent, snapshots, backups) have terms of their own.
    """
    wanted = sorted(set(facts))[: MOST + 1]
    if not basis.strip() or not 0 < len(wanted) <= MOST:
        raise NoGround(Saying("请写明依据，并一次指定 1 到 {most} 条信息", most=MOST))
    subjects, gone = _everything(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(wanted), basis, by, now])
        for statement in _DELETE:
            cursor.execute(statement, [list(wanted)])
    kept = [RowState(ERASURES, str(fact), digest(fact, basis, by, now)) for fact in wanted]
    about: dict[str, int | list[int]] = {"count": len(wanted), "facts": [*wanted], "subjects": subjects}
    return log.append(Kind.FACTS_ERASED, now=now, about=about, rows=[*gone, *kept])


def digest(fact: int, basis: str, by: str, at: datetime | str) -> bytes:
    """What the log holds of an erasure's row."""
    return row_digest(ERASURES, str(fact), {"basis": basis, "by": by, "at": at})


def _everything(wanted: Sequence[FactId]) -> tuple[list[int], list[RowState]]:
    """Whose the facts are, and every covered row that goes with them."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [list(wanted)])
        rows = cursor.fetchall()
    if len(rows) != len(wanted):
        raise UnknownFact(Saying("没有这条信息，或它已被删除"))
    gone = []
    for _, stored, ordinal, closed, closed_ordinal, sealed, sealed_ordinal in rows:
        places = ((TABLE, stored, ordinal), (ASPECT, closed, closed_ordinal), (secrets.TABLE, sealed, sealed_ordinal))
        gone += [RowState(table, chunk_key(event, n), None) for table, event, n in places if event is not None]
    for mark in StandingRow.objects.filter(fact__in=wanted):
        gone.append(RowState(standing.TABLE, chunk_key(EventId(mark.event), mark.ordinal), None))
    for note in Annotation.objects.filter(fact__in=wanted):
        gone.append(RowState(state_of(note).table, str(note.pk), None))
    return sorted({row[0] for row in rows}), gone
