"""Is this receipt ours, unaltered, and in the log? See docs/evidence-format.md for the shape of the file.

Every key comes from outside the file: a receipt that brings its own key proves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from xinqiao_verify.canonical import canonical, read
from xinqiao_verify.notes import Trust, named
from xinqiao_verify.proofs import PROMISED, PROOF, Refused, Standing, place_of
from xinqiao_verify.reading import evidence
from xinqiao_verify.strict import fields, text, unbase64

__all__ = ["FORMAT", "Refused", "Standing", "Verdict", "certified", "verify"]

FORMAT = "xinqiao-receipt/1"
OURS = ("format", "receipt", "signature", "event")


@dataclass(frozen=True)
class Verdict:
    """What holds. `position` and `size` are the event's place and the size of the log under the checkpoint.

    `report`: whether the report itself was in the file, and so was compared. `digest` is the receipt's SHA-256 (hex).
    """

    standing: Standing
    receipt: Mapping[str, Any]
    position: int | None = None
    size: int | None = None
    report: bool = False
    digest: str = ""


def verify(content: str | bytes, trust: Trust) -> Verdict:
    """Check a receipt file against keys from outside it. Raises `Refused` at the first part that fails."""
    with evidence(content) as file:
        if file.get("format") != FORMAT:
            raise Refused(f"not a {FORMAT} file")
        return check(file, trust)


def check(file: Mapping[str, Any], trust: Trust) -> Verdict:
    """A receipt of what was told, and the report where the file has it."""
    verdict = certified(file, trust, FORMAT, ("report",))
    if "report" in file and _digest(file["report"]) != verdict.receipt["report_digest"]:
        raise Refused("the report is not the one this receipt was written for")
    return verdict


def certified(file: Mapping[str, Any], trust: Trust, form: str, optional: Sequence[str] = ()) -> Verdict:
    """What every receipt of the house has in common, in the order docs/evidence-format.md tells it."""
    fields(file, (*OURS, *(PROMISED if "promise" in file else PROOF)), optional)
    receipt, event = file["receipt"], text(file["event"])
    _signed(receipt, fields(file["signature"], ("key", "value")), trust, form)
    digest = _digest(receipt)
    if read(event)["about"]["receipt_digest"] != digest:
        raise Refused("the event in the log speaks of another receipt")
    place = place_of(file, event, text(receipt["log"]), trust)
    return Verdict(place.standing, receipt, place.position, place.size, "report" in file, digest)


def _digest(value: Any) -> str:
    return sha256(canonical(value)).hexdigest()


def _signed(receipt: Mapping[str, Any], signature: Mapping[str, str], trust: Trust, form: str) -> None:
    """Signed by the house that keeps the log: `410400.xinqiao/receipts` signs for `410400.xinqiao/log` and no other."""
    name = text(signature["key"])
    if name.rpartition("/")[0] != text(receipt["log"]).rpartition("/")[0]:
        raise Refused("signed by one house, and said to be in the log of another")
    value, message = unbase64(signature["value"]), form.encode() + b"\n" + canonical(receipt)
    if not any(key.signed(value, message) for key in named(trust, name)):
        raise Refused("the receipt was altered, or signed by somebody else")
