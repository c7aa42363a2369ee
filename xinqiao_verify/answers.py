"""What a source answered to an ask, signed with its own key: the other half of the evidence of a call.

    {"answer": {"ask": digest, "received_at": …, "answered_at": …, "rows": {item: [{field: text}]}},
     "format": "xinqiao-answer/1", "signature": {"key": name, "value": base64}}

The signature is over the format, a newline and the RFC 8785 form of `answer`. A source that gives nothing answers
`refused`, a type of the platform's list of refusals, in place of `rows`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinqiao_verify.canonical import canonical
from xinqiao_verify.notes import Key
from xinqiao_verify.proofs import Refused
from xinqiao_verify.reading import evidence
from xinqiao_verify.strict import Malformed, fields, text, unbase64

FORMAT = "xinqiao-answer/1"
ALWAYS = ("ask", "received_at", "answered_at")


@dataclass(frozen=True)
class SourceAnswer:
    """`received_at` and `answered_at` are by the source's clock. `refused` is "" where rows were given."""

    received_at: datetime
    answered_at: datetime
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    refused: str


def signed_over(answer: Mapping[str, Any]) -> bytes:
    return FORMAT.encode() + b"\n" + canonical(answer)


def read(content: str | bytes, key: Key, ask: str) -> SourceAnswer:
    """The answer to the ask of this digest, signed with this key. Raises `Refused`."""
    with evidence(content) as file:
        fields(file, ("format", "answer", "signature"))
        if file["format"] != FORMAT:
            raise Refused(f"not a {FORMAT} file")
        answer, signature = file["answer"], fields(file["signature"], ("key", "value"))
        if signature["key"] != key.name or not key.signed(unbase64(signature["value"]), signed_over(answer)):
            raise Refused("not signed by the source")
        if fields(answer, ALWAYS, ("rows", "refused"))["ask"] != ask:
            raise Refused("the answer to another ask")
        return _read(answer)


def _read(answer: Mapping[str, Any]) -> SourceAnswer:
    if ("rows" in answer) == ("refused" in answer):
        raise Malformed("rows or a refusal")
    received, answered = (datetime.fromisoformat(text(answer[name])) for name in ALWAYS[1:])
    if received.tzinfo is None or answered.tzinfo is None:
        raise Malformed("a moment says its time zone")
    rows = {text(item): [_row(one) for one in given] for item, given in answer.get("rows", {}).items()}
    return SourceAnswer(received, answered, rows, text(answer.get("refused", "")))


def _row(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Malformed("a row is an object of texts")
    return {text(name): text(cell) for name, cell in value.items()}
