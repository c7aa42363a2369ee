"""Finding what the log says of one thing. For an operator's question now and then: it reads the log through."""

import json
from collections.abc import Mapping
from typing import Any, Final

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


def path(kind: str, number: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """One thing with what its domain says of it, and the events that name it; JSON-ready."""
    return {"kind": kind, kind: number, **said, "events": [_told(event) for event in events_about({kind: number})]}


def _told(event: Event) -> dict[str, Any]:
    return {
        "position": event.position,
        "event": event.id,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "about": dict(event.about),
    }
