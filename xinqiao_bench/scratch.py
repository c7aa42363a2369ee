"""A city of its own for a benchmark: a database on the server that is running, and a folder for keys and witness.

Both are gone afterwards. The installation's own witness must never see a log that is thrown away: it would rightly
refuse the real one from then on.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

LIKE: Final = "template1"  # the database a scratch one begins as a copy of: PostgreSQL's own, without tables


@contextmanager
def database() -> Iterator[str]:
    """Django's connection points at an empty, migrated city for the length of the block; yields its address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _environment(XINQIAO_HOME=folder, XINQIAO_WITNESS=""),
        _database() as address,
    ):
        yield address


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ |= values
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


@contextmanager
def _database() -> Iterator[str]:
    from django.core.management import call_command
    from django.db import connection, connections

    from xinqiao.site import settings

    url, name = os.environ["XINQIAO_DATABASE_URL"], f"xq_bench_{uuid4().hex[:8]}"
    address = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    before = dict(connection.settings_dict)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, LIKE))))
        try:
            connections.close_all()
            connection.settings_dict.update(
                connections.configure_settings({"default": settings.database(address)})["default"]
            )
            call_command("migrate", verbosity=0)
            yield address
        finally:
            connections.close_all()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)
            # Not WITH (FORCE): that stops at a vacuum worker of the server's owner, which a plain DROP asks to leave.
            admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
