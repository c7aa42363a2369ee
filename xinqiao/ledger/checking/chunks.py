"""Chunk-covered tables: row n of a bulk act against leaf n of its list, and the lists against the events' roots."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, Generic, TypeVar

from xinqiao.kernel.ids import EventId
from xinqiao.ledger import tree
from xinqiao.ledger.checking.report import CheckReport, What
from xinqiao.ledger.checking.said import Said
from xinqiao.ledger.covering import ERASED, Covered, CoveredRow, chunk_key, stream
from xinqiao.ledger.entries import ChunkState

_LISTS: Final = "SELECT event, covers, count, leaves FROM ledger_chunk ORDER BY event"
_LEAVES: Final = "SELECT event, leaves FROM ledger_chunk WHERE covers = %s ORDER BY event"

T = TypeVar("T")


def leaf_lists(report: CheckReport, said: Said) -> set[int]:
    """Name every leaf list that is not the one its event speaks of; returns the events whose list is wrong."""
    wrong = set(said.chunks)
    for event, covers, count, leaves in stream(_LISTS):
        told = said.chunks.get(event)
        if told is None:
            report.name("ledger_chunk", event, What.ADDED)
        elif (covers, count) != (told.covers, told.count) or _root(bytes(leaves)) != told.root:
            report.name("ledger_chunk", event, What.ALTERED)
        else:
            wrong.discard(event)
    listed = {int(f.key) for f in report.found if f.table == "ledger_chunk"}
    for event in sorted(wrong - listed):
        report.name("ledger_chunk", event, What.REMOVED)
    return wrong


def _root(leaves: bytes) -> bytes:
    return tree.chunk_root(tree.hashes(leaves)) if len(leaves) % tree.HASH == 0 else b""


def compare(report: CheckReport, said: Said, covered: Covered, wrong: set[int]) -> None:
    """Name every row of the table that is not its leaf, and every leaf that has lost its row."""
    report.tables[covered.table] = 0
    rows = _ByEvent((row.event_id or -1, row) for row in _counted(report, covered))
    leaves = _ByEvent((event, bytes(leaves)) for event, leaves in stream(_LEAVES, (covered.table,)))
    later = _ByEvent((event, (ordinal, digest)) for event, ordinal, digest in said.latest_places(covered.table))
    for event in sorted(e for e, chunk in said.chunks.items() if chunk.covers == covered.table):
        _strays(report, covered, rows.before(event))
        chunk = Chunk(report, covered.table, EventId(event), dict(later.of(event)))
        here = rows.of(event)
        chunk.compare(here, _expected(said.chunks[event], here, leaves.of(event), relied=event not in wrong))
    _strays(report, covered, rows.before(None))


def _counted(report: CheckReport, covered: Covered) -> Iterator[CoveredRow]:
    for row in covered.read():
        report.tables[covered.table] += 1
        yield row


def _strays(report: CheckReport, covered: Covered, rows: Iterable[CoveredRow]) -> None:
    for row in rows:
        report.name(covered.table, row.key, What.ADDED)


def _expected(
    told: ChunkState, rows: Sequence[CoveredRow], lists: Sequence[bytes], *, relied: bool
) -> Sequence[bytes] | None:
    """The leaves to hold the rows against: the rows' own where the list was altered and they still give the root."""
    listed = tree.hashes(lists[0]) if lists else []
    if relied:
        return listed
    own = [row.digest for row in sorted(rows, key=lambda row: row.ordinal or 0)]
    if tree.chunk_root(own) == told.root:
        return own
    return listed if len(listed) == told.count else None


class Chunk:
    """The rows of one bulk act."""

    def __init__(self, report: CheckReport, table: str, event: EventId, later: dict[int, bytes | None]) -> None:
        self._report, self._table, self._event, self._later = report, table, event, later

    def compare(self, rows: Sequence[CoveredRow], leaves: Sequence[bytes] | None) -> None:
        if leaves is None:
            self._report.name(self._table, f"{self._event}/*", What.ALTERED, "行与登记的根都对不上")
            return
        seen = bytearray(len(leaves))
        for row in rows:
            self._row(row, leaves, seen)
        for ordinal, there in enumerate(seen):
            if not there and self._later.get(ordinal, b"") is not None:
                self._report.name(self._table, chunk_key(self._event, ordinal), What.REMOVED)

    def _row(self, row: CoveredRow, leaves: Sequence[bytes], seen: bytearray) -> None:
        ordinal = -1 if row.ordinal is None else row.ordinal
        if not 0 <= ordinal < len(leaves) or seen[ordinal]:
            self._report.name(self._table, row.key, What.ADDED)
            return
        seen[ordinal] = 1
        expected = self._later.get(ordinal, leaves[ordinal])
        if expected is None and row.digest != ERASED:
            self._report.name(self._table, row.key, What.ADDED, "已依法删除的内容又出现了")
        elif expected is not None and row.digest != expected:
            self._report.name(self._table, row.key, What.ALTERED)


class _ByEvent(Generic[T]):
    """Values that come in the order of their events, taken event by event."""

    def __init__(self, pairs: Iterable[tuple[int, T]]) -> None:
        self._groups = groupby(pairs, key=lambda pair: pair[0])
        self._ahead: tuple[int, list[T]] | None = None
        self._advance()

    def before(self, event: int | None) -> list[T]:
        """Everything of events before this one (of all that are left, for None)."""
        passed: list[T] = []
        while self._ahead is not None and (event is None or self._ahead[0] < event):
            passed += self._ahead[1]
            self._advance()
        return passed

    def of(self, event: int) -> list[T]:
        self.before(event)
        if self._ahead is None or self._ahead[0] != event:
            return []
        values = self._ahead[1]
        self._advance()
        return values

    def _advance(self) -> None:
        self._ahead = next(((event, [value for _, value in group]) for event, group in self._groups), None)
