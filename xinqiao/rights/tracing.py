"""The path of an objection, by ids and events: for `xinqiao trace`. None of its words is read here."""

from typing import Any

from xinqiao.disclosure import corrected
from xinqiao.ledger.tracing import events_about
from xinqiao.rights import queries


def of_objection(number: int) -> dict[str, Any]:
    """An objection: its line, its state, who was told of the correction. Raises `NotFound`."""
    view = queries.objection(number)
    told = corrected.told_of({view.fact, view.stands_on})
    return {
        "kind": "objection",
        "objection": view.number,
        "reference": view.reference,
        "subject": view.subject_id,
        "fact": view.fact,
        "stands_on": view.stands_on,
        "source": view.source,
        "state": str(view.state),
        "corrections": [one.receipt for one in told],
        "events": [
            {
                "position": event.position,
                "event": event.id,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "about": dict(event.about),
            }
            for event in events_about({"objection": number})
        ],
    }
