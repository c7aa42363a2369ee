"""Reading evidence in one way only: a byte that could be changed unnoticed would be a byte that proves nothing."""

import base64
import binascii
import json
from collections.abc import Collection, Iterator
from typing import Any

from xinqiao_verify.canonical import read

# What a page may put in place of these, so that a file shown inside it cannot end it.
IN_A_PAGE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"}


class Malformed(ValueError):
    """The file is not evidence of a kind we know."""


def document(text: str) -> dict[str, Any]:
    """The object a file holds. Its layout must be one we write (one line, or indented by one or two), to the byte."""
    try:
        value = read(text)
    except RecursionError as error:
        raise Malformed("nested too deeply") from error
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    if text.removesuffix("\n") not in _layouts(value):
        raise Malformed("the JSON was re-written by another program; use the file as it was handed out")
    return value


def _layouts(value: dict[str, Any]) -> Iterator[str]:
    yield (plain := json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    yield plain.translate(IN_A_PAGE)
    for spaces in (1, 2):
        yield json.dumps(value, ensure_ascii=False, indent=spaces)
    yield json.dumps(value, ensure_ascii=False)


def fields(value: Any, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """The object, if it has exactly these fields."""
    if not isinstance(value, dict) or not set(required) <= value.keys() <= {*required, *optional}:
        raise Malformed(f"expected the fields {', '.join(required)}")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("text expected")
    return value


def number(value: Any) -> int:
    """A whole number from 0."""
    if type(value) is not int or value < 0:
        raise Malformed("a whole number from 0 expected")
    return value


def unbase64(encoded: Any) -> bytes:
    """Standard base64, written as we would write it: other spellings of the same bytes are refused."""
    try:
        raw = base64.b64decode(text(encoded), validate=True)
    except binascii.Error as error:
        raise Malformed("not base64") from error
    if base64.b64encode(raw).decode() != encoded:
        raise Malformed("base64 in another spelling")
    return raw


def unhex(encoded: Any) -> bytes:
    """Lower-case hexadecimal."""
    try:
        raw = bytes.fromhex(text(encoded))
    except ValueError as error:
        raise Malformed("not hexadecimal") from error
    if raw.hex() != encoded:
        raise Malformed("hexadecimal in another spelling")
    return raw
