"""How a call is signed, as Standard Webhooks has it: any of its libraries checks it. Pure."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
LENGTH: Final = 32  # bytes


def written(secret: bytes) -> str:
    """A secret as its receiver is given it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(event_id: str, body: bytes, secrets: Sequence[bytes], now: datetime) -> Mapping[str, str]:
    """`webhook-signature` has one signature for each secret that is good, the newest first."""
    sent_at = str(int(now.timestamp()))
    signed = b".".join((event_id.encode(), sent_at.encode(), body))
    marks = (base64.b64encode(hmac.digest(secret, signed, sha256)).decode() for secret in secrets)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": sent_at,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
