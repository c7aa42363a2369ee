"""Reading the log."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from xinqiao.database import statements
from xinqiao.kernel.ids import EventId, Position
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import tree
from xinqiao.ledger.errors import NotYetSequenced, UnknownEvent

BEFORE_ALL: Final = Position(-1)  # the latest position of an empty log


@dataclass(frozen=True, slots=True)
class Event:
    """An act as the log holds it. `position` is None until it has its place; `body` is the text that is hashed."""

    id: EventId
    kind: str
    at: datetime
    about: Mapping[str, Any]
    position: Position | None
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """That an event stands at `index` of the log of `size` entries, under a signed checkpoint (RFC 6962 §2.1.1)."""

    index: int
    size: int
    path: tuple[bytes, ...]
    checkpoint: str


_EVENT: Final = (
    "SELECT e.id, e.kind, p.position, e.body FROM ledger_event e LEFT JOIN ledger_position p ON p.event = e.id"
    " WHERE e.id = $1"
)


def event(event_id: EventId) -> Event:
    """The event of this id, placed or not. Raises `UnknownEvent`."""
    if (row := statements.row(_EVENT, event_id)) is None:
        raise UnknownEvent(Saying("日志中没有编号为 {event_id} 的记录。", event_id=event_id))
    return as_event(*row)


def as_event(event_id: EventId, kind: str, position: Position | None, body: str) -> Event:
    """An event from its columns."""
    said = json.loads(body)
    return Event(event_id, kind, datetime.fromisoformat(said["at"]), said["about"], position, body)


_NEWEST: Final = """
SELECT e.id, e.kind, p.position, e.body FROM ledger_position p JOIN ledger_event e ON e.id = p.event
 WHERE e.kind = ANY($1) AND p.position > (SELECT max(position) FROM ledger_position) - $2
 ORDER BY p.position DESC LIMIT $3
"""
NEWEST_AMONG: Final = 100_000  # entries read back at most


def newest(kinds: Sequence[str], *, most: int) -> list[Event]:
    """The newest events of these kinds among the last `NEWEST_AMONG`, the newest first."""
    return [as_event(*row) for row in statements.rows(_NEWEST, list(map(str, kinds)), NEWEST_AMONG, most)]


def position_of(event_id: EventId) -> Position | None:
    """The event's place, or None while it waits for one (or does not exist)."""
    row = statements.row("SELECT position FROM ledger_position WHERE event = $1", event_id)
    return Position(row[0]) if row else None


def positions_of(event_ids: Iterable[EventId]) -> dict[EventId, Position]:
    """The places of those events that have one."""
    found = statements.rows("SELECT event, position FROM ledger_position WHERE event = ANY($1)", list(event_ids))
    return {EventId(event): Position(position) for event, position in found}


def latest_position() -> Position:
    """The place of the last event that has one; -1 in an empty log."""
    row = statements.row("SELECT position FROM ledger_position ORDER BY position DESC LIMIT 1")
    return Position(row[0]) if row else BEFORE_ALL


def position_before(moment: datetime) -> Position | None:
    """The last place under a checkpoint signed before that moment, or None where there was none yet.

    Checkpoints tie places to time: what has its place there was in the log by then.
    """
    row = statements.row("SELECT max(size) - 1 FROM ledger_checkpoint WHERE at < $1", moment)
    return None if row is None or row[0] is None else Position(row[0])


def checkpoint() -> str | None:
    """The newest signed checkpoint, or None while the log is empty."""
    row = statements.row("SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
    return str(row[0]) if row else None


def checkpoint_of(size: int) -> str | None:
    """The signed checkpoint of that size, if there is one."""
    row = statements.row("SELECT note FROM ledger_checkpoint WHERE size = $1", size)
    return str(row[0]) if row else None


def cosignatures(size: int) -> list[str]:
    """The lines by which witnesses cosigned the checkpoint of that size."""
    found = statements.rows("SELECT line FROM ledger_cosignature WHERE size = $1 ORDER BY witness", size)
    return [line for (line,) in found]


def has_place(event_id: EventId) -> bool:
    """Whether the event stands in the log under a checkpoint by now. Raises `UnknownEvent`."""
    try:
        proof(event_id)
    except NotYetSequenced:
        return False
    return True


def proof(event_id: EventId) -> Proof:
    """Proof of the event under the newest checkpoint. Raises `UnknownEvent`, `NotYetSequenced`."""
    if not (found := statements.rows(_PROOF, event_id)):
        event(event_id)
        raise NotYetSequenced(Saying("编号为 {event_id} 的记录已经受理，一秒后即可取得证明。", event_id=event_id))
    index, size, note = found[0][:3]
    path = tree.inclusion({(level, at): data for _, _, _, level, at, data in found}, index, size)
    return Proof(index, size, tuple(path), note)


# The event's place, the newest checkpoint, and at each level the tiles above the event and at the tree's edge: no other
# is needed (`tree.inclusion`). All in one question, for the sake of its answer within a millisecond.
_PROOF: Final = """
SELECT p.position, c.size, c.note, t.level, t.index, t.data
FROM ledger_position p,
    (SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1) c,
    generate_series(0, 7) AS height,
    ledger_tile t
WHERE p.event = $1 AND t.level = height
    AND t.index = ANY (ARRAY[p.position >> 8 * (height + 1), c.size >> 8 * (height + 1)])
"""


def consistency(old: int, size: int) -> list[bytes]:
    """The proof that the log of `size` begins with the log of `old` (RFC 6962 §2.1.2)."""
    return tree.consistency(tiles(tree.places_for_consistency(old, size)), old, size)


def tiles(places: Iterable[tree.Place]) -> dict[tree.Place, bytes]:
    """The tiles at those places, as wide as they are now."""
    wanted = sorted(places)
    found = statements.rows(_TILES, [level for level, _ in wanted], [index for _, index in wanted])
    return {(level, index): data for level, index, data in found}


_TILES: Final = (
    "SELECT level, index, data FROM ledger_tile JOIN unnest($1::smallint[], $2::bigint[]) AS p(level, index)"
    " USING (level, index)"
)


def chunk_leaves(event_id: EventId) -> Sequence[bytes]:
    """The row digests of a bulk act, in the order of the rows' ordinals. Raises `UnknownEvent`."""
    if (row := statements.row("SELECT leaves FROM ledger_chunk WHERE event = $1", event_id)) is None:
        raise UnknownEvent(Saying("编号为 {event_id} 的记录不是成批登记。", event_id=event_id))
    return tree.hashes(bytes(row[0]))
