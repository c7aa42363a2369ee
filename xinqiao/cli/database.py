"""`xinqiao database …` and `xinqiao migrations check`: the address of the database, and its tables."""

import argparse
from typing import Any

from xinqiao import database
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class MigrationMissing(Problem):
    """A model changed and its tables would not."""

    type = "migration-missing"
    kind = Kind.INVALID
    title = "缺少数据库迁移"


class TablesRefused(Problem):
    """A server that was given by its address does not let us make tables."""

    type = "tables-refused"
    kind = Kind.UNAVAILABLE
    title = "数据库用户无权建表"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    room = commands.add_parser("database", help="数据库：地址、建表").add_subparsers(required=True, metavar="ACT")
    url = room.add_parser("url", help="start the database if need be and print its address (for psql and scripts)")
    url.set_defaults(run=_url)
    migrate = room.add_parser("migrate", help="bring the tables to this release")
    migrate.set_defaults(run=_migrate, needs="server")
    migrations = commands.add_parser("migrations", help="迁移检查").add_subparsers(required=True, metavar="ACT")
    check = migrations.add_parser("check", help="is there a migration for every change of a model?")
    check.set_defaults(run=_check_migrations, needs="framework")


def _url(_: argparse.Namespace) -> str:
    return database.url()


def _migrate(_: argparse.Namespace) -> str:
    migrate()
    return "数据库的表已是最新"


def migrate() -> None:
    """Bring the tables to this release. Raises `TablesRefused`."""
    from django.core.management import call_command
    from django.db import ProgrammingError
    from psycopg.errors import InsufficientPrivilege

    try:
        call_command("migrate", verbosity=0)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        raise TablesRefused(
            Saying("请让这个用户成为数据库的所有者：ALTER DATABASE … OWNER TO …（{error}）", error=str(error).strip())
        ) from error


def _check_migrations(_: argparse.Namespace) -> dict[str, Any]:
    """Compares models and migration files alone; no database is asked."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("xinqiao.")}
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    missing = {app: [o.describe() for m in migrations for o in m.operations] for app, migrations in changes.items()}
    if wanting := {app: what for app, what in missing.items() if app in ours}:
        raise MigrationMissing(Saying("；".join(f"{app}: {', '.join(what)}" for app, what in wanting.items())))
    return {"missing": 0}
