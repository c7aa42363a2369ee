"""That a fact is in the log: its leaf in the list of the act that stored it, and that act's event in the tree."""

import base64
import json
from typing import Any

from django.db import connection

from xinqiao.creditfile.covered import FACTS, envelope_of
from xinqiao.creditfile.errors import UnknownFact
from xinqiao.creditfile.places import places
from xinqiao.creditfile.rules import leaves
from xinqiao.creditfile.rules.values import canonical
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import evidence


def proof(fact_id: FactId) -> dict[str, Any]:
    """The row's evidence (docs/evidence-format.md), without its content. Raises `UnknownFact`."""
    found = places([fact_id])
    if not found:
        raise UnknownFact(Saying("没有这条信息，或它已被依法删除"))
    return evidence.of_row(found[0].stored_event, found[0].ordinal)


def opening(fact_id: FactId) -> dict[str, str]:
    """What opens the leaf for somebody who may know the fact's open fields; the secret ones stay a hash.

    Content: it leaves only through `disclosure`. Raises `UnknownFact`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{FACTS} WHERE f.id = %s", [fact_id])
        row = cursor.fetchone()
    if row is None:
        raise UnknownFact(Saying("没有这条信息，或它已被依法删除"))
    *said, payload, salt, content, _, _, _ = row
    return {
        "envelope": envelope_of(said).decode(),
        "payload": canonical(json.loads(payload)),
        "salt": base64.b64encode(bytes(salt)).decode(),
        "secret_hash": leaves.parted(bytes(content))[1].hex(),
    }
