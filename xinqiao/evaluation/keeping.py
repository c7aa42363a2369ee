"""Writing grades down: one event a chunk, its leaves the rows' keyed digests, the rows by COPY. They never change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from xinqiao.evaluation import explaining, outcomes
from xinqiao.evaluation.adopting import Adopted
from xinqiao.evaluation.scoring import Scored
from xinqiao.kernel.ids import EventId, Position
from xinqiao.ledger import covering, log
from xinqiao.ledger.digests import digester
from xinqiao.ledger.events import Kind

TABLE: Final = "evaluation_grade"
COLUMNS: Final = (
    "id",  # the newest of a subject counts, so the log answers for the order as well
    "subject_id",
    "model_id",
    "event",
    "ordinal",
    "on",
    "position",
    "state",
    "rank",
    "grade",
    "score",
    "capped",
    "points",
    "without_grade",
    "without_title",
    "without_score",
    "outcome",
    "given_at",
)
NAMED: Final = ", ".join(f'"{column}"' for column in COLUMNS)
COPY: Final = f"COPY {TABLE} ({NAMED}) FROM STDIN"


@dataclass(frozen=True, slots=True)
class Run:
    """Which model, on which business day, with the facts known up to which place in the log, and when it ran."""

    model: Adopted
    on: date
    position: Position
    now: datetime


@transaction.atomic
def keep(run: Run, scored: Sequence[Scored]) -> EventId:
    """Store these grades as one act: `GRADES_GIVEN` with a leaf a row. Whoever keeps grades locks nothing."""
    event = log.reserve_event_id()
    numbers = _take_ids(len(scored))
    rows = [row(run, one, event, place) | {"id": numbers[place]} for place, one in enumerate(scored)]
    digest = digester()
    about: dict[str, Any] = {
        "model": run.model.id,
        "on": run.on.isoformat(),
        "facts_to": int(run.position),
        "count": len(rows),
    }
    leaves = [leaf(digest, one) for one in rows]
    log.append_chunk(Kind.GRADES_GIVEN, now=run.now, about=about, table=TABLE, leaves=leaves, event_id=event)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for one in rows:
            copy.write_row([one[column] for column in COLUMNS])
    return event


def leaf(digest: Callable[[str, str, Mapping[str, Any]], bytes], kept: Mapping[str, Any]) -> bytes:
    """The leaf of a row, from the program or from the database alike."""
    key = covering.chunk_key(EventId(kept["event"]), kept["ordinal"])
    return digest(TABLE, key, {column: kept[column] for column in COLUMNS})


def _take_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('{TABLE}_id_seq') FROM generate_series(1, %s)", (count,))
        return sorted(row[0] for row in cursor.fetchall())


def row(run: Run, scored: Scored, event: EventId, ordinal: int) -> dict[str, Any]:
    """The row of a grade, but for its number."""
    bound, outcome = run.model.bound, scored.outcome
    given = explaining.verdict(bound, outcome)
    without = explaining.without_disputed(bound, scored.without) if scored.without is not None else None
    return {
        "subject_id": int(scored.subject_id),
        "model_id": run.model.id,
        "event": int(event),
        "ordinal": ordinal,
        "on": run.on,
        "position": int(run.position),
        "state": outcome.state,
        "rank": outcome.rank,
        "grade": given.grade,
        "score": given.score,
        "capped": outcome.score,
        "points": outcome.points,
        "without_grade": without and without.grade,
        "without_title": without and without.title,
        "without_score": without and without.score,
        "outcome": outcomes.packed(bound, outcome),
        "given_at": run.now,
    }
