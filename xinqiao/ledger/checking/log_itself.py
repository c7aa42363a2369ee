"""The log against itself: every entry genuine, every place filled, and both as the tree has them."""

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from xinqiao import keys
from xinqiao.ledger import entries, seals
from xinqiao.ledger.checking.growing import Growing
from xinqiao.ledger.checking.report import CheckReport, What
from xinqiao.ledger.checking.said import Said
from xinqiao.ledger.covering import stream

_PLACED: Final = (
    "SELECT p.position, p.event, p.seal, e.id, e.ordinal, e.xact::text, e.kind, e.body, e.seal"
    " FROM ledger_position p LEFT JOIN ledger_event e ON e.id = p.event ORDER BY p.position"
)
# Without a place, though the last round saw it (or no round ever could): the place was taken away, or it was moved.
_WAITING: Final = """
SELECT e.id, e.ordinal, e.xact::text, e.kind, e.body, e.seal,
    coalesce((SELECT pg_visible_in_snapshot(e.xact, s.snapshot) OR e.xact >= pg_snapshot_xmax(pg_current_snapshot())
              FROM ledger_sequencer s, pg_control_system() c WHERE s.system = c.system_identifier), false)
FROM ledger_event e WHERE NOT EXISTS (SELECT FROM ledger_position p WHERE p.event = e.id) ORDER BY e.ordinal
"""
# A hole of more places than this is named as one.
_HOLE_NAMED: Final = 1_000


class Row(NamedTuple):
    """An entry's columns; `id` is None where a place leads to no entry."""

    id: int | None
    ordinal: int
    xact: str
    kind: str
    body: str
    seal: bytes


class LogItself:
    """Reads all entries once, in the log's order."""

    def __init__(self, report: CheckReport, said: Said, growing: Growing) -> None:
        self._report, self._said, self._growing = report, said, growing
        self._mark = keys.provider().mark
        self._next = 0

    def read(self) -> None:
        for position, event, seal, *columns in stream(_PLACED):
            if position < 0:
                self._report.name("ledger_position", position, What.ADDED)
                continue
            self._hole(position)
            self._placed(position, event, bytes(seal), Row(*columns))
        self._growing.finish()
        self._report.size = self._next
        for *columns, passed_over in stream(_WAITING):
            self._waiting(Row(*columns), passed_over)
        self._said.flush()

    def _hole(self, position: int) -> None:
        """Places that are missing before this one."""
        if position - self._next > _HOLE_NAMED:
            self._report.name("ledger_position", f"{self._next}–{position - 1}", What.REMOVED)
            self._next = position
            self._growing.lose()
        while self._next < position:
            self._report.name("ledger_position", self._next, What.REMOVED)
            self._growing.add(None)
            self._next += 1

    def _placed(self, position: int, event: int, seal: bytes, row: Row) -> None:
        self._next = position + 1
        if not self._is(seal[: seals.HALF], seals.POSITION, position, event):
            self._report.name("ledger_position", position, What.ALTERED)
            self._growing.add(None)
            return
        if row.id is None:
            self._report.name("ledger_event", event, What.REMOVED, f"第 {position} 位")
            self._growing.add(None)
            return
        whole = self._is(seal[seals.HALF :], seals.POSITION, position, row.id, row.ordinal, row.xact)
        if not whole:
            self._report.name("ledger_position", position, What.ALTERED, "或所指记录的次序、事务号")
        self._growing.add(self._entry(row, whole=whole))

    def _entry(self, row: Row, *, whole: bool) -> bytes | None:
        """The leaf of an entry, or None when its body is not what was written. Takes in what it says either way."""
        said = _read(row.body)
        genuine = hmac.compare_digest(bytes(row.seal), self._mark(seals.EVENT, row.body.encode()))
        if not (genuine and whole and said.get("event") == row.id and said.get("kind") == row.kind):
            self._report.name("ledger_event", row.id, What.ALTERED)
        if row.id is not None:
            self._said.take_in(row.id, said)
        return entries.leaf(row.body) if genuine else None

    def _waiting(self, row: Row, passed_over: bool) -> None:
        said = _read(row.body)
        genuine = hmac.compare_digest(bytes(row.seal), self._mark(seals.EVENT, row.body.encode()))
        if not (genuine and said.get("event") == row.id):
            self._report.name("ledger_event", row.id, What.ADDED, "不是程序写入的")
            return
        if said["kind"] != row.kind:
            self._report.name("ledger_event", row.id, What.ALTERED)
        if passed_over:
            self._report.name("ledger_position", f"event {row.id}", What.REMOVED, "编入日志后又失去位次")
        self._report.waiting += 1
        self._said.take_in(said["event"], said)

    def _is(self, half: bytes, purpose: str, *parts: object) -> bool:
        return hmac.compare_digest(half, self._mark(purpose, seals.joined(*parts))[: seals.HALF])


def _read(body: str) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
