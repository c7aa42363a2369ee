"""Reading credit files. Only evaluation, disclosure, the safe house and rights may: nothing here asks who is asking."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from xinqiao.creditfile import secrets
from xinqiao.creditfile.errors import UnknownFact
from xinqiao.creditfile.exporting import export, items_held
from xinqiao.creditfile.exporting import schema as export_schema
from xinqiao.creditfile.frames import KNOWN, MARKED, frame
from xinqiao.creditfile.history import Before, before
from xinqiao.creditfile.places import Place, places, places_in, places_of
from xinqiao.creditfile.rules import Standing
from xinqiao.database import statements
from xinqiao.kernel.ids import DeliveryNumber, EventId, FactId, Position, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import queries as ledger

__all__ = [
    "Before",
    "Fact",
    "Note",
    "Place",
    "before",
    "closed_by",
    "export",
    "export_schema",
    "fact",
    "facts_of",
    "facts_of_many",
    "filed",
    "frame",
    "items_held",
    "items_moved",
    "places",
    "places_in",
    "places_of",
    "standings_now",
    "stored_by",
    "subjects_of",
    "versions",
]


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation as it is shown."""

    kind: str
    text: str
    by: str
    at: datetime


class Fact(NamedTuple):
    """One fact (a tuple: a report makes dozens).

    `values` by field name: dates ISO, money as text in yuan with two decimals, codes as text.

    `known_from` is the log position from which it was known (None: stored and not yet placed); `known_to` the one at
    which a later version or its source's silence ended it, unknown to whoever reads as of before. `leaf_event` and
    `ordinal` say where its leaf is.
    """

    id: FactId
    subject_id: SubjectId
    item: str
    provider: str
    values: Mapping[str, Any]
    valid_from: date | None
    valid_to: date | None
    delivery: DeliveryNumber
    line: int
    received_on: date
    known_from: Position | None
    known_to: Position | None
    standing: Standing
    annotations: tuple[Note, ...]
    leaf_event: EventId
    ordinal: int
    shown_until: date | None = None


def _numbered(sql: str) -> str:
    """With the places of a statement of the day: $1 the position to read at, $2 the one marks are read at."""
    return sql.replace("%(at)s", "$1").replace("%(marked)s", "$2")


_FACTS: Final = f"""
SELECT f.id, f.subject_id, f.item, f.source, f.payload::text, f.valid_from, f.valid_to, f.delivery, f.line,
    f.received_on, opened.position,
    CASE WHEN $1::bigint IS NULL THEN closed.position END, ({_numbered(MARKED)}),
    (SELECT json_agg(json_build_array(a.kind, a.text, a.by, a.at) ORDER BY a.id)::text
     FROM creditfile_annotation a LEFT JOIN ledger_position p ON p.event = a.event
     WHERE a.fact = f.id AND ($2::bigint IS NULL OR p.position <= $2::bigint)),
    f.stored_event, f.ordinal, f.shown_until,
    (SELECT x.sealed FROM creditfile_secret x WHERE x.fact_id = f.id AND f.item = ANY($3::text[]))
FROM creditfile_fact f
LEFT JOIN ledger_position opened ON opened.event = f.stored_event
LEFT JOIN ledger_position closed ON closed.event = f.closed_event
"""
_OF_SUBJECT: Final = f"""{_FACTS}
WHERE f.subject_id = $4 AND ($5::text[] IS NULL OR f.item = ANY($5::text[]))
    AND ($6::date IS NULL OR $6::date BETWEEN coalesce(f.valid_from, '-infinity') AND coalesce(f.valid_to, 'infinity'))
    AND {_numbered(KNOWN)}
ORDER BY f.item, f.valid_from DESC NULLS LAST, f.id DESC
"""
_OF_MANY: Final = f"""{_FACTS}
WHERE f.subject_id = ANY($4::bigint[]) AND f.item = ANY($5::text[]) AND f.closed_event IS NULL
ORDER BY f.subject_id, f.item, f.valid_from DESC NULLS LAST, f.id DESC
"""
_ONE: Final = f"{_FACTS} WHERE f.id = $4"


_STANDINGS: Final = {str(standing): standing for standing in Standing}
_VERSIONS: Final = """
SELECT v.id FROM creditfile_fact f JOIN creditfile_fact v ON v.subject_id = f.subject_id AND v.item = f.item
    AND v.city = f.city AND v.source = f.source AND v.business_key = f.business_key
WHERE f.id = %s ORDER BY v.id
"""


def facts_of(
    subject_id: SubjectId,
    *,
    items: Collection[str] | None = None,
    at: Position | None = None,
    live: bool = False,
    valid_on: date | None = None,
    with_secret: Collection[str] = (),
) -> list[Fact]:
    """The facts on one subject, newest first within an item; at a log position the same answer for ever.

    With `live` their standing and annotations are those of this moment, placed in the log or not: a dispute or a repair
    reaches whoever is told next. `valid_on` keeps those that hold in the world on that day. Secret fields are opened
    for the items named in `with_secret` only. What has run out or been repaired is among them: who tells decides; what
    was erased is nowhere.
    """
    wanted = None if items is None else list(items)
    marked = None if live else at
    found = statements.rows(_OF_SUBJECT, at, marked, list(with_secret), subject_id, wanted, valid_on)
    return [_fact(row) for row in found]


