"""A city of its own for every test that commits, and a server to put it on.

`city_db` is a clone of a migrated template database, made while the test before runs and dropped afterwards. Where the
tests of a module begin in the same world, they are marked `furnished` with what makes it, and ask for what it gave: it
is made once and copied. `db` rolls one transaction back. Nothing is ever emptied: our tables refuse it. A test that
asks for none of them reaches no database.

The server is the one at `XINQIAO_TEST_DATABASE_URL` or `XINQIAO_DATABASE_URL` (its user must be allowed to create
databases), else one of our own for the length of the run. To work on one test for a while, name a server.
"""

import contextlib
import gc
import hashlib
import importlib.metadata
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

# A property is true or not, however busy the machine is. `make test` tries the same examples each time, so that what is
# red is red for everybody; with XINQIAO_SOAK=1 pytest looks for others.
TRIES_OTHERS: Final = bool(os.environ.get("XINQIAO_SOAK"))
settings.register_profile(
    "house", deadline=None, derandomize=not TRIES_OTHERS, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

ROOT: Final = Path(__file__).resolve().parent.parent
WORKER: Final = os.environ.get("PYTEST_XDIST_WORKER", "main")
# The address we were given, remembered before it is hidden below; the workers of a distributed run inherit it.
GIVEN: Final = os.environ.setdefault(
    "XINQIAO_TEST_GIVEN",
    os.environ.get("XINQIAO_TEST_DATABASE_URL") or os.environ.get("XINQIAO_DATABASE_URL") or "",
)
# Where a connection lands in a test that asked for no database: the error names the cure.
NOWHERE: Final = "postgresql:///none?host=/ask/for/the/fixture/city_db/or/db"
# One lock for all runs on one server while a template is made; advisory locks are kept per database, here `postgres`.
TEMPLATE_LOCK: Final = 0x58516E71
TEMPLATES_KEPT: Final = timedelta(days=1)

ROOM: Final = "XINQIAO_TEST_ROOM"
MEMORY: Final = "/dev/shm"  # noqa: S108 - the run makes a folder of its own there
ROOMY: Final = 4 << 30  # bytes; a run has been seen to need one
SELDOM: Final = 50_000  # new objects between two walks of the collector, where Python takes 700
COPIES_FILES_SINCE: Final = 150000  # PostgreSQL; before that it knew no other way
ITERATIONS: Final = pytest.StashKey[int]()  # of a password's hash, as the product has it
FURNISHED: Final = pytest.StashKey[Any]()
Furnish = Callable[[], Any]
_made_here = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Before anything of the product is imported: a home of our own and the framework's settings."""
    if ROOM not in os.environ:  # workers of a distributed run find it set by the run
        room = Path(tempfile.mkdtemp(prefix="xq-", dir=_rooms()))  # short: a socket's path has 107 bytes
        room.chmod(0o711 if os.geteuid() == 0 else 0o700)  # as root PostgreSQL passes through as another user
        os.environ[ROOM] = str(config.stash.setdefault(_made_here, room))
    home = Path(os.environ[ROOM]) / WORKER
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    os.environ |= {
        "XINQIAO_HOME": str(home),
        "XINQIAO_MODE": "sample",
        "XINQIAO_DATABASE_URL": NOWHERE,
        "DJANGO_SETTINGS_MODULE": "xinqiao.site.settings",
    }
    os.environ.setdefault("XINQIAO_CITY", str(ROOT / "cities" / "pingdingshan"))
    import django

    django.setup()
    _quick_hashes(config)
    _same_texts_once()


def _quick_hashes(config: pytest.Config) -> None:
    """A password's hash costs half a second by design; `tests/parties/test_passwords.py` alone waits for one."""
    from xinqiao.parties.passwords import PasswordHasher

    config.stash[ITERATIONS] = PasswordHasher.iterations
    PasswordHasher.iterations = 1


def _same_texts_once() -> None:
    """A city's three hundred files are read hundreds of times in a run, most of them unchanged: the same text is taken
    apart once, which is two thirds of the work. Nobody writes into what it is taken apart into."""
    from xinqiao.catalogue import documents

    documents._composed = lru_cache(1024)(documents._composed)


def _rooms() -> str:
    """In memory where there is enough that may hold programs too: a city is 1,300 files, slow to make on a disk."""
    with contextlib.suppress(OSError):
        memory = os.statvfs(MEMORY)
        roomy = memory.f_bavail * memory.f_frsize > ROOMY
        if roomy and not memory.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK | os.X_OK):
            return MEMORY
    return "/tmp"  # noqa: S108


