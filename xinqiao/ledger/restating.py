"""A covered table gets new columns: the log is told how its rows stand from then on, in the migration that adds them.

The digest of a row covers every column, so that none is left out by mistake. A migration that gives a covered table
columns therefore ends with `restated`, and after the upgrade `ledger check` compares the old rows in their new form. It
takes them as it finds them: a city that wants to know of edits made before runs the check first.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import connection, models
from django.db.migrations import RunPython

from xinqiao.ledger import log
from xinqiao.ledger.entries import ROWS_MAX
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of

_AT_ONCE: Final = ROWS_MAX


def restated(app: str, model: str) -> RunPython:
    """The migration's last operation for this table; it depends on `("ledger", "0001_log")`."""

    def restate(apps: Any, _schema: object) -> None:
        rows: type[models.Model] = apps.get_model(app, model)
        table = rows._meta.db_table  # noqa: SLF001 - as in `model_rows`
        for states in _batches(rows):
            log.append(
                Kind.ROWS_RESTATED,
                now=_now(),
                about={"table": table, "rows": len(states)},
                rows=states,
            )

    return RunPython(restate, RunPython.noop)


def _now() -> datetime:
    """A migration is handed no time; the database it runs in has one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _batches(rows: type[models.Model]) -> Iterator[list[RowState]]:
    states: list[RowState] = []
    for row in rows._base_manager.order_by("pk").iterator(chunk_size=2000):  # noqa: SLF001 - as in `model_rows`
        states.append(state_of(row))
        if len(states) == _AT_ONCE:
            yield states
            states = []
    if states:
        yield states
