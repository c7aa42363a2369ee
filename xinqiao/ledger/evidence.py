"""What we hand out so that others can check: the log's half of every piece of evidence (docs/evidence-format.md)."""

import base64
from collections.abc import Sequence
from typing import Any, Final

from xinqiao.kernel.ids import EventId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import identity, promises, queries, tree
from xinqiao.ledger.entries import read
from xinqiao.ledger.errors import NotGrown, NotYetSequenced, UnknownEvent

ROW: Final = "xinqiao-row/1"
CONSISTENCY: Final = "xinqiao-consistency/1"


def of_event(event_id: EventId) -> dict[str, Any]:
    """`event` with `proof` and `checkpoint` once it has its place, with `promise` before. Raises `UnknownEvent`."""
    event = {"event": queries.event(event_id).body}
    try:
        proof = queries.proof(event_id)
    except NotYetSequenced:
        return {**event, "promise": promises.promise(event_id)["note"]}
    path = {"index": proof.index, "size": proof.size, "path": _texts(proof.path)}
    return {**event, "proof": path, "checkpoint": proof.checkpoint}


def of_row(event_id: EventId, ordinal: int) -> dict[str, Any]:
    """That row `ordinal` of a bulk act is in the log: two proofs in one file. Raises `UnknownEvent`.

    The content is not here: who may tell it adds `fact`, which opens the leaf.
    """
    leaves = queries.chunk_leaves(event_id)
    chunk = read(queries.event(event_id).body).chunk
    if chunk is None or not 0 <= ordinal < len(leaves):
        raise UnknownEvent(
            Saying("编号为 {event_id} 的成批登记没有第 {ordinal} 行。", event_id=event_id, ordinal=ordinal)
        )
    path = _texts(tree.chunk_inclusion(leaves, ordinal))
    row = {"table": chunk.covers, "ordinal": ordinal, "leaf": leaves[ordinal].hex(), "path": path}
    return {"format": ROW, "log": identity.origin(), **of_event(event_id), "row": row}


def of_growth(old: str) -> dict[str, Any]:
    """That the log has only grown since this checkpoint of ours. Raises `NotTrusted`, `NotYetSequenced`, `NotGrown`."""
    earlier, newest = identity.opened(old), queries.checkpoint()
    if newest is None:
        raise NotYetSequenced(Saying("日志中还没有检查点。"))
    size = identity.opened(newest).size
    if not 0 < earlier.size <= size:
        raise NotGrown(Saying("这份检查点有 {seen} 条，现在的日志有 {size} 条。", seen=earlier.size, size=size))
    path = queries.consistency(earlier.size, size)
    named = {"format": CONSISTENCY, "log": identity.origin()}
    return {**named, "old": identity.alone(old), "new": newest, "path": _texts(path)}


def _texts(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(step).decode() for step in hashes]
