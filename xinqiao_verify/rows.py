"""Is this row in the log? Two proofs: the row's leaf in the bulk act's list, and the act's event in the log.

With the row's content and salt the leaf itself is computed anew: `fact` below, docs/evidence-format.md for its shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from xinqiao_verify import merkle
from xinqiao_verify.canonical import read
from xinqiao_verify.notes import Trust
from xinqiao_verify.proofs import PROMISED, PROOF, Refused, Standing, path, place_of
from xinqiao_verify.reading import evidence
from xinqiao_verify.strict import Malformed, fields, number, text, unbase64, unhex

FORMAT = "xinqiao-row/1"
LEAF = b"\x00"
SALT = 16  # bytes


@dataclass(frozen=True)
class RowVerdict:
    """What holds: the row of `table` at `ordinal` of its bulk act. `fact` is its content, where the file opens it."""

    standing: Standing
    table: str
    ordinal: int
    fact: Mapping[str, Any] | None = None
    position: int | None = None
    size: int | None = None


def verify(content: str | bytes, trust: Trust) -> RowVerdict:
    """Check a row's evidence against keys from outside it. Raises `Refused` at the first part that fails."""
    with evidence(content) as file:
        if file.get("format") != FORMAT:
            raise Refused(f"not a {FORMAT} file")
        return check(file, trust)


def check(file: Mapping[str, Any], trust: Trust) -> RowVerdict:
    """First the content against the leaf, then the leaf in the act's list, then the act's event in the log."""
    fields(file, ("format", "log", "event", "row", *(PROMISED if "promise" in file else PROOF)), ("fact",))
    row, event = fields(file["row"], ("table", "ordinal", "leaf", "path")), text(file["event"])
    leaf, fact = unhex(row["leaf"]), file.get("fact")
    if "fact" in file and _fact_leaf(fact) != leaf:
        raise Refused("the content is not what the leaf was made from")
    _in_chunk(read(event)["chunk"], row, leaf)
    place = place_of(file, event, text(file["log"]), trust)
    return RowVerdict(place.standing, row["table"], row["ordinal"], fact, place.position, place.size)


def _in_chunk(chunk: Mapping[str, Any], row: Mapping[str, Any], leaf: bytes) -> None:
    if text(row["table"]) != chunk["covers"]:
        raise Refused("the event speaks of another table")
    ordinal, steps = number(row["ordinal"]), path(row["path"])
    if not merkle.included(merkle.leaf_hash(leaf), ordinal, chunk["count"], steps, unhex(chunk["root"])):
        raise Refused("the row is not in the list its event speaks of")


def _fact_leaf(fact: Any) -> bytes:
    """SHA-256(0x00 ‖ envelope ‖ SHA-256(salt ‖ payload) ‖ secret part), the secret part a hash that tells nothing."""
    parts = fields(fact, ("envelope", "payload", "salt", "secret_hash"))
    salt, payload = unbase64(parts["salt"]), text(parts["payload"])
    if len(salt) != SALT or not isinstance(read(payload), dict):
        raise Malformed("a fact is an object under a salt of 16 bytes")  # else the one could borrow from the other
    opened = sha256(salt + payload.encode()).digest()
    return sha256(LEAF + text(parts["envelope"]).encode() + opened + unhex(parts["secret_hash"])).digest()
