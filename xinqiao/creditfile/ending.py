"""Facts end with what said them: a full list that no longer has them, a delivery that was replaced or taken back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg
from django.db import connection, transaction

from xinqiao.creditfile import facts
from xinqiao.creditfile.facts import Origin
from xinqiao.creditfile.rules.texts import plain
from xinqiao.creditfile.rules.values import key_of
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import FactId

_LIST: Final = "CREATE TEMPORARY TABLE creditfile_listed (subject_id bigint, business_key text) ON COMMIT DROP"
_UNLISTED: Final = """
SELECT f.id FROM creditfile_fact f
WHERE f.closed_event IS NULL AND f.city = %(city)s AND f.item = %(item)s AND f.source = %(source)s
AND (%(within)s::text IS NULL OR f.payload ->> %(within)s::text = ANY(%(scopes)s::text[]))
AND NOT EXISTS (SELECT FROM creditfile_listed l WHERE l.subject_id = f.subject_id AND l.business_key = f.business_key)
AND NOT EXISTS (SELECT FROM creditfile_due d WHERE d.delivery = f.delivery AND d.period > %(period)s)
ORDER BY f.id
"""
# What a later delivery has said again, word for word, stands on its word.
_OF_DELIVERY: Final = """
SELECT f.id FROM creditfile_fact f
WHERE f.closed_event IS NULL AND f.city = %(city)s AND f.item = %(item)s AND f.source = %(source)s
AND f.delivery = %(delivery)s
AND f.id NOT IN (SELECT unnest(p.confirmed) FROM creditfile_filed p
                 WHERE p.item = %(item)s AND p.source = %(source)s AND p.delivery <> %(delivery)s)
ORDER BY f.id
"""


def end_unlisted(origin: Origin, *, now: datetime) -> int:
    """End the facts a full list no longer has, within the period or batch it is a list of; returns how many.

    A row that was listed and turned back ends nothing: its subject still stands on the list. Nor does a list that comes
    late end what a later period has said.
    """
    with transaction.atomic():
        scopes = _listed(origin)
        within = origin.item.delivery.full_within
        gone = _ids(_UNLISTED, origin, within=within, scopes=scopes)
    return _end(gone, origin, "unlisted", now)


def end_delivery(origin: Origin, *, now: datetime) -> int:
    """End what a delivery said that was replaced or taken back, unless a later one has said it too."""
    return _end(_ids(_OF_DELIVERY, origin), origin, "replaced", now)


def _listed(origin: Origin) -> list[str]:
    """The keys of every row the delivery listed, in a table of this transaction; returns the scopes it speaks of."""
    scopes: set[str] = set()
    within = origin.item.delivery.full_within
    with connection.cursor() as cursor:
        cursor.execute(_LIST)
        for frame in intake.full_keys(origin.delivery):
            _note(frame.filter(pl.col("subject_id").is_not_null()), origin)
            if within is not None:
                scopes.update(plain(frame[within]).drop_nulls().unique().to_list())
        cursor.execute("ANALYZE creditfile_listed")
    return sorted(scopes)


def _note(frame: pl.DataFrame, origin: Origin) -> None:
    keys = key_of(frame, origin.item).str.replace_all("\\", "\\\\", literal=True)
    lines = pl.select(pl.concat_str(frame["subject_id"], keys, separator="\t")).to_series().to_list()
    with psycopg.Cursor(connection.connection).copy("COPY creditfile_listed FROM STDIN") as copy:
        copy.write("".join(f"{line}\n" for line in lines))


def _ids(query: str, origin: Origin, **more: Any) -> list[FactId]:
    values = {"city": origin.city, "item": origin.item.item, "source": origin.source} | more
    with connection.cursor() as cursor:
        cursor.execute(query, values | {"delivery": origin.delivery, "period": origin.period})
        return [FactId(row[0]) for row in cursor.fetchall()]


def _end(gone: Sequence[FactId], origin: Origin, because: str, now: datetime) -> int:
    """Close them, so many a transaction; what an interruption leaves is found again."""
    for some in _by_chunk(gone):
        with transaction.atomic():
            facts.lock(origin.item.item, origin.source)
            facts.close(some, because=because, about=origin.about(), now=now)
    return len(gone)


def _by_chunk(gone: Sequence[FactId]) -> Iterator[Sequence[FactId]]:
    return (gone[start : start + facts.CHUNK] for start in range(0, len(gone), facts.CHUNK))
