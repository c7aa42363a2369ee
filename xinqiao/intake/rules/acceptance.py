"""What a source's receipt says of a delivery. docs/evidence-format.md tells each part."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

FORMAT: Final = "xinqiao-acceptance/1"
WORDS: Final = ("source", "item", "period", "mode", "state")
ROWS: Final = ("delivered", "accepted", "rejected", "held", "unplaced")


def body(delivery: Mapping[str, Any], *, log: str, signed_at: datetime, nonce: str) -> dict[str, Any]:
    """`delivery` as its row has it; the nonce keeps anybody from guessing a receipt from its hash."""
    return {
        "log": log,
        "delivery": delivery["id"],
        "replaces": delivery["replaces_id"],
        "file": {"name": delivery["filename"], "sha256": delivery["digest"], "bytes": delivery["size"]},
        "received_at": instant(delivery["received_at"]),
        "signed_at": instant(signed_at),
        "rows": {name: delivery[name] for name in ROWS},
        "nonce": nonce,
        **{name: str(delivery[name]) for name in WORDS},
    }


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
