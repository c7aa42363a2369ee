"""Secret fields under a new key: every row is sealed anew, no fact is touched, and the log speaks for each row."""

from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from xinqiao import keys
from xinqiao.creditfile import secrets
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import log
from xinqiao.ledger.covering import chunk_key
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState

AT_ONCE: Final = 500  # rows an act seals anew: each is named in its event
# Older generations first; a sealed text says in its bytes 2 to 5 under which it stands.
_OLDER: Final = """
SELECT fact_id, sealed, event, ordinal FROM creditfile_secret
WHERE substring(sealed FROM 2 FOR 4) < %s ORDER BY fact_id LIMIT %s FOR UPDATE
"""
_RENEW: Final = """
UPDATE creditfile_secret s SET sealed = n.sealed
FROM unnest(%s::bigint[], %s::bytea[]) AS n (fact_id, sealed) WHERE s.fact_id = n.fact_id
"""
Row = tuple[int, Any, int, int]


def renew(*, now: datetime) -> int:
    """Make a new key for secret fields and seal all of them under it. Returns its generation.

    Cut short it is finished by `reseal`. What was sealed before opens all the while: older keys stay until they are
    destroyed.
    """
    generation = keys.renew_data_key(secrets.PURPOSE)
    while reseal(generation, now=now):
        pass
    return generation


@transaction.atomic
def reseal(generation: int, *, now: datetime) -> int:
    """Seal some rows that stand under an older key under the newest; returns how many, 0 when there are none left."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDER, [generation.to_bytes(4), AT_ONCE])
        rows: list[Row] = cursor.fetchall()
        if not rows:
            return 0
        plain = [(str(fact), secrets.unsealed(fact, sealed)) for fact, sealed, _, _ in rows]
        anew = keys.seal_many(secrets.PURPOSE, plain)
        cursor.execute(_RENEW, [[row[0] for row in rows], anew])
    states = [_state(row, sealed) for row, sealed in zip(rows, anew, strict=True)]
    log.append(Kind.SECRETS_RESEALED, now=now, about={"count": len(rows), "generation": generation}, rows=states)
    return len(rows)


def _state(row: Row, sealed: bytes) -> RowState:
    fact, _, event, ordinal = row
    return RowState(secrets.TABLE, chunk_key(EventId(event), ordinal), secrets.leaf(fact, sealed))
