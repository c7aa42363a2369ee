"""JSON in one form only (RFC 8785), by the standard library's own encoder.

The log carries no fractions, so RFC 8785's number rules never come up, and keys are ASCII, so that sorting by code
point is sorting by UTF-16 unit. Everything else the encoder already does as the RFC has it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from xinqiao.ledger.errors import EntryInvalid

_REFUSED: Final = "{} may not stand in the log: text, whole numbers, true, false, null, lists and objects may"
# RFC 8785 §3.2.2.3 with RFC 7493 §2.2: beyond this two readers may see two numbers.
LARGEST: Final = 2**53 - 1

JsonValue = None | bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def canonical(value: JsonValue) -> str:
    """The RFC 8785 text of a value. Raises `EntryInvalid` for what the log may not carry."""
    admit(value)
    return encode(value)


def encode(value: JsonValue) -> str:
    """The text of a value that was admitted before."""
    text = _encode(value)
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise EntryInvalid("half a character (a lone surrogate) cannot be written") from error
    return text


def admit(value: JsonValue) -> None:
    """Raises `EntryInvalid` for what has no one form; lone surrogates are left to `encode`, which meets them anyway."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise EntryInvalid(f"{value} is beyond 2^53 - 1")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise EntryInvalid(f"{key!r} is no key: keys are ASCII text")
            admit(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            admit(inner)
    else:
        raise EntryInvalid(_REFUSED.format(type(value).__name__))
