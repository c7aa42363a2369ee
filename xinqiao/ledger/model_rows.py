"""The rows of a framework model as the log sees them: every column, none forgotten when one is added."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import Error, models

from xinqiao.ledger.covering import BROKEN, Covered, CoveredRow
from xinqiao.ledger.digests import row_digest
from xinqiao.ledger.log import RowState

# What reading and digesting a row may raise when somebody left a value there that the program never writes.
_UNHEARD_OF: Final = (Error, ValueError, TypeError, ArithmeticError, RecursionError)


def state_of(row: models.Model) -> RowState:
    """How the row stands, for the event of the act that made or changed it."""
    table, key = row._meta.db_table, str(row.pk)  # noqa: SLF001 - the documented way to a model's columns
    return RowState(table, key, row_digest(table, key, columns(row)))


def columns(row: models.Model) -> Mapping[str, Any]:
    return {str(field.column): getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001


def covered(model: type[models.Model]) -> Covered:
    """The whole table of a model whose rows are changed one by one, each with its event."""
    return Covered(model._meta.db_table, mode="row", read=lambda: _rows(model))  # noqa: SLF001


def _rows(model: type[models.Model]) -> Iterator[CoveredRow]:
    read = 0
    try:
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):  # noqa: SLF001 — stubs know no other
            state = state_of(row)
            read += 1
            yield CoveredRow(state.key, state.digest or BROKEN)
    except _UNHEARD_OF:
        yield from _one_by_one(model, read)


def _one_by_one(model: type[models.Model], after: int) -> Iterator[CoveredRow]:
    """The rows after so many, so that a broken one is named and the others are still compared."""
    rows = model._base_manager.order_by("pk")  # noqa: SLF001
    for key in rows.values_list("pk", flat=True)[after:]:
        try:
            digest = state_of(rows.get(pk=key)).digest or BROKEN
        except _UNHEARD_OF:
            digest = BROKEN
        yield CoveredRow(str(key), digest)
