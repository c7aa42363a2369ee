"""Rows as they once stood: kept by triggers while a city is furnished, so that somebody can put one back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

TABLE: Final = "soak_past"
# Where an earlier row put back is no lie.
HARMLESS: Final = {"ledger_cursor": "a follower set back reads again what it has read; its handlers expect that"}

_KEEP: Final = f"""
CREATE TABLE {TABLE} (relation text NOT NULL, row jsonb NOT NULL);
CREATE FUNCTION soak_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {TABLE} VALUES (TG_TABLE_NAME, to_jsonb(OLD));
    RETURN NULL;
END $$;
"""


@contextmanager
def kept(tables: list[str]) -> Iterator[None]:
    """While inside, every row that is changed or taken out is kept as it was."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP)
        for table in tables:
            cursor.execute(
                f"CREATE TRIGGER soak_keep AFTER UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION soak_keep()"
            )
    yield
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TRIGGER soak_keep ON {table}")
