"""Keeps one PostgreSQL alive for as long as anybody needs it, in a process of its own that outlives whoever started it.

It is needed while a process holds `clients.lock` or a client is connected, and for a while after the last (`linger`):
a script may connect with the address `xinqiao database url` printed. The locks are the kernel's, so a client, a server
or a supervisor that is killed leaves nothing behind that somebody would have to clean up. If the supervisor is killed
the kernel stops the server, and whichever client notices first starts both again.
"""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

import psycopg
from psycopg import sql

from xinqiao.database import cluster, locks, place, programs
from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying

_TICK: Final = 0.2  # seconds between two looks
_PAUSE: Final = 0.3  # before the first restart; doubled for each that fails, up to the longest
_LONGEST_PAUSE: Final = 5.0
_HOPELESS: Final = 4  # starts that failed without a server ever answering: somebody must read the log
_SLOW_STOP: Final = 60.0  # seconds a fast shutdown may take before the log says so
_LOG_KEPT: Final = 8 * 1024 * 1024  # bytes of a log before it is set aside once
# What a client looks for in the log when the supervisor is gone.
LAST_WORDS: Final = "cannot go on: "


@dataclass
class Supervisor:
    """`linger` is how many seconds the server stays after the last client."""

    cluster: cluster.Cluster
    linger: float
    settings: Mapping[str, str]
    server: subprocess.Popen[bytes] | None = None
    furnished: bool = False
    failures: int = 0
    stopping: bool = False
    idle_since: float | None = None
    retry_at: float = field(default_factory=time.monotonic)

    def run(self) -> int | None:
        """Until nobody needs the server. Returns the lock that keeps new clients waiting until we are gone."""
        while not self.stopping:
            self._keep_alive()
            if (last := self._last_client_gone()) is not None:
                self._stop()
                return last
            time.sleep(_TICK)
        self._stop()
        return None

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _keep_alive(self) -> None:
        if self.server is not None and self.server.poll() is None:
            if not self.furnished:
                self.furnished = _furnish(self.cluster.place)
                self.failures = 0 if self.furnished else self.failures
            return
        if self.server is not None:
            self._mourn(self.server.returncode)
        if time.monotonic() < self.retry_at:
            return
        if living := cluster.inhabitants(self.cluster.data):
            say(f"waiting for {len(living)} processes of the server before")
            self.retry_at = time.monotonic() + _PAUSE
            return
        cluster.forget_dead_server(self.cluster.data)
        self.server = cluster.start(self.cluster, self.settings)
        say(f"server started as process {self.server.pid}")

    def _mourn(self, code: int) -> None:
        say(f"server ended with {code}")
        self.server, self.furnished = None, False
        self.failures += 1
        if self.failures >= _HOPELESS:
            raise DatabaseUnusable(
                Saying(
                    "PostgreSQL 连续 {failures} 次没有启动成功（{cry}），见 {log}。",
                    failures=self.failures,
                    cry=_last_cry(self.cluster.place.server_log),
                    log=str(self.cluster.place.server_log),
                )
            )
        self.retry_at = time.monotonic() + min(_PAUSE * 2 ** (self.failures - 1), _LONGEST_PAUSE)

    def _last_client_gone(self) -> int | None:
        """The clients' lock, taken, once nobody has needed the server for the whole of `linger`."""
        handle = locks.try_lock(self.cluster.place.clients_lock, locks.ALONE)
        if handle is not None and self._is_over():
            return handle
        if handle is None:
            self.idle_since = None
        else:
            os.close(handle)
        return None

    def _is_over(self) -> bool:
        """Asked only while no process holds the clients' lock."""
        if _clients_connected(self.cluster.place):
            self.idle_since = None
            return False
        self.idle_since = self.idle_since or time.monotonic()
        return time.monotonic() - self.idle_since >= self.linger

    def _stop(self) -> None:
        if self.server is None or self.server.poll() is not None:
            return
        say("stopping the server")
        self.server.send_signal(signal.SIGINT)  # fast shutdown: connections are ended, the log is flushed
        while True:
            try:
                say(f"server ended with {self.server.wait(_SLOW_STOP)}")
                return
            except subprocess.TimeoutExpired:
                say("the server is still stopping")


def supervise(at: place.Place, chosen: programs.Programs, linger: float, settings: Mapping[str, str]) -> int | None:
    """The whole life of one server; returns as `Supervisor.run`."""
    _set_aside(at.supervisor_log, at.server_log)
    watch = Supervisor(cluster.prepare(at, chosen), linger, settings)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, watch.ask_to_stop)
    return watch.run()


def _furnish(at: place.Place) -> bool:
    """The role and the database of the house; False while the server does not answer yet."""
    try:
        with closing(psycopg.connect(at.owner_conninfo(), autocommit=True, connect_timeout=5)) as owner:
            kept = at.base / "password"
            password = kept.read_text() if kept.exists() else secrets.token_urlsafe(24)
            _furnish_role(owner, password)
            _furnish_database(owner)
            at.keep("password", password)  # last: to a client it means that all is there
    except psycopg.errors.DiskFull:
        raise DatabaseUnusable(Saying("{base} 所在的磁盘已满。", base=str(at.base))) from None
    except psycopg.OperationalError as not_yet:
        if "password authentication failed" in str(not_yet):
            raise DatabaseUnusable(
                Saying("{base}/owner-password 与数据库不符；请恢复这个文件。", base=str(at.base))
            ) from None
        return False
    return True


def _furnish_role(owner: psycopg.Connection, password: str) -> None:
    """No superuser: what the house needs in production is what it has here. It may make databases, for tests."""
    missing = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [place.ROLE]).fetchone() is None
    verb = sql.SQL("CREATE ROLE" if missing else "ALTER ROLE")
    role, secret = sql.Identifier(place.ROLE), sql.Literal(password)
    owner.execute(sql.SQL("{} {} LOGIN CREATEDB PASSWORD {}").format(verb, role, secret))


def _furnish_database(owner: psycopg.Connection) -> None:
    if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [place.DATABASE]).fetchone() is None:
        names = sql.Identifier(place.DATABASE), sql.Identifier(place.ROLE)
        owner.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _clients_connected(at: place.Place) -> bool:
    """Whether anybody but us is connected. A server that does not answer is busy, not idle."""
    try:
        with closing(psycopg.connect(at.owner_conninfo(), connect_timeout=5)) as owner:
            others = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            return owner.execute(others).fetchone() is not None
    except (psycopg.OperationalError, FileNotFoundError):
        return True


def _last_cry(log: Path) -> str:
    """The last thing the server said that ended it."""
    cries = [line for line in log.read_text(errors="replace").splitlines() if "FATAL:" in line or "PANIC:" in line]
    return cries[-1].partition("] ")[2] or cries[-1] if cries else "…"


def _set_aside(*logs: Path) -> None:
    for log in logs:
        if log.exists() and log.stat().st_size > _LOG_KEPT:
            log.replace(log.with_suffix(".log.1"))


def say(sentence: str) -> None:
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), f"[{os.getpid()}]", sentence, flush=True)  # noqa: T201
