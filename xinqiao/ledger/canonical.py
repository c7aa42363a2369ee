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
    _admit(value)
    return _encode(value)


def _admit(value: JsonValue) -> None:
    match value:
        case None | bool():
            return
        case str():
            _admit_text(value)
        case int():
            if not -LARGEST <= value <= LARGEST:
                raise EntryInvalid(f"{value} is beyond 2^53 - 1")
        case dict():
            for key, inner in value.items():
                _admit_key(key)
                _admit(inner)
        case list() | tuple():
            for inner in value:
                _admit(inner)
        case _:
            raise EntryInvalid(_REFUSED.format(type(value).__name__))


def _admit_key(key: object) -> None:
    if not isinstance(key, str) or not key.isascii():
        raise EntryInvalid(f"{key!r} is no key: keys are ASCII text")


def _admit_text(text: str) -> None:
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise EntryInvalid("half a character (a lone surrogate) cannot be written") from error
