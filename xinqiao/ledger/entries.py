"""What an entry of the log says, as text that is hashed and as a value that is read. Pure.

    {"about":{…},"at":"2026-03-02T01:00:00.000000Z","event":17,"kind":"…","rows":[[table,key,digest|null],…]}
    {"about":{…},"at":…,"chunk":{"count":n,"covers":table,"root":hex},"event":18,"kind":"…"}

Never personal or commercial content: ids, counts, and keyed or salted hashes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from xinqiao.kernel.ids import EventId
from xinqiao.ledger.canonical import JsonValue, admit, encode
from xinqiao.ledger.errors import EntryInvalid

HASH: Final = 32  # bytes of SHA-256
# A body is read whole by followers and by every check; beyond these an act belongs in a chunk.
ROWS_MAX: Final = 5_000
BODY_MAX: Final = 1_000_000  # characters


class RowState(NamedTuple):
    """How a covered row stands after the act. `digest` is None when the row was lawfully erased or removed."""

    table: str
    key: str
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class ChunkState:
    """The rows of a bulk act: how many, of which table, and the RFC 6962 root over their 32-byte leaves."""

    covers: str
    count: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A body, read."""

    event: EventId
    kind: str
    at: datetime
    about: Mapping[str, Any]
    rows: tuple[RowState, ...] = ()
    chunk: ChunkState | None = None


def body(
    event: EventId,
    kind: str,
    *,
    now: datetime,
    about: Mapping[str, JsonValue],
    rows: Sequence[RowState] = (),
    chunk: ChunkState | None = None,
) -> str:
    """The canonical text of an entry. Raises `EntryInvalid`."""
    admit(told := dict(about))
    said: dict[str, JsonValue] = {"about": told, "at": instant(now), "event": event, "kind": str(kind)}
    if rows:
        said["rows"] = [_row(*row) for row in rows]
    if chunk is not None:
        said["chunk"] = {"count": chunk.count, "covers": chunk.covers, "root": _hash(chunk.root).hex()}
    text = encode(said)
    if len(rows) > ROWS_MAX or len(text) > BODY_MAX:
        raise EntryInvalid(f"{len(rows)} rows, {len(text)} characters: this act belongs in a chunk")
    return text


def read(text: str) -> Entry:
    """The entry a body says. Raises `ValueError` or `KeyError` when it is no body of ours."""
    said = json.loads(text)
    rows = tuple(RowState(table, key, digest and bytes.fromhex(digest)) for table, key, digest in said.get("rows", ()))
    chunk = said.get("chunk")
    return Entry(
        EventId(said["event"]),
        said["kind"],
        datetime.fromisoformat(said["at"]),
        said["about"],
        rows,
        chunk and ChunkState(chunk["covers"], chunk["count"], bytes.fromhex(chunk["root"])),
    )


def leaf(text: str) -> bytes:
    """The leaf hash of a body (RFC 6962 §2.1)."""
    return sha256(b"\x00" + text.encode()).digest()


def instant(moment: datetime) -> str:
    """An aware moment as UTC text to the microsecond."""
    if moment.tzinfo is None:
        raise EntryInvalid("a moment without a time zone is no moment")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _row(table: str, key: str, digest: bytes | None) -> list[JsonValue]:
    return [str(table), str(key), None if digest is None else _hash(digest).hex()]


def _hash(digest: bytes) -> bytes:
    if len(digest) != HASH:
        raise EntryInvalid(f"a digest has {HASH} bytes, not {len(digest)}")
    return digest
