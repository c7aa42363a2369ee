"""Is this the agreement both sides signed, unaltered? And was a letter signed as it says? docs/evidence-format.md.

The signatures are people's acts at the platform, which it certifies: who, for which side, when, shown by what.
"""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from xinqiao_verify.notes import Trust
from xinqiao_verify.proofs import Refused
from xinqiao_verify.receipts import Verdict, certified
from xinqiao_verify.strict import Malformed, fields, text

FORMAT = "xinqiao-agreement/1"
LETTER = "xinqiao-letter/1"
SIDES = ["institution", "platform"]
AGREEMENT = (
    "agreement", "document", "draft", "log", "institution", "text", "scope", "replaces", "assessment", "signatures",
    "nonce",
)  # fmt: skip
SCOPE = ("items", "purposes", "since", "until")
SIGNATURE = ("side", "person", "name", "method", "signed_at")


def check(file: Mapping[str, Any], trust: Trust) -> Verdict:
    """An agreement: the text is the one signed, and two people of the two sides signed it, the institution first."""
    verdict = certified(file, trust, FORMAT, ("text",))
    body = fields(dict(verdict.receipt), AGREEMENT)
    _same_text(file, body)
    scope = fields(body["scope"], SCOPE, ("feedback",))
    if _day(scope["since"]) > _day(scope["until"]):
        raise Refused("the term ends before it begins")
    signed = [fields(one, SIGNATURE) for one in body["signatures"]]
    if [one["side"] for one in signed] != SIDES or signed[0]["person"] == signed[1]["person"]:
        raise Refused("not signed by two people, one of each side")
    if _moment(signed[0]["signed_at"]) > _moment(signed[1]["signed_at"]):
        raise Refused("the platform signed before the institution")
    return verdict


def check_letter(file: Mapping[str, Any], trust: Trust) -> Verdict:
    """A letter one person signed for an organisation."""
    verdict = certified(file, trust, LETTER, ("text",))
    _same_text(file, fields(dict(verdict.receipt), ("letter", "log", "organisation", "text", "signature", "nonce")))
    return verdict


def _same_text(file: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    named = fields(body["text"], ("name", "version", "sha256", "english_sha256"))
    if "text" not in file:
        raise Refused("the text that was signed is missing")
    if sha256(text(file["text"]).encode()).hexdigest() != named["sha256"]:
        raise Refused("the text is not the one that was signed")


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(text(value))
    except ValueError as error:
        raise Malformed("a day expected") from error


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError as error:
        raise Malformed("a moment expected") from error
    if moment.tzinfo is None:
        raise Malformed("a moment says its time zone")
    return moment
