"""Finding what the log says of one thing. For an operator's question now and then: it reads the log through."""

import json
from collections.abc import Mapping
from typing import Final

from django.db import connection

from xinqiao.ledger.queries import Event, as_event

MOST: Final = 1_000  # events told of one thing; an operator reads no further

_ABOUT: Final = (
    "SELECT e.id, e.kind, p.position, e.body FROM ledger_event e LEFT JOIN ledger_position p ON p.event = e.id"
    " WHERE (e.body::jsonb -> 'about') @> %s::jsonb ORDER BY p.position NULLS LAST, e.id LIMIT %s"
)


def events_about(said: Mapping[str, int | str]) -> list[Event]:
    """The events whose `about` says this (`{"grant": 7}`), in the order of the log, those without a place yet last."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, (json.dumps(dict(said)), MOST))
        return [as_event(*row) for row in cursor.fetchall()]
