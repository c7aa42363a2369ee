"""Opening the house for a command: the framework is set up, the database runs, the tables are there."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from xinqiao import database
from xinqiao.cli import machine
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

Needs = Literal["framework", "server", "database"]

# What the commands we start ourselves get, so that each keeps the database running for as long as it needs it.
OUTER_ENVIRONMENT: Final = dict(os.environ)


class NotMigrated(Problem):
    """The database has no tables yet."""

    type = "database-not-migrated"
    kind = Kind.UNAVAILABLE
    title = "数据库还没有建好表"


@contextmanager
def opened(needs: Needs) -> Iterator[None]:
    """`framework`: models and settings, no connection. `server`: and an answering database. `database`: and its tables.

    Raises `DatabaseUnusable`, `NotMigrated`, and what `machine` tells.
    """
    if needs == "framework":
        _set_up()
        yield
        return
    with database.ensure(say=say) as server:
        os.environ["XINQIAO_DATABASE_URL"] = server.url
        _set_up()
        from django.db import connections

        try:
            with machine.database_told():
                if needs == "database":
                    _refuse_without_tables()
                yield
        finally:
            connections.close_all()


def say(sentence: str) -> None:
    """Progress goes to the side: stdout carries a command's answer and nothing else."""
    print(sentence, file=sys.stderr, flush=True)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.site.settings")
    import django

    django.setup()


def _refuse_without_tables() -> None:
    """One cheap look; whether they are this release's tables is the matter of `xinqiao database migrate`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        if cursor.fetchone() == (True,):
            raise NotMigrated(Saying("请先运行 make run（或 xinqiao database migrate），再使用这个命令。"))
