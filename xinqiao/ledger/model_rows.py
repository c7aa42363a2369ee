"""The rows of a framework model as the log sees them: every column, none forgotten when one is added."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.digests import row_digest
from xinqiao.ledger.log import RowState


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
    for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):  # noqa: SLF001 — stubs know no other
        state = state_of(row)
        yield CoveredRow(state.key, state.digest or b"")
