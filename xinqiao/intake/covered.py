"""Intake's tables as the log answers for them."""

from collections.abc import Callable, Iterator

from xinqiao.intake.keeping import FINDING, PLACEMENT, UNPLACED, finding_columns
from xinqiao.intake.models import Acceptance, Delivery, KeySet
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering, digests
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.model_rows import covered


def register() -> None:
    covering.register(covered(Delivery))
    covering.register(covered(Acceptance))
    covering.register(covered(KeySet))
    covering.register(Covered(FINDING, "chunk", _findings))
    covering.register(Covered(UNPLACED, "chunk", _lines(UNPLACED, "uscc")))
    covering.register(Covered(PLACEMENT, "chunk", _lines(PLACEMENT, "subject_id")))


def _findings() -> Iterator[CoveredRow]:
    digest = digests.digester()
    for event, ordinal, delivery, line, field, rule, value, saying, kept, rejects in covering.stream(
        "SELECT event, ordinal, delivery_id, line, field, rule, value, saying, kept, rejects"
        f" FROM {FINDING} ORDER BY event, ordinal"
    ):
        sent = None if value is None else bytes(value)
        said = finding_columns(delivery, line, field, rule, sent, (saying, kept), rejects)
        key = covering.chunk_key(EventId(event), ordinal)
        yield CoveredRow(key, digest(FINDING, key, said), EventId(event), ordinal)


def _lines(table: str, about: str) -> Callable[[], Iterator[CoveredRow]]:
    def read() -> Iterator[CoveredRow]:
        digest = digests.digester()
        for event, ordinal, delivery, line, what in covering.stream(
            f"SELECT event, ordinal, delivery_id, line, {about} FROM {table} ORDER BY event, ordinal"
        ):
            said = {"delivery_id": delivery, "line": line, about: what}
            key = covering.chunk_key(EventId(event), ordinal)
            yield CoveredRow(key, digest(table, key, said), EventId(event), ordinal)

    return read
