"""The log's half of every piece of evidence: this event is in this log, or was promised a place in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xinqiao_verify import merkle
from xinqiao_verify.notes import Trust, named, open_sole_checkpoint, open_sole_note
from xinqiao_verify.strict import Malformed, fields, number, text, unbase64

PROMISE = "xinqiao-promise/1"
HASH = 32
PATH_LONGEST = 64  # steps: a log of 2^64 entries


class Standing(StrEnum):
    PROVEN = "proven"  # in the log, under a signed checkpoint
    PROMISED = "promised"  # signed, and promised a place; ask for the evidence again to see it proven


class Refused(Exception):
    """The file does not prove what it says; the sentence tells which part fails."""


@dataclass(frozen=True)
class Place:
    """Where the event stands. `position` and `size` (of the log under the checkpoint) are None for a promise."""

    standing: Standing
    position: int | None = None
    size: int | None = None


PROOF, PROMISED = ("proof", "checkpoint"), ("promise",)
"""The fields evidence carries for either standing."""


def place_of(file: Mapping[str, Any], event: str, log: str, trust: Trust) -> Place:
    """Where the event text stands in the log, by the file's proof or promise. Raises `Refused`, `NotTrusted`."""
    leaf = merkle.leaf_hash(event.encode())
    if "promise" in file:
        _promised(text(file["promise"]), leaf, log, trust)
        return Place(Standing.PROMISED)
    checkpoint = open_sole_checkpoint(text(file["checkpoint"]), *named(trust, log))
    proof = fields(file["proof"], ("index", "size", "path"))
    if number(proof["size"]) != checkpoint.size:
        raise Refused("proof and checkpoint speak of different sizes of the log")
    if not merkle.included(leaf, number(proof["index"]), checkpoint.size, path(proof["path"]), checkpoint.root):
        raise Refused("the proof does not lead to the checkpoint's root")
    return Place(Standing.PROVEN, proof["index"], checkpoint.size)


def path(steps: Any) -> list[bytes]:
    """The hashes of a proof."""
    if not isinstance(steps, list) or len(steps) > PATH_LONGEST:
        raise Malformed("a proof has a path")
    hashes = [unbase64(step) for step in steps]
    if any(len(step) != HASH for step in hashes):
        raise Malformed(f"a step of a path has {HASH} bytes")
    return hashes


def _promised(note: str, leaf: bytes, log: str, trust: Trust) -> None:
    lines = open_sole_note(note, *named(trust, log)).splitlines()
    if len(lines) != 3 or lines[:2] != [PROMISE, log] or unbase64(lines[2]) != leaf:  # noqa: PLR2004 - the three lines
        raise Refused("the promise speaks of another event")