def pytest_collection_finish() -> None:
    """What is loaded by now stays: walking it over and over for garbage was a sixth of what compiling a model took."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


def pytest_unconfigure(config: pytest.Config) -> None:
    if room := config.stash.get(_made_here, None):
        os.environ.pop(ROOM)
        shutil.rmtree(room, ignore_errors=True)


@pytest.fixture(autouse=True)
def _time_goes_on() -> Iterator[None]:
    """A clock that one test stopped for good would be another test's riddle."""
    host = time.time
    yield
    assert time.time is host, "this test leaves the clock stopped"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a PostgreSQL server: the one we are given, or one of our own for this run."""
    if GIVEN:
        yield GIVEN
        return
    from xinqiao import database

    with database.ensure(Path(os.environ[ROOM]), settings={"fsync": "off"}, linger=0) as running:
        yield running.url


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a migrated database nobody works in; made once per state of the migrations."""
    name = f"xq_template_{_schema_hash()}"
    with closing(psycopg.connect(_named(server, "postgres"), autocommit=True)) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _drop_old_templates(admin)
            _make_template(admin, server, name)
    return name


@pytest.fixture(scope="session")
def _cities(server: str, template: str) -> "Iterator[Cities]":
    cities = Cities(server, template)
    yield cities
    cities.close()


@pytest.fixture(scope="module")
def _furnished_cities(server: str, template: str) -> "Iterator[Callable[[Furnish], FurnishedCities]]":
    """Cities to be copied, one for each way this module furnishes them."""
    with contextlib.ExitStack() as stack:
        yield cache(lambda furnish: stack.enter_context(_furnished(server, template, furnish)))


@pytest.fixture
def city_db(request: pytest.FixtureRequest, server: str, _cities: "Cities") -> Iterator[str]:
    """The address of an empty city in which commits are real; of a furnished one for who asks for `furnished`."""
    cities = _cities
    if "furnished" in request.fixturenames:
        marker = request.node.get_closest_marker("furnished")
        cities = request.getfixturevalue("_furnished_cities")(marker.kwargs["by"])
        request.node.stash[FURNISHED] = cities.told
    name = cities.take()
    with _pointed_at(_named(server, name)):
        yield _named(server, name)
    cities.drop(name)
    forget_witness()


@pytest.fixture
def furnished(request: pytest.FixtureRequest, city_db: str) -> Any:
    """What the function named by the mark `furnished` gave when it was at work in the city this test's is a copy of."""
    return request.node.stash[FURNISHED]


@contextmanager
def _furnished(server: str, template: str, furnish: "Furnish") -> "Iterator[FurnishedCities]":
    with _clone(server, template) as url:
        with _pointed_at(url):
            told = furnish()
        cities = FurnishedCities(server, urlsplit(url).path.strip("/"), told)
        yield cities
        cities.close()


def forget_witness() -> None:
    """What a witness kept of a log that is thrown away would be held against the next city's."""
    shutil.rmtree(Path(os.environ["XINQIAO_HOME"]) / "witness", ignore_errors=True)