def facts_of_many(subjects: Collection[SubjectId], items: Collection[str]) -> Iterator[Fact]:
    """The current facts of many subjects, by subject, marked as of this moment, without their secret fields."""
    return (_fact(row) for row in statements.rows(_OF_MANY, None, None, (), list(subjects), list(items)))


def fact(fact_id: FactId) -> Fact:
    """One fact by its id, current or not, without its secret fields. Raises `UnknownFact`."""
    row = statements.row(_ONE, None, None, (), fact_id)
    if row is None:
        raise UnknownFact(Saying("没有这条信息，或它已被依法删除"))
    return _fact(row)


_FILED: Final = "SELECT event FROM creditfile_due WHERE event = ANY($1) AND done"


def filed(events: Collection[EventId]) -> frozenset[EventId]:
    """Those of intake's acts whose rows are all in the file by now."""
    return frozenset(EventId(event) for (event,) in statements.rows(_FILED, list(events)))


_NOW: Final = f"SELECT f.id, f.shown_until, ({MARKED}) FROM creditfile_fact f WHERE f.id = ANY($1)".replace(
    "%(marked)s", "$2"
)


def standings_now(facts: Collection[FactId], on: date) -> dict[FactId, Standing]:
    """How these facts may be used at this moment: expired the day after its last, marked or not; what was erased is not
    there."""
    found = statements.rows(_NOW, list(facts), None)
    return {FactId(fact): _standing(marked, shown_until, on) for fact, shown_until, marked in found}


def _standing(marked: str | None, shown_until: date | None, on: date) -> Standing:
    if shown_until is not None and shown_until < on:
        return Standing.EXPIRED
    return _STANDINGS[marked] if marked else Standing.GOOD


def versions(fact_id: FactId) -> list[FactId]:
    """Every version of what this fact says, the oldest first: who said what, and when it was put right."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [fact_id])
        return [FactId(row[0]) for row in cursor.fetchall()]


_CLOSED_BY: Final = "SELECT id FROM creditfile_fact WHERE closed_event = %s AND id = ANY(%s)"


def closed_by(event: EventId, among: Collection[FactId]) -> set[FactId]:
    """Those of these facts that this event closed."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED_BY, [event, list(among)])
        return {FactId(row[0]) for row in cursor.fetchall()}


_STORED_BY: Final = """
SELECT id, subject_id FROM creditfile_fact
WHERE stored_event = %(event)s AND (%(of)s::bigint[] IS NULL OR subject_id = ANY(%(of)s::bigint[])) ORDER BY id
"""


def stored_by(event: EventId, *, of: Collection[SubjectId] | None = None) -> list[tuple[FactId, SubjectId]]:
    """The facts this event stored, and whose each is; `of` keeps those of some subjects only."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED_BY, {"event": event, "of": None if of is None else list(of)})
        return [(FactId(fact), SubjectId(subject)) for fact, subject in cursor.fetchall()]


_ITEMS_MOVED: Final = """
SELECT subject_id, item FROM creditfile_fact WHERE stored_event = %(event)s AND subject_id = ANY(%(among)s)
UNION SELECT subject_id, item FROM creditfile_fact WHERE closed_event = %(event)s AND subject_id = ANY(%(among)s)
UNION SELECT f.subject_id, f.item FROM creditfile_standing s JOIN creditfile_fact f ON f.id = s.fact
      WHERE s.event = %(event)s AND f.subject_id = ANY(%(among)s)
"""


def items_moved(event: EventId, among: Collection[SubjectId]) -> dict[SubjectId, set[str]]:
    """Which items of these subjects this event stored, closed or marked a fact of."""
    moved: dict[SubjectId, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS_MOVED, {"event": event, "among": list(among)})
        for subject, item in cursor.fetchall():
            moved.setdefault(SubjectId(subject), set()).add(item)
    return moved


def _fact(row: tuple[Any, ...]) -> Fact:
    *told, shown_until, sealed = row
    values = json.loads(told[4])
    if sealed is not None:
        values |= json.loads(secrets.values(told[0], sealed))
    standing = _STANDINGS[told[12]] if told[12] else Standing.GOOD
    return Fact._make((*told[:4], values, *told[5:12], standing, _notes(told[13]), *told[14:], shown_until))


def _notes(text: str | None) -> tuple[Note, ...]:
    if text is None:
        return ()
    return tuple(Note(kind, said, by, datetime.fromisoformat(at)) for kind, said, by, at in json.loads(text))


_MOVED: Final = """
SELECT subject_id FROM creditfile_fact WHERE stored_event = ANY(%(events)s)
UNION SELECT subject_id FROM creditfile_fact WHERE closed_event = ANY(%(events)s)
UNION SELECT f.subject_id FROM creditfile_standing s JOIN creditfile_fact f ON f.id = s.fact
      WHERE s.event = ANY(%(events)s)
"""


def subjects_of(events: Iterable[EventId]) -> Iterator[SubjectId]:
    """Whose facts these events stored, closed, marked or erased: whose grade may have moved."""
    ids = list(events)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"events": ids})
        found = {row[0] for row in cursor.fetchall()}
    for event in ids:  # an erased fact is gone: the event itself knows whose it was
        found.update(ledger.event(event).about.get("subjects", ()))
    return (SubjectId(subject) for subject in sorted(found))
