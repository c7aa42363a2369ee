"""`xinqiao ledger check`: holds every covered table against the log and names each row changed behind its back.

Everything is read in one repeatable-read transaction, so acts may go on meanwhile: an act's rows and its event are seen
both or not at all. What still waits for its place counts as said, if the program sealed it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import Error, connection, transaction

from xinqiao.ledger import covering, identity
from xinqiao.ledger.checking import chunks, own_notes, rows, signed
from xinqiao.ledger.checking.growing import Growing
from xinqiao.ledger.checking.log_itself import LogItself
from xinqiao.ledger.checking.report import CheckReport, Found, What
from xinqiao.ledger.checking.said import Said
from xinqiao.ledger.covering import Covered
from xinqiao_verify.notes import NotTrusted

__all__ = ["CheckReport", "Found", "What", "check", "compare"]


NOBODY: Final[Mapping[str, str]] = {}


def check(*, outside: Iterable[str] = (), witnessed: Mapping[str, str] = NOBODY) -> CheckReport:
    """The whole comparison. `outside` are signed checkpoints kept away from the database: they find it rolled back.

    `witnessed` are such checkpoints too, each with the name of the witness that has it and has cosigned it.
    Memory grows with the number of bulk acts and of findings, not with that of rows. Outside transactions only.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return compare(outside, witnessed)


def compare(outside: Iterable[str] = (), witnessed: Mapping[str, str] = NOBODY) -> CheckReport:
    """The comparison itself, inside a transaction that sees one state."""
    report, covered = CheckReport(), covering.registered()
    said = Said(report, covered)
    _log(report, said, [*outside, *witnessed.values()])
    signed.cosignatures(report, witnessed)
    wrong = chunks.leaf_lists(report, said)
    for table in covered.values():
        _table(report, said, table, wrong)
    own_notes.guards(report, {table.relation for table in covered.values()})
    return report


def _log(report: CheckReport, said: Said, outside: Iterable[str]) -> None:
    roots = signed.Signed(report, _kept_outside(report, outside))
    LogItself(report, said, Growing(report, roots.at_size)).read()
    roots.finish(report.size)
    own_notes.sequencer(report)
    own_notes.cursors(report)


def _table(report: CheckReport, said: Said, covered: Covered, wrong: set[int]) -> None:
    """One table. What a forger left there may break its reader: that table is named then, and the others still read."""
    try:
        with transaction.atomic():
            if covered.mode == "row":
                rows.compare(report, said, covered)
            else:
                chunks.compare(report, said, covered, wrong)
    except (Error, ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
        report.name(covered.table, "*", What.UNREADABLE, f"{type(error).__name__}: {error}".splitlines()[0][:200])


def _kept_outside(report: CheckReport, notes: Iterable[str]) -> dict[int, set[bytes]]:
    """Sizes and roots of checkpoints kept outside. One that this log never signed is a finding of its own."""
    kept: dict[int, set[bytes]] = {}
    for note in notes:
        try:
            checkpoint = identity.opened(note)
        except NotTrusted as error:
            report.name("ledger_checkpoint", "outside", What.UNREADABLE, f"外部检查点不是本日志签署的：{error}")
            continue
        if checkpoint.size:
            kept.setdefault(checkpoint.size, set()).add(checkpoint.root)
    return kept
