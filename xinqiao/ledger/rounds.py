"""One round of the sequencer: what waits, its places, the tiles, the checkpoint over them, and the notes of it all."""

import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import entries, identity, seals, tree
from xinqiao.ledger.errors import LedgerAltered
from xinqiao_verify.notes import Checkpoint

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sequenced:
    """What a round did: how many entries it placed, and the size of the log now."""

    count: int
    size: int


@dataclass(frozen=True)
class Waiting:
    """A committed entry without a place."""

    event: int
    ordinal: int
    xact: str
    body: str
    seal: bytes


@dataclass(frozen=True)
class Notes:
    """How far the last round got: the log's size, and what that round could see of which server."""

    size: int
    system: str
    snapshot: str
    ordinal: int

    @property
    def parts(self) -> tuple[object, ...]:
        return self.size, self.system, self.snapshot, self.ordinal


def run(cursor: Any, now: datetime) -> Sequenced:
    """Inside one repeatable-read transaction that holds the round's lock. Raises `LedgerAltered`."""
    last, here = _last(cursor), _here(cursor)
    size = last.size if last else _size(cursor)
    waiting = _genuine(_waiting(cursor, last, here))
    if waiting:
        _place(cursor, size, waiting, now)
    if waiting or last is None or here.ordinal - last.ordinal > _ORDINALS_UNNOTED:
        _note(cursor, Notes(size + len(waiting), here.system, here.snapshot, here.ordinal))
    return Sequenced(len(waiting), size + len(waiting))


# Acts that were rolled back use up ordinals; noting them now and then keeps the backlog's gauge honest.
_ORDINALS_UNNOTED: Final = 1_000


def _last(cursor: Any) -> Notes | None:
    """The last round's notes, or None where they are missing or not the program's own."""
    cursor.execute("SELECT size, system::text, snapshot::text, ordinal, seal FROM ledger_sequencer")
    if (row := cursor.fetchone()) is None:
        return None
    *parts, seal = row
    notes = Notes(*parts)
    if seals.holds(seal, seals.SEQUENCER, *notes.parts):
        return notes
    log.error("the sequencer's notes were altered; every entry is looked at again")
    return None


def _here(cursor: Any) -> Notes:
    """What this round can see. `size` is not known from it."""
    cursor.execute(
        "SELECT 0, system_identifier::text, pg_current_snapshot()::text, (SELECT last_value FROM ledger_event_ordinal)"
        " FROM pg_control_system()"
    )
    return Notes(*cursor.fetchone())


def _size(cursor: Any) -> int:
    cursor.execute("SELECT coalesce(max(position) + 1, 0) FROM ledger_position")
    (size,) = cursor.fetchone()
    return int(size)


_COLUMNS: Final = "SELECT e.id, e.ordinal, e.xact::text, e.body, e.seal FROM ledger_event e WHERE "
_WITHOUT_A_PLACE: Final = "NOT EXISTS (SELECT FROM ledger_position p WHERE p.event = e.id) ORDER BY e.ordinal"
# Seen now and not then: begun after the last snapshot, or in progress when it was taken. The upper bound keeps entries
# that came from another server, with its higher transaction ids, from being looked at in every round.
_NOT_SEEN_THEN: Final = (
    "(e.xact >= pg_snapshot_xmax(%(then)s::pg_snapshot)"
    " OR e.xact = ANY(ARRAY(SELECT pg_snapshot_xip(%(then)s::pg_snapshot))))"
    " AND e.xact < pg_snapshot_xmax(%(here)s::pg_snapshot) AND "
)


def _waiting(cursor: Any, last: Notes | None, here: Notes) -> list[Waiting]:
    if last is not None and last.system == here.system and _xmax(last) <= _xmax(here):
        window = {"then": last.snapshot, "here": here.snapshot}
        cursor.execute(_COLUMNS + _NOT_SEEN_THEN + _WITHOUT_A_PLACE, window)
    else:
        cursor.execute(_COLUMNS + _WITHOUT_A_PLACE)
    return [Waiting(*row) for row in cursor.fetchall()]


