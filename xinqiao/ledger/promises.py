"""受理凭据: what an act's answer carries at once, before the event has its place."""

import base64
from typing import Final

from xinqiao.kernel.ids import EventId
from xinqiao.ledger import entries, identity, queries

PROMISE: Final = "xinqiao-promise/1"


def promise(event_id: EventId) -> dict[str, str]:
    """As `promise_of`, for an event by its id. Raises `UnknownEvent`."""
    return promise_of(queries.event(event_id).body)


def promise_of(body: str) -> dict[str, str]:
    """The log's signed word that this event will be given a place: `{"leaf": hex, "note": signed note}`.

    To be handed out only once the act is committed.
    """
    leaf = entries.leaf(body)
    text = f"{PROMISE}\n{identity.origin()}\n{base64.b64encode(leaf).decode()}\n"
    return {"leaf": leaf.hex(), "note": identity.signed(text)}
