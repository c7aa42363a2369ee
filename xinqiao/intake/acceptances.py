"""受理回执: what a source holds in hand for what it handed in, signed and in the log, whatever we say later.

Every event about a delivery is signed for: that it was received, how it was judged, that it was released or replaced.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from xinqiao.intake.models import Acceptance, Delivery
from xinqiao.intake.rules.acceptance import FORMAT, body
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import identity, log, receipts
from xinqiao.ledger.canonical import JsonValue, canonical
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import columns, state_of


def say(
    kind: Kind,
    delivery: Delivery,
    *,
    now: datetime,
    about: Mapping[str, JsonValue],
    rows: Sequence[RowState] = (),
    event_id: EventId | None = None,
) -> EventId:
    """Append an event about a delivery and sign for it, inside the act's transaction."""
    event, nonce = event_id or log.reserve_event_id(), os.urandom(receipts.NONCE).hex()
    text = canonical(body(columns(delivery), log=identity.origin(), signed_at=now, nonce=nonce))
    signature = receipts.sign(FORMAT, text)
    signed = Acceptance.objects.create(delivery=delivery, event=event, body=text, signature=signature)
    changed = [state_of(delivery), state_of(signed), *rows]
    told = {**about, "receipt_digest": receipts.digest(text)}
    return log.append(kind, now=now, about=told, rows=changed, event_id=event)