def _xmax(notes: Notes) -> int:
    return int(notes.snapshot.split(":")[1])


def _genuine(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Those the program wrote. One that it did not write gets no place; `checking` names each of them."""
    seal = seals.sealer(seals.EVENT)
    genuine = [w for w in waiting if hmac.compare_digest(w.seal, seal(w.body))]
    if forged := len(waiting) - len(genuine):
        log.error("%s entries were not written by the program and get no place", forged)
    return genuine


def _place(cursor: Any, size: int, waiting: Sequence[Waiting], now: datetime) -> None:
    edge = _edge(cursor, size)
    tree.grow(edge, size, [entries.leaf(w.body) for w in waiting])
    grown = size + len(waiting)
    _store_positions(cursor, size, waiting)
    _store_tiles(cursor, edge)
    _store_checkpoint(cursor, size, Checkpoint(identity.origin(), grown, tree.root(edge, grown)), now)


def _edge(cursor: Any, size: int) -> dict[tree.Place, bytes]:
    """The unfinished tiles. Raises `LedgerAltered` unless they lead to the root signed last: a fork is never signed."""
    places = tree.edge_of(size)
    cursor.execute(
        "SELECT level, index, data FROM ledger_tile JOIN unnest(%s::smallint[], %s::bigint[]) AS p(level, index)"
        " USING (level, index)",
        ([level for level, _ in places], [index for _, index in places]),
    )
    edge = {(level, index): bytes(data) for level, index, data in cursor.fetchall()}
    cursor.execute("SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
    note = cursor.fetchone()
    whole = all(len(edge.get(place, b"")) == width for place, width in places.items())
    if size and not (
        whole and note and note[0].startswith(Checkpoint(identity.origin(), size, tree.root(edge, size)).text)
    ):
        raise LedgerAltered(Saying("日志的树与最后签署的检查点不一致，已停止编入，请先运行 xinqiao ledger check。"))
    return edge


def _store_positions(cursor: Any, size: int, waiting: Sequence[Waiting]) -> None:
    seal = seals.of_positions()
    marks = [seal(size + n, w.event, w.ordinal, w.xact) for n, w in enumerate(waiting)]
    cursor.execute(
        "INSERT INTO ledger_position (position, event, seal)"
        " SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::bytea[])",
        (list(range(size, size + len(waiting))), [w.event for w in waiting], marks),
    )


def _store_tiles(cursor: Any, edge: dict[tree.Place, bytes]) -> None:
    cursor.execute(
        "INSERT INTO ledger_tile (level, index, data) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])"
        " ON CONFLICT (level, index) DO UPDATE SET data = excluded.data"
        " WHERE length(ledger_tile.data) < length(excluded.data)",
        ([level for level, _ in edge], [index for _, index in edge], list(edge.values())),
    )


def _store_checkpoint(cursor: Any, before: int, checkpoint: Checkpoint, now: datetime) -> None:
    note, at = identity.signed(checkpoint.text), entries.instant(now)
    cursor.execute(
        "INSERT INTO ledger_checkpoint (size, before, note, at, seal) VALUES (%s, %s, %s, %s, %s)",
        (checkpoint.size, before, note, at, seals.seal(seals.CHECKPOINT, checkpoint.size, before, at, note)),
    )


def _note(cursor: Any, notes: Notes) -> None:
    cursor.execute(
        "INSERT INTO ledger_sequencer (size, system, snapshot, ordinal, seal)"
        " VALUES (%s, %s::numeric, %s::pg_snapshot, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET size = excluded.size, system = excluded.system,"
        " snapshot = excluded.snapshot, ordinal = excluded.ordinal, seal = excluded.seal",
        (*notes.parts, seals.seal(seals.SEQUENCER, *notes.parts)),
    )
