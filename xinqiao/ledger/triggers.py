"""SQL for migrations: what the database itself refuses on covered tables.

A trigger stops mistakes and ordinary accounts, not somebody who owns the database; that is what `checking` is for.
Migrations that use these depend on `("ledger", "0001_log")`.
"""

from typing import Final

from xinqiao.ledger.errors import NotATableName

REFUSALS: Final = {
    "ledger_refuse_change": """
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END """,
    "ledger_refuse_truncate": """
BEGIN
    RAISE EXCEPTION '% is covered by the log: TRUNCATE refused', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END """,
}
"""What the triggers call, by name: `checking` looks whether the database still has them as they were."""

_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def functions() -> str:
    """SQL that makes what the triggers call."""
    return "\n".join(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$;" for name, body in REFUSALS.items()
    )


def append_only(table: str) -> str:
    """SQL that refuses UPDATE, DELETE and TRUNCATE on the table."""
    return (
        f"CREATE TRIGGER {_name(table)}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();\n{refuse_truncate(table)}"
    )


def refuse_truncate(table: str) -> str:
    """SQL that refuses TRUNCATE on the table; every covered table has it."""
    return (
        f"CREATE TRIGGER {_name(table)}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate();"
    )


def _name(table: str) -> str:
    if not table or not set(table) <= _LETTERS:
        raise NotATableName(table)
    return table
