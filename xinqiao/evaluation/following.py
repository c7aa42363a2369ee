"""Regrading those something happened to, by reading the log on from where we were.

What moved is noted while reading (`evaluation_waiting`, in the cursor's own transaction) and graded afterwards in one
go: a subject with a hundred new facts is graded once. A note is struck off with the grade that answers it.
"""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao.creditfile import queries as creditfile
from xinqiao.evaluation import grading
from xinqiao.evaluation.errors import NoModelInForce
from xinqiao.evaluation.models import Waiting
from xinqiao.kernel.ids import SubjectId
from xinqiao.ledger import following, locks
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event

NAME: Final = "evaluation"
MOVED_BY: Final = (Kind.FACTS_STORED, Kind.FACTS_CLOSED, Kind.FACTS_ERASED, Kind.FACT_MARKED)

_NOTE: Final = """
INSERT INTO evaluation_waiting AS w (subject_id, since) SELECT unnest(%s::bigint[]), %s
ON CONFLICT (subject_id) DO UPDATE SET since = greatest(w.since, excluded.since)
"""

# Whoever has been graded since with all that was known then (a nightly run, a person's request) waits no more.
_ANSWERED: Final = """
DELETE FROM evaluation_waiting w WHERE EXISTS
    (SELECT FROM evaluation_grade g WHERE g.subject_id = w.subject_id AND g.position >= w.since)
"""


def follow(now: datetime) -> int:
    """Take up what is new in the log and regrade whom it moved; returns how many were regraded."""
    while following.follow(NAME, _note, kinds=MOVED_BY, now=now):
        pass
    with locks.held("evaluation:regrading", wait=True):
        return _regrade(now)


def _regrade(now: datetime) -> int:
    """Grade everybody who still waits. A note whose event is not among the facts read stays for the next time."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED)
    waiting = dict(Waiting.objects.values_list("subject_id", "since"))
    if not waiting:
        return 0
    try:
        done = grading.grade_some((SubjectId(one) for one in waiting), now=now)
    except NoModelInForce:
        return 0  # they wait on; the night after a model is approved grades everybody
    with transaction.atomic(), connection.cursor() as cursor:
        whom = [one for one, since in waiting.items() if since <= done.position]
        cursor.execute(
            "DELETE FROM evaluation_waiting WHERE subject_id = ANY(%s) AND since <= %s", (whom, done.position)
        )
    return done.subjects


def _note(event: Event) -> None:
    whom = [int(one) for one in creditfile.subjects_of([event.id])]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, (whom, event.position))
