"""The program's own notes of how far it has got, and the triggers that guard the covered tables."""

from collections.abc import Iterable
from typing import Final

from django.db import connection

from xinqiao.ledger import seals, triggers
from xinqiao.ledger.checking.report import CheckReport, What

APPEND_ONLY: Final = frozenset(
    {"ledger_event", "ledger_position", "ledger_chunk", "ledger_checkpoint", "ledger_cosignature"}
)
GUARDED: Final = APPEND_ONLY | {"ledger_tile", "ledger_sequencer", "ledger_cursor"}

_TRIGGERS: Final = """
SELECT c.relname, t.tgname, t.tgenabled IN ('O', 'A'), p.prosrc, t.tgtype,
    t.tgqual IS NULL AND cardinality(t.tgattr) = 0
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
"""
# What each kind of trigger calls, and pg_trigger.tgtype of its occasion: every row, before UPDATE or DELETE; TRUNCATE.
_CHANGE: Final = triggers.REFUSALS["ledger_refuse_change"], 1 | 2 | 8 | 16
_TRUNCATE: Final = triggers.REFUSALS["ledger_refuse_truncate"], 2 | 32


def sequencer(report: CheckReport) -> None:
    """The sequencer's notes are its own, and speak of the log as it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, system::text, snapshot::text, ordinal, seal FROM ledger_sequencer")
        row = cursor.fetchone()
    if row is None:
        if report.size:
            report.name("ledger_sequencer", "true", What.REMOVED)
    elif not seals.holds(row[4], seals.SEQUENCER, *row[:4]) or row[0] != report.size:
        report.name("ledger_sequencer", "true", What.ALTERED)


def cursors(report: CheckReport) -> None:
    """Nobody moved a follower's cursor; that none is missing, the log says (`following.covered`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, position, seal FROM ledger_cursor ORDER BY name")
        for name, position, seal in cursor.fetchall():
            if not seals.holds(seal, seals.CURSOR, position, name):
                report.name("ledger_cursor", name, What.ALTERED)


def guards(report: CheckReport, relations: Iterable[str]) -> None:
    """Every covered table still refuses TRUNCATE, the log's own refuse change; no trigger is off, or hollow."""
    wanted = {(name, f"{name}_no_truncate"): _TRUNCATE for name in {*relations, *GUARDED}}
    wanted |= {(name, f"{name}_append_only"): _CHANGE for name in APPEND_ONLY}
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS, (sorted({relation for relation, _ in wanted}),))
        for relation, trigger, enabled, body, occasion, always in cursor.fetchall():
            expected = wanted.pop((relation, trigger), None)
            if not enabled:
                report.name(relation, trigger, What.UNGUARDED, "触发器被停用")
            elif expected is not None and (expected != (body, occasion) or not always):
                report.name(relation, trigger, What.UNGUARDED, "触发器被改动")
    for relation, trigger in sorted(wanted):
        report.name(relation, trigger, What.UNGUARDED, "缺少触发器")
