"""What is known already under the business keys of a chunk."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
from django.db import connection

from xinqiao.creditfile import secrets
from xinqiao.creditfile.copying import Origin
from xinqiao.creditfile.rules.leaves import SALT
from xinqiao.creditfile.rules.values import Chunk
from xinqiao.creditfile.rules.versions import Current

# One look-up a row, whatever the planner believes about facts stored a moment ago: LIMIT keeps it from joining the
# other way round. The keys come as one text, a line each (JSON has no raw line break): an array costs more to write.
_BY_INDEX: Final = "SET LOCAL enable_seqscan = off"
_AS_BEFORE: Final = "SET LOCAL enable_seqscan TO DEFAULT"
_CURRENT: Final = """
SELECT w.row - 1, f.id, f.delivery, f.salt, s.sealed, f.content, f.shown_until::text
FROM unnest(string_to_array(%s, E'\\n')::bigint[], string_to_array(%s, E'\\n')) WITH ORDINALITY
    AS w (subject_id, business_key, row)
CROSS JOIN LATERAL (
    SELECT * FROM creditfile_fact c
    WHERE c.city = %s AND c.item = %s AND c.source = %s AND c.subject_id = w.subject_id
        AND c.business_key = w.business_key AND c.closed_event IS NULL
    LIMIT 1
) f
LEFT JOIN creditfile_secret s ON s.fact_id = f.id
"""
_LATER: Final = "SELECT DISTINCT delivery FROM creditfile_due WHERE delivery = ANY(%s) AND period > %s"


def versions(chunk: Chunk, origin: Origin) -> list[Current]:
    """The current version under each row's business key, where there is one."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_INDEX)
        keys = ["\n".join(column.cast(pl.String).to_list()) for column in (chunk.subjects, chunk.keys)]
        cursor.execute(_CURRENT, [*keys, origin.city, origin.item.item, origin.source])
        rows = cursor.fetchall()
        cursor.execute(_AS_BEFORE)
    return [_current(*row) for row in rows]


def _current(
    row: int, fact: int, delivery: int, salt: bytes, sealed: Any, content: bytes, until: str | None
) -> Current:
    sealed_salt = None if sealed is None else secrets.unsealed(fact, sealed)[:SALT]
    return Current(row, fact, delivery, bytes(salt), sealed_salt, bytes(content), until)


def later(currents: Sequence[Current], origin: Origin) -> frozenset[int]:
    """Those of the versions' deliveries that are of a later period than ours: what they say stands."""
    deliveries = {current.delivery for current in currents}
    if not deliveries or not origin.period:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_LATER, [list(deliveries), origin.period])
        return frozenset(row[0] for row in cursor.fetchall())
