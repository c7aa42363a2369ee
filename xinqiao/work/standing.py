"""How the work stands: what waits, what is being done, what has failed for good."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

_COUNTED: Final = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
_FAILED: Final = ("failed", "aborted")


@dataclass(frozen=True, slots=True)
class Counts:
    """Jobs by how they stand. What succeeded is not kept."""

    waiting: int
    doing: int
    failed: int


def counts() -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        found = dict(cursor.fetchall())
    failed = sum(found.get(status, 0) for status in _FAILED)
    return Counts(found.get("todo", 0), found.get("doing", 0), failed)
