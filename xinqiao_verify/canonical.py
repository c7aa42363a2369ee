"""JSON as bytes in one way only (RFC 8785), for what is signed. Evidence carries fractions as text."""

import json
from typing import Any

LARGEST = 2**53 - 1  # RFC 7493 §2.2: beyond it two readers may see two numbers


class NotCanonical(ValueError):
    """The value has no canonical form here: a fraction, a key that is not text, a number too large."""


def canonical(value: Any) -> bytes:
    return _text(value).encode()


def _text(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() if -LARGEST <= value <= LARGEST:
            return str(value)
        case list() | tuple():
            return "[" + ",".join(_text(v) for v in value) + "]"
        case dict():
            if not all(isinstance(k, str) for k in value):
                raise NotCanonical("keys are text")
            pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))  # RFC 8785 §3.2.3
            return "{" + ",".join(f"{_text(k)}:{_text(v)}" for k, v in pairs) + "}"
        case _:
            raise NotCanonical(f"{type(value).__name__} cannot be signed")


def read(text: str | bytes) -> Any:
    """JSON in which no key stands twice: two readers must not see two different documents."""
    return json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a key stands twice")
    return found


def _refuse(number: str) -> Any:
    raise NotCanonical(f"{number} is a fraction; evidence carries fractions as text")
