"""How a process gets its database, and keeps it: the other half of `supervisor`."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import psycopg

from xinqiao import home
from xinqiao.database import given, locks, place, programs, supervisor
from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying

# A crashed server replays its log before it answers; a large one may need minutes.
START_TIMEOUT: Final = 900.0
LINGER: Final = 15.0
_LOOK_EVERY: Final = 0.05
_GUARD_EVERY: Final = 0.5
_STILL_STARTING: Final = 3.0  # seconds of silence before the waiting is explained
_NONE: Final[Mapping[str, str]] = MappingProxyType({})

Say = Callable[[str], None]
log = logging.getLogger(__name__)


class Server:
    """A running PostgreSQL. It stays while this object is open; should it or its supervisor die, both come back."""

    def __init__(self, url: str) -> None:
        self.url = url

    def close(self) -> None:
        """Need it no longer. Others may."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _OwnServer(Server):
    def __init__(self, starting: "_Starting", clients_lock: int) -> None:
        super().__init__(starting.place.url())
        self._starting = starting
        self._clients_lock: int | None = clients_lock
        self._closed = threading.Event()
        self._guard = threading.Thread(target=self._watch, name="database guard", daemon=True)
        self._guard.start()

    def close(self) -> None:
        self._closed.set()
        self._guard.join(_GUARD_EVERY)
        if self._clients_lock is not None:
            os.close(self._clients_lock)
            self._clients_lock = None

    def _watch(self) -> None:
        """Somebody must supervise as long as we need the server; the first to notice starts a new supervisor."""
        while not self._closed.wait(_GUARD_EVERY):
            if locks.is_free(self._starting.place.server_lock):
                try:
                    self._starting.start_if_nobody_did()
                except DatabaseUnusable as problem:
                    log.error("%s", problem.detail)  # and try again


def ensure(
    folder: Path | None = None,
    *,
    say: Say = lambda _: None,
    linger: float = LINGER,
    settings: Mapping[str, str] = _NONE,
    timeout: float = START_TIMEOUT,
) -> Server:
    """A PostgreSQL that answers, started if need be; raises `DatabaseUnusable`.

    `folder` is where a server of our own lives (`XINQIAO_HOME/postgres`); naming one means a server of our own. `say`
    hears what takes time. `linger` (seconds) and `settings` (of postgresql.conf) count for whoever starts it.
    """
    forced = _forced()
    if folder is None and (forced == "url" or (forced is None and os.environ.get("XINQIAO_DATABASE_URL"))):
        return Server(given.checked(os.environ.get("XINQIAO_DATABASE_URL", "")))
    at = place.make((folder or home.make_home()) / "postgres")
    until = time.monotonic() + timeout
    clients_lock = locks.lock(at.clients_lock, locks.SHARED, until)
    try:
        starting = _Starting(at, None if forced == "url" else forced, say, linger, settings, timeout)
        starting.start_if_nobody_did()
        return _OwnServer(starting, clients_lock)
    except BaseException:
        os.close(clients_lock)
        raise


def url() -> str:
    """The address of a server that answers now and stays for `LINGER` seconds, or for as long as one is connected."""
    with ensure() as server:
        return server.url


class _Patience:
    """Waits, explains the waiting once in a while, and ends."""

    def __init__(self, at: place.Place, say: Say, timeout: float) -> None:
        self._place, self._say, self._timeout = at, say, timeout
        self.until = time.monotonic() + timeout
        self._explain_at = time.monotonic() + _STILL_STARTING

    def wait(self) -> None:
        if time.monotonic() > self.until:
            raise DatabaseUnusable(
                Saying(
                    "等了 {seconds} 秒，数据库仍未就绪；见 {log}。",
                    seconds=round(self._timeout),
                    log=str(self._place.server_log),
                )
            )
        if time.monotonic() > self._explain_at:
            self._say("数据库正在启动；若上次未正常关闭，它会先恢复数据，请稍候")
            self._explain_at = time.monotonic() + 10 * _STILL_STARTING
        time.sleep(_LOOK_EVERY)


class _Starting:
    """What it takes to start a server of ours, once or again."""

    def __init__(
        self, at: place.Place, forced: str | None, say: Say, linger: float, settings: Mapping[str, str], timeout: float
    ) -> None:
        self.place, self.forced, self.say = at, forced, say
        self.linger, self.settings, self.timeout = linger, settings, timeout

    def start_if_nobody_did(self) -> None:
        """Return when the server answers. One process at a time looks; the others find it done."""
        patience = _Patience(self.place, self.say, self.timeout)
        spawned = False
        with locks.held(self.place.start_lock, locks.ALONE, patience.until):
            while True:
                if (unheld := locks.try_lock(self.place.server_lock, locks.ALONE)) is not None:
                    try:
                        if spawned:
                            raise DatabaseUnusable(_last_words(self.place))
                        self._spawn(unheld)
                    finally:
                        os.close(unheld)
                    spawned = True
                elif _answers(self.place):
                    return
                patience.wait()

    def _spawn(self, server_lock: int) -> None:
        """The supervisor is born holding the lock, so that a free lock always means that nobody supervises."""
        majors = self.place.majors()
        chosen = programs.choose(forced=self.forced, data=majors)
        if not majors:
            self.say(f"建立数据库（PostgreSQL {chosen.major}，{self.place.base}）")
        command = [sys.executable, "-m", "xinqiao.database", str(self.place.base), "--origin", chosen.origin]
        command += ["--major", str(chosen.major), "--lock", str(server_lock), "--linger", str(self.linger)]
        command += ["--settings", json.dumps(dict(self.settings))]
        packages = os.pathsep.join([str(Path(__file__).resolve().parents[2]), *filter(None, sys.path)])
        with self.place.append(self.place.supervisor_log) as out:
            subprocess.run(
                command,
                check=False,  # if it fails the lock is free again, and its last words are told
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": packages, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=[server_lock],
                start_new_session=True,
            )


def _forced() -> str | None:
    forced = os.environ.get("XINQIAO_POSTGRES") or None
    if forced not in {None, "url", "system", "wheel"}:
        raise DatabaseUnusable(
            Saying("XINQIAO_POSTGRES 只能是 url、system 或 wheel，不能是“{forced}”。", forced=forced)
        )
    return forced


def _answers(at: place.Place) -> bool:
    try:
        with psycopg.connect(at.url(), connect_timeout=5):
            return True
    except (psycopg.OperationalError, FileNotFoundError):
        return False


def _last_words(at: place.Place) -> Saying:
    last = at.supervisor_log.read_text(errors="replace").splitlines()[-1:]
    words = [line.partition(supervisor.LAST_WORDS)[2] for line in last if supervisor.LAST_WORDS in line]
    if words:
        return Saying(words[0])
    return Saying("数据库没有启动成功；见 {log} 和 {server}。", log=str(at.supervisor_log), server=str(at.server_log))
