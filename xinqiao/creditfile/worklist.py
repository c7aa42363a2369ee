"""What is to be filed, and what of it is: the log answers for both lists, for what they say is what we do next.

A line struck off in secret would be a delivery whose facts never come, and nobody would miss them.
"""

from typing import Any, Final

from xinqiao.ledger.digests import row_digest
from xinqiao.ledger.log import RowState

DUE, FILED = "creditfile_due", "creditfile_filed"
DUE_COLUMNS: Final = ("event", "position", "delivery", "period", "what", "by", "rows", "done")
FILED_COLUMNS: Final = ("event", "last_line", "delivery", "item", "source", "stored", "closed", "confirmed")


def due(*values: Any) -> RowState:
    """How a line of the list stands, from its values in the order of `DUE_COLUMNS`."""
    return _state(DUE, str(values[0]), DUE_COLUMNS, values)


def filed(*values: Any) -> RowState:
    """The same for a part that is done."""
    return _state(FILED, f"{values[0]}/{values[1]}", FILED_COLUMNS, values)


def _state(table: str, key: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> RowState:
    return RowState(table, key, row_digest(table, key, dict(zip(columns, values, strict=True))))