class Cities:
    """Empty cities ahead of need: while a test runs in one the next is made, and those before are dropped."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._behind_the_scenes = ThreadPoolExecutor(1)
        self._next = self._behind_the_scenes.submit(_cloned, server, template)

    def take(self) -> str:
        name = self._next.result()
        self._next = self._behind_the_scenes.submit(_cloned, self._server, self._template)
        return name

    def drop(self, name: str) -> None:
        self._behind_the_scenes.submit(_drop, self._server, name)

    def close(self) -> None:
        self.drop(self._next.result())
        self._behind_the_scenes.shutdown()


class FurnishedCities(Cities):
    """Copies of a city somebody has been at work in, and what they told of it."""

    def __init__(self, server: str, furnished: str, told: Any) -> None:
        super().__init__(server, furnished)
        self.told = told


@pytest.fixture
def db(_rolled_back_database: str) -> Iterator[None]:
    """A transaction that never commits: for whatever does not ask the log about it."""
    from django.db import transaction

    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # so that a verb's `durable` is satisfied inside
    with _pointed_at(_rolled_back_database), around:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def _rolled_back_database(server: str, template: str) -> Iterator[str]:
    with _clone(server, template) as url:
        yield url


@contextmanager
def _clone(server: str, template: str) -> Iterator[str]:
    name = _cloned(server, template)
    try:
        yield _named(server, name)
    finally:
        _drop(server, name)


def _cloned(server: str, template: str) -> str:
    """The name of a city of its own."""
    name = f"xq_{WORKER}_{uuid4().hex[:10]}"
    with closing(psycopg.connect(_named(server, "postgres"), autocommit=True)) as admin:
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        admin.execute(query + sql.SQL(" STRATEGY file_copy" if admin.info.server_version >= COPIES_FILES_SINCE else ""))
    return name


def _drop(server: str, name: str) -> None:
    """Whoever of ours is still connected is shown out first. Not `WITH (FORCE)`: that stops at a vacuum worker, which
    belongs to the server's owner and which a plain DROP asks to leave."""
    with closing(psycopg.connect(_named(server, "postgres"), autocommit=True)) as admin:
        query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = user"
        admin.execute(query, [name])
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _pointed_at(url: str) -> Iterator[None]:
    """Django's connections, and the commands a test starts, on another database; on none once we are done."""
    from django.db import connections

    from xinqiao.site.settings import database

    connections.close_all()
    settings = connections.settings["default"]
    settings.update(connections.configure_settings({"default": database(url)})["default"])
    forced = os.environ.get("XINQIAO_POSTGRES", "")
    # A command the test starts is to use this database, whichever way the server itself was got.
    os.environ |= {"XINQIAO_DATABASE_URL": url, "XINQIAO_POSTGRES": "url"}
    try:
        yield
    finally:
        connections.close_all()
        settings.update(connections.configure_settings({"default": database(NOWHERE)})["default"])
        os.environ |= {"XINQIAO_DATABASE_URL": NOWHERE, "XINQIAO_POSTGRES": forced}


def _make_template(admin: psycopg.Connection, server: str, name: str) -> None:
    """Under another name until it is whole, so that a run that dies leaves no half template."""
    from django.core.management import call_command

    draft = f"{name}_{os.getpid()}"
    _admin(server, "CREATE DATABASE {}", draft)
    with _pointed_at(_named(server, draft)):
        call_command("migrate", verbosity=0)
    made = sql.Literal(datetime.now(UTC).isoformat())
    admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(draft), made))
    _admin(server, "ALTER DATABASE {} RENAME TO {}", draft, name)


def _drop_old_templates(admin: psycopg.Connection) -> None:
    """Those of a given server that no run can still be using."""
    query = """SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database
               WHERE datname LIKE 'xq\\_template\\_%'"""
    for name, made in admin.execute(query).fetchall():
        if made and datetime.fromisoformat(made) < datetime.now(UTC) - TEMPLATES_KEPT:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _schema_hash() -> str:
    """Changes with every migration of ours and every release of the packages that bring their own."""
    files = sorted(ROOT.glob("xinqiao/*/migrations/*.py"))
    packages = [importlib.metadata.version(name) for name in ("django", "procrastinate")]
    named = [f"{file.relative_to(ROOT)}\0{file.read_text()}" for file in files]
    return hashlib.sha256("\0".join(packages + named).encode()).hexdigest()[:12]


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _admin(url: str, statement: str, *names: str) -> None:
    with closing(psycopg.connect(_named(url, "postgres"), autocommit=True)) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
