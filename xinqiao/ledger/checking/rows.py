"""Row-covered tables: the newest word of the log on each row against the row as it stands."""

from typing import Final

from django.db import connection

from xinqiao.ledger.checking.report import CheckReport, What
from xinqiao.ledger.checking.said import Said
from xinqiao.ledger.covering import ERASED, Covered, stream

_STANDS: Final = 'CREATE TEMPORARY TABLE ledger_stands (key text COLLATE "C", digest bytea) ON COMMIT DROP'
_COMPARE: Final = """
WITH said AS (
    SELECT DISTINCT ON (key) key, digest FROM ledger_said_row WHERE relation = %s ORDER BY key, seq DESC)
SELECT coalesce(said.key, s.key), CASE WHEN s.key IS NULL THEN 'removed' WHEN said.digest IS NULL THEN 'added'
    ELSE 'altered' END
FROM said FULL JOIN ledger_stands s ON s.key = said.key
WHERE said.digest IS DISTINCT FROM s.digest AND NOT (said.key IS NOT NULL AND said.digest IS NULL AND s.digest = %s)
UNION ALL
SELECT key, 'added' FROM ledger_stands GROUP BY key HAVING count(*) > 1
ORDER BY 1
"""


def compare(report: CheckReport, said: Said, covered: Covered) -> None:
    """Name every row of the table that the log does not know as it stands, and every row the table has lost."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS)
        report.tables[covered.table] = _copy(covered)
        cursor.execute("ANALYZE ledger_stands")
    for key, what in stream(_COMPARE, (said.relation(covered.table), ERASED)):
        report.name(covered.table, key, What(what))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ledger_stands")


def _copy(covered: Covered) -> int:
    """The rows as they stand, digested, into the temporary table. In blocks: COPY holds the connection meanwhile."""
    count, block = 0, []
    for row in covered.read():
        block.append((row.key, row.digest))
        if len(block) == _AT_ONCE:
            count += _write(block)
    return count + _write(block)


_AT_ONCE: Final = 20_000


def _write(block: list[tuple[str, bytes]]) -> int:
    with connection.cursor() as cursor, cursor.copy("COPY ledger_stands FROM STDIN") as copy:
        for row in block:
            copy.write_row(row)
    written = len(block)
    block.clear()
    return written
