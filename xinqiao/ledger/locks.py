"""Advisory locks of the log, held by a session and given back by the server when the session dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from zlib import crc32

from django.db import connection, transaction

_CLASS: Final = crc32(b"xinqiao.ledger") - 2**31  # our corner of the server's lock space

ROUND: Final = "round"  # one sequencing round at a time
LEAD: Final = "lead"  # one leading sequencer
VISIT: Final = "visit"  # one visit to the witnesses at a time


@contextmanager
def held(name: str, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of that name; yields whether it was got. Outside transactions only."""
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("the log's locks are taken outside transactions")
    got = _ask("pg_advisory_lock" if wait else "pg_try_advisory_lock", name)
    try:
        yield got
    finally:
        if got and connection.connection is not None:
            _ask("pg_advisory_unlock", name)


def _ask(function: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", (_CLASS, crc32(name.encode()) - 2**31))
        (answer,) = cursor.fetchone()
    return answer is not False
