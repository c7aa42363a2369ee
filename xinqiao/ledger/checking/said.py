"""What the log says of the covered tables, collected while its entries are read.

Kept in temporary tables of the checker's session, so that its own memory stays small however long the log is.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from django.db import connection

from xinqiao.ledger.checking.report import CheckReport, What
from xinqiao.ledger.covering import Covered, chunk_place, stream
from xinqiao.ledger.entries import ChunkState
from xinqiao.ledger.errors import EntryInvalid

_AT_ONCE: Final = 20_000

_TABLES: Final = """
CREATE TEMPORARY TABLE ledger_said_row (
    relation int, key text COLLATE "C", seq bigint, digest bytea) ON COMMIT DROP;
CREATE TEMPORARY TABLE ledger_said_place (
    relation int, event bigint, ordinal bigint, seq bigint, digest bytea) ON COMMIT DROP;
"""
_LATEST_PLACES: Final = (
    "SELECT DISTINCT ON (event, ordinal) event, ordinal, digest FROM ledger_said_place WHERE relation = %s"
    " ORDER BY event, ordinal, seq DESC"
)


class Said:
    """The newest word on each row of a row-covered table, on single rows of chunks, and on chunks."""

    def __init__(self, report: CheckReport, covered: Mapping[str, Covered]) -> None:
        self.chunks: dict[int, ChunkState] = {}
        self._report, self._covered = report, covered
        self._relations = {table: n for n, table in enumerate(sorted(covered))}
        self._rows: list[tuple[Any, ...]] = []
        self._places: list[tuple[Any, ...]] = []
        self._seq = 0
        self._unknown: set[str] = set()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(_TABLES)

    def relation(self, table: str) -> int:
        return self._relations[table]

    def take_in(self, event: int, said: Mapping[str, Any]) -> None:
        """What one entry says; entries come in the log's order. A forged body may say anything, and raises nothing."""
        try:
            for table, key, digest in said.get("rows", ()):
                self._take_row(str(table), _writable(key), digest if digest is None else bytes.fromhex(digest))
            if (chunk := said.get("chunk")) is not None:
                state = ChunkState(chunk["covers"], int(chunk["count"]), bytes.fromhex(chunk["root"]))
                if self._known(state.covers):
                    self.chunks[event] = state
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            return  # the entry itself has been named: no genuine body reads so

    def flush(self) -> None:
        """Everything said is in the temporary tables."""
        self._copy("ledger_said_row", self._rows)
        self._copy("ledger_said_place", self._places)

    def latest_places(self, table: str) -> Iterator[tuple[int, int, bytes | None]]:
        """Single rows of chunks of which a later entry spoke: event, ordinal and digest, in that order."""
        return cast("Iterator[tuple[int, int, bytes | None]]", stream(_LATEST_PLACES, (self.relation(table),)))

    def _take_row(self, table: str, key: str, digest: bytes | None) -> None:
        if not self._known(table):
            return
        self._seq += 1
        if self._covered[table].mode == "row":
            self._rows.append((self.relation(table), key, self._seq, digest))
        else:
            self._take_place(table, key, digest)
        if len(self._rows) >= _AT_ONCE or len(self._places) >= _AT_ONCE:
            self.flush()

    def _take_place(self, table: str, key: str, digest: bytes | None) -> None:
        try:
            event, ordinal = chunk_place(key)
        except (EntryInvalid, ValueError):
            self._report.name(table, key, What.UNREADABLE, "日志没有用“事件/序号”指出这一行")
            return
        self._places.append((self.relation(table), event, ordinal, self._seq, digest))

    def _known(self, table: str) -> bool:
        if table in self._covered:
            return True
        if table not in self._unknown:
            self._unknown.add(table)
            self._report.name(table, "*", What.UNREGISTERED)
        return False

    @staticmethod
    def _copy(table: str, rows: list[tuple[Any, ...]]) -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        rows.clear()


def _writable(key: str) -> str:
    """A key as the database can hold it. Raises `ValueError` for half a character and for NUL."""
    if "\x00" in key:
        raise ValueError("a NUL is no part of a key")
    key.encode()
    return key
