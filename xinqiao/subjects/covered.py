"""Subjects and their names as the log answers for them."""

from collections.abc import Iterator

from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering, digests
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.subjects.registration import NAMES, TABLE

_COLUMNS = ("city", "uscc", "kind", "name", "division", "industry", "established", "status")
_READ = f"city, uscc, kind, name, division, industry, {digests.day_in_sql('established')}, status"


def register() -> None:
    covering.register(Covered(TABLE, "chunk", _subjects))
    covering.register(Covered(NAMES, "chunk", _names))


def _subjects() -> Iterator[CoveredRow]:
    digest = digests.digester()
    for number, event, ordinal, *said in covering.stream(
        f"SELECT id, event, ordinal, {_READ} FROM {TABLE} ORDER BY event, ordinal"
    ):
        columns = dict(zip(_COLUMNS, said, strict=True))
        yield CoveredRow(str(number), digest(TABLE, str(number), columns), EventId(event), ordinal)


def _names() -> Iterator[CoveredRow]:
    digest = digests.digester()
    for number, subject, name, event, ordinal in covering.stream(
        f"SELECT id, subject_id, name, event, ordinal FROM {NAMES} ORDER BY event, ordinal"
    ):
        said = digest(NAMES, str(number), {"subject_id": subject, "name": name})
        yield CoveredRow(str(number), said, EventId(event), ordinal)
