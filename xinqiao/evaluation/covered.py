"""Evaluation's tables as the log answers for them."""

from collections.abc import Iterator
from typing import Final

from xinqiao.evaluation import keeping
from xinqiao.evaluation.models import AdoptedModel, ModelLife, Override, RaisedSignal, RuleSet, Shadow, Snapshot, Trial
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.digests import day_in_sql, digester, moment_in_sql
from xinqiao.ledger.model_rows import covered

_AS_TEXT: Final = {"on": day_in_sql('"on"'), "given_at": moment_in_sql("given_at")}
_READ: Final = ", ".join(_AS_TEXT.get(column, f'"{column}"') for column in keeping.COLUMNS)
_GRADES: Final = f"SELECT {_READ} FROM {keeping.TABLE} ORDER BY event, ordinal"


def register() -> None:
    covering.register(covered(AdoptedModel))
    for model in (Snapshot, RaisedSignal, ModelLife, Trial, Shadow, Override, RuleSet):
        covering.register(covered(model))
    covering.register(Covered(keeping.TABLE, "chunk", _grades))


def _grades() -> Iterator[CoveredRow]:
    digest = digester()
    for values in covering.stream(_GRADES):
        row = dict(zip(keeping.COLUMNS, values, strict=True))
        key = covering.chunk_key(EventId(row["event"]), row["ordinal"])
        yield CoveredRow(key, keeping.leaf(digest, row), EventId(row["event"]), row["ordinal"])
