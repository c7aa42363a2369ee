"""Subjects come into being by what a registering department delivers, in bulk, and change the same way."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.kernel.ids import EventId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import digests, log
from xinqiao.ledger.covering import chunk_key
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.subjects import queries
from xinqiao.subjects.rules import Introduction, SubjectView, after, columns

TABLE: Final = "subjects_subject"
NAMES: Final = "subjects_name"
CHANGES: Final = 2_000  # changed subjects an event names one by one
_COLUMNS: Final = "city, uscc, kind, name, division, industry, established, status"


@transaction.atomic
def introduce(rows: Sequence[Introduction], *, now: datetime) -> dict[Uscc, SubjectId]:
    """Bring subjects into being, or take over what is said anew of known ones; the same again changes nothing.

    Returns the id of every code. A new name leaves the old one as an alias. Of several rows with one code the last
    counts.
    """
    said = {row.uscc: row for row in rows}
    _one_at_a_time()
    known = _known(list(said))
    new = [row for code, row in said.items() if code not in known]
    ids = {code: view.id for code, (view, _, _) in known.items()}
    ids |= _write_new(new, now)
    changed = [
        (view, after(view, said[code]), event, ordinal)
        for code, (view, event, ordinal) in known.items()
        if after(view, said[code]) != view
    ]
    _write_changed(changed, now)
    renamed = [(view.id, later.name) for view, later, _, _ in changed if view.name != later.name]
    _write_names([(ids[row.uscc], row.name) for row in new] + renamed, now)
    return ids


def _one_at_a_time() -> None:
    """Two departments that introduce one subject at once must not both make it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('subjects:introduce', 0))")


def _known(codes: Sequence[Uscc]) -> dict[Uscc, tuple[SubjectView, EventId, int]]:
    """Those that exist, locked, with where their first state stands in the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, uscc, kind, name, division, industry, established, status, event, ordinal"
            f" FROM {TABLE} WHERE uscc = ANY(%s) FOR UPDATE",
            (list(map(str, codes)),),
        )
        return {Uscc(row[1]): (queries.view(row), EventId(row[8]), row[9]) for row in cursor.fetchall()}


def _write_new(new: Sequence[Introduction], now: datetime) -> dict[Uscc, SubjectId]:
    if not new:
        return {}
    event, city, digest = log.reserve_event_id(), catalogue.city().code, digests.digester()
    leaves, ids = [], {}
    numbers = _take_ids(TABLE, len(new))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {TABLE} (id, {_COLUMNS}, event, ordinal) FROM STDIN") as copy,
    ):
        for ordinal, (number, row) in enumerate(zip(numbers, new, strict=True)):
            said = columns(_as_view(SubjectId(number), row), city)
            leaves.append(digest(TABLE, str(number), said))
            copy.write_row((number, *said.values(), event, ordinal))
            ids[row.uscc] = SubjectId(number)
    log.append_chunk(
        Kind.SUBJECTS_INTRODUCED, now=now, about={"count": len(new)}, table=TABLE, leaves=leaves, event_id=event
    )
    return ids


def _take_ids(table: str, count: int) -> list[int]:
    """So many new ids, ascending. A leaf names its row by its id, so the id comes before the row."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('{table}_id_seq') FROM generate_series(1, %s)", (count,))
        return sorted(row[0] for row in cursor.fetchall())


def _as_view(number: SubjectId, row: Introduction) -> SubjectView:
    return SubjectView(number, row.uscc, row.kind, row.name, row.division, row.industry, row.established, row.status)


def _write_changed(changed: Sequence[tuple[SubjectView, SubjectView, EventId, int]], now: datetime) -> None:
    city, digest, rest = catalogue.city().code, digests.digester(), iter(changed)
    while batch := list(islice(rest, CHANGES)):
        states = []
        with connection.cursor() as cursor:
            for _, later, event, ordinal in batch:
                said = columns(later, city)
                cursor.execute(
                    f"UPDATE {TABLE} SET name = %s, division = %s, industry = %s, established = %s, status = %s"
                    " WHERE id = %s",
                    (later.name, later.division, later.industry, later.established, later.status, later.id),
                )
                states.append(RowState(TABLE, chunk_key(event, ordinal), digest(TABLE, str(later.id), said)))
        about: dict[str, Any] = {"count": len(batch), "subjects": [later.id for _, later, _, _ in batch]}
        log.append(Kind.SUBJECTS_CHANGED, now=now, about=about, rows=states)


def _write_names(names: Sequence[tuple[SubjectId, str]], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject_id, name FROM {NAMES} WHERE subject_id = ANY(%s)", ([subject for subject, _ in names],)
        )
        borne = set(cursor.fetchall())
        fresh = [pair for pair in dict.fromkeys(names) if pair not in borne]
        if not fresh:
            return
        event, leaves, digest = log.reserve_event_id(), [], digests.digester()
        numbers = _take_ids(NAMES, len(fresh))
        with cursor.copy(f"COPY {NAMES} (id, subject_id, name, event, ordinal) FROM STDIN") as copy:
            for ordinal, (number, (subject, name)) in enumerate(zip(numbers, fresh, strict=True)):
                leaves.append(digest(NAMES, str(number), {"subject_id": subject, "name": name}))
                copy.write_row((number, subject, name, event, ordinal))
    log.append_chunk(
        Kind.SUBJECTS_NAMED, now=now, about={"count": len(fresh)}, table=NAMES, leaves=leaves, event_id=event
    )
