"""A city of its own for every test that commits, and a server to put it on.

`city_db` clones a migrated template database (about a tenth of a second) and drops it afterwards; `db` rolls one
transaction back. Nothing is ever emptied: our tables refuse it.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything of the product is imported: a home of our own and the framework's settings."""
    home = Path(tempfile.mkdtemp(prefix="xq-", dir="/tmp"))  # noqa: S108 - short: a socket's path has 107 bytes
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    config.stash[HOME] = home
    os.environ["XINQIAO_HOME"] = str(home)
    os.environ["XINQIAO_MODE"] = "sample"
    os.environ.setdefault("XINQIAO_CITY", str(ROOT / "cities" / "pingdingshan"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "xinqiao.site.settings"
    import django

    django.setup()


HOME = pytest.StashKey[Path]()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[HOME], ignore_errors=True)


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """Workers of one run share a server and a template; the first makes them."""
    with (Path(tempfile.gettempdir()) / f"xq-{os.getuid()}-{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a PostgreSQL server: the one we are given, or one of our own for this user's runs."""
    if given := os.environ.get("XINQIAO_TEST_DATABASE_URL") or os.environ.get("XINQIAO_DATABASE_URL"):
        yield given
        return
    from xinqiao import database

    folder = Path(tempfile.gettempdir()) / f"xq-pg-{os.getuid()}"
    with database.ensure(folder) as running:
        yield running.url


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _admin(url: str, statement: sql.Composable) -> None:
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _schema_hash() -> str:
    files = sorted(ROOT.glob("xinqiao/*/migrations/*.py"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:12]


@contextmanager
def _pointed_at(url: str) -> Iterator[None]:
    """Django's connection on another database, and on nothing once we are done."""
    from django.db import connection, connections

    from xinqiao.site.settings import database

    connections.close_all()
    before, address = dict(connection.settings_dict), os.environ.get("XINQIAO_DATABASE_URL")
    connection.settings_dict.update(connections.configure_settings({"default": database(url)})["default"])
    os.environ["XINQIAO_DATABASE_URL"] = url
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
        if address is None:
            os.environ.pop("XINQIAO_DATABASE_URL", None)
        else:
            os.environ["XINQIAO_DATABASE_URL"] = address


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a migrated database nobody works in; made once per state of the migrations."""
    name = f"xq_template_{_schema_hash()}"
    with _one_at_a_time("template"):
        with psycopg.connect(_named(server, "postgres")) as connection:
            made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not made:
            half = f"{name}_{os.getpid()}"
            _admin(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
            with _pointed_at(_named(server, half)):
                from django.core.management import call_command

                call_command("migrate", verbosity=0)
            _admin(server, sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))
    return name


@contextmanager
def _clone(server: str, template: str) -> Iterator[str]:
    name = f"xq_{WORKER}_{uuid4().hex[:10]}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with _one_at_a_time("clone"):  # two clones of one template at once are refused
        _admin(server, make)
    try:
        with _pointed_at(_named(server, name)):
            yield _named(server, name)
    finally:
        _admin(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def city_db(server: str, template: str) -> Iterator[str]:
    """The address of an empty city in which commits are real."""
    with _clone(server, template) as url:
        yield url


@pytest.fixture
def db(server: str, template: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """A transaction that never commits: for whatever does not ask the log about it."""
    from django.db import connection, transaction

    url = request.getfixturevalue("_shared_database")
    with _pointed_at(url), transaction.atomic():
        yield
        transaction.set_rollback(True)
    connection.close()


@pytest.fixture(scope="session")
def _shared_database(server: str, template: str) -> Iterator[str]:
    name = f"xq_{WORKER}_{uuid4().hex[:10]}"
    with _one_at_a_time("clone"):
        _admin(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    yield _named(server, name)
    _admin(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
