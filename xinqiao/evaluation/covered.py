"""Evaluation's tables as the log answers for them."""

from collections.abc import Iterator
from typing import Final

from xinqiao.evaluation import keeping
from xinqiao.evaluation.models import AdoptedModel
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.digests import digester
from xinqiao.ledger.model_rows import covered

_GRADES: Final = f"SELECT {keeping.NAMED} FROM {keeping.TABLE} ORDER BY event, ordinal"


def register() -> None:
    covering.register(covered(AdoptedModel))
    covering.register(Covered(keeping.TABLE, "chunk", _grades))


def _grades() -> Iterator[CoveredRow]:
    digest = digester()
    for values in covering.stream(_GRADES):
        row = dict(zip(keeping.COLUMNS, values, strict=True))
        key = covering.chunk_key(EventId(row["event"]), row["ordinal"])
        yield CoveredRow(key, keeping.leaf(digest, row), EventId(row["event"]), row["ordinal"])
