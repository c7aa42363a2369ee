"""Receipts of the house: a body signed with its receipts' key, whose digest stands in the event it speaks of.

What is told (`disclosure`) and what is taken in (`intake`) is receipted alike; docs/evidence-format.md has the shape.
"""

import base64
import json
from hashlib import sha256
from typing import Any, Final

from xinqiao import catalogue, keys
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import evidence
from xinqiao_verify.notes import Key

SIGNING_KEY: Final = "receipts"  # its name in the key room
NONCE: Final = 16  # bytes: nobody guesses a receipt from its hash


def key() -> Key:
    """The public key receipts are signed with; `.line` is what a trust file holds."""
    return Key(f"{catalogue.city().code}.xinqiao/{SIGNING_KEY}", keys.public(SIGNING_KEY))


def digest(body: str) -> str:
    """What the event says of the receipt, as `about.receipt_digest`."""
    return sha256(body.encode()).hexdigest()


def sign(form: str, body: str) -> bytes:
    """`form` is part of what is signed, so that no kind of receipt can pass for another."""
    return keys.sign(SIGNING_KEY, f"{form}\n{body}".encode())


def signed(form: str, body: str, signature: bytes) -> dict[str, Any]:
    """The house's half of the file."""
    value = base64.b64encode(signature).decode()
    return {"format": form, "receipt": json.loads(body), "signature": {"key": key().name, "value": value}}


def file(form: str, body: str, signature: bytes, event: EventId) -> dict[str, Any]:
    """The whole evidence: promised at once, proven once the event has its place."""
    return {**signed(form, body, signature), **evidence.of_event(event)}
