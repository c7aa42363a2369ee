"""Is this receipt ours, unaltered, and in the log? See docs/evidence-format.md for the shape of the file.

Every key comes from outside the file: a receipt that brings its own key proves nothing.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from xinqiao_verify import merkle
from xinqiao_verify.canonical import NotCanonical, canonical, read
from xinqiao_verify.notes import NotTrusted, Trust, open_checkpoint, open_note

FORMAT = "xinqiao-receipt/1"
PROMISE = "xinqiao-promise/1"


class Standing(StrEnum):
    PROVEN = "proven"  # in the log, under a signed checkpoint
    PROMISED = "promised"  # signed, and promised a place; ask for the receipt again to see it proven


@dataclass(frozen=True)
class Verdict:
    """What holds. `position` and `size` are the event's place and the size of the log under the checkpoint."""

    standing: Standing
    receipt: Mapping[str, Any]
    position: int | None = None
    size: int | None = None


class Refused(Exception):
    """The file does not prove what it says; the sentence tells which part fails."""


def verify(text: str | bytes, trust: Trust) -> Verdict:
    """Check a receipt file against keys from outside it. Raises `Refused` at the first part that fails."""
    try:
        return _verify(read(text), trust)
    except Refused:
        raise
    except NotTrusted as error:
        raise Refused(str(error)) from error
    except (NotCanonical, KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise Refused(f"not a receipt file: {error}") from error


def _verify(file: Mapping[str, Any], trust: Trust) -> Verdict:
    if file["format"] != FORMAT:
        raise Refused(f"unknown format {file['format']!r}")
    receipt = file["receipt"]
    _signed(receipt, file["signature"], trust)
    leaf = _event(file["event"], receipt)
    if "report" in file and _digest(file["report"]) != receipt["report_digest"]:
        raise Refused("the report is not the one this receipt was written for")
    if "proof" not in file:
        _promised(file["promise"], leaf, receipt, trust)
        return Verdict(Standing.PROMISED, receipt)
    checkpoint = open_checkpoint(file["checkpoint"], _known(trust, receipt["log"]))
    proof = file["proof"]
    path = [base64.b64decode(step, validate=True) for step in proof["path"]]
    if proof["size"] != checkpoint.size:
        raise Refused("proof and checkpoint speak of different sizes of the log")
    if not merkle.included(leaf, proof["index"], checkpoint.size, path, checkpoint.root):
        raise Refused("the proof does not lead to the checkpoint's root")
    return Verdict(Standing.PROVEN, receipt, proof["index"], checkpoint.size)


def _digest(value: Any) -> str:
    return sha256(canonical(value)).hexdigest()


def _known(trust: Trust, name: str) -> Any:
    try:
        return trust[name]
    except KeyError:
        raise Refused(f"no trusted key named {name}; give its key line with --trust") from None


def _signed(receipt: Mapping[str, Any], signature: Mapping[str, str], trust: Trust) -> None:
    key = _known(trust, signature["key"])
    if not key.signed(
        base64.b64decode(signature["value"], validate=True), FORMAT.encode() + b"\n" + canonical(receipt)
    ):
        raise Refused("the receipt was altered, or signed by somebody else")


def _event(body: str, receipt: Mapping[str, Any]) -> bytes:
    """The leaf of the event that told; the event must speak of exactly this receipt."""
    about = read(body)["about"]
    if about["receipt_digest"] != _digest(receipt):
        raise Refused("the event in the log speaks of another receipt")
    return merkle.leaf_hash(body.encode())


def _promised(note: str, leaf: bytes, receipt: Mapping[str, Any], trust: Trust) -> None:
    lines = open_note(note, _known(trust, receipt["log"])).splitlines()
    if lines[:1] != [PROMISE] or lines[1] != receipt["log"] or base64.b64decode(lines[2], validate=True) != leaf:
        raise Refused("the promise speaks of another event")
