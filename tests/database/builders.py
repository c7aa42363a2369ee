"""Processes and people around one PostgreSQL of ours."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHONPATH = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
PATIENCE = 90.0  # seconds; a busy machine takes long to start a process


@dataclass(frozen=True)
class User:
    """Who starts the programs: root, or somebody without privileges."""

    title: str
    python: str
    as_user: dict[str, Any]


def user(title: str) -> User:
    """Root or an ordinary user, as far as whoever runs the tests can be one; skips otherwise."""
    if os.geteuid() != 0:
        if title == "root":
            pytest.skip("needs root")
        return User(title, sys.executable, {})
    if title == "root":
        return User(title, sys.executable, {})
    nobody = pwd.getpwnam("nobody")
    drop = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return User(title, python_for_others(), drop)


@cache
def python_for_others() -> str:
    """A Python of this version that an ordinary user may run, with our packages readable to it."""
    nobody = pwd.getpwnam("nobody")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (str(Path(sys.executable).resolve()), f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        with contextlib.suppress(OSError):
            tried = subprocess.run(
                [candidate, "-c", "import psycopg, xinqiao.database"],
                user=nobody.pw_uid,
                group=nobody.pw_gid,
                extra_groups=[],
                env={"PYTHONPATH": PYTHONPATH, "PYTHONDONTWRITEBYTECODE": "1"},
                cwd="/",
                capture_output=True,
                check=False,
            )
            if tried.returncode == 0:
                return candidate
    pytest.skip(
        f"no {version} and packages that user nobody may read: the checkout or Python lies below a closed folder"
    )


class Someone:
    """A client process; `url` once it has its database."""

    def __init__(self, user: User, folder: Path, linger: float, origin: str) -> None:
        env = {"PYTHONPATH": PYTHONPATH, "PATH": os.environ["PATH"], "XINQIAO_POSTGRES": origin}
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [user.python, "-m", "tests.database.someone", str(folder), str(linger)],
            env={**env, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **user.as_user,
        )

    @property
    def said(self) -> str:
        """The address, or why there is none."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


@dataclass(frozen=True)
class Installation:
    """One folder with a PostgreSQL of ours."""

    user: User
    origin: str
    folder: Path

    @property
    def base(self) -> Path:
        return self.folder / "postgres"

    def someone(self, *, linger: float = 0) -> Someone:
        return Someone(self.user, self.folder, linger, self.origin)

    def server(self) -> list[int]:
        """The server's processes, the first (postmaster) first."""
        data = next(p.parent for p in self.base.glob("*/PG_VERSION"))
        return sorted(pid for pid in _pids() if _link(pid, "cwd") == str(data))

    def postmaster(self) -> int:
        return int((next(self.base.glob("*/postmaster.pid"))).read_text().split()[0])

    def supervisor(self) -> list[int]:
        return [pid for pid in _pids() if f"xinqiao.database {self.base}" in _command(pid)]

    def is_over(self) -> bool:
        return not self.supervisor() and not self.server()


def kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def eventually(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)


@contextlib.contextmanager
def installed(title: str, origin: str) -> Iterator[Installation]:
    """An empty folder of this user's, under a short path, and gone afterwards with all its processes."""
    who = user(title)
    folder = Path(tempfile.mkdtemp(prefix="xqd-", dir="/tmp"))
    folder.chmod(0o711)
    os.chown(folder, who.as_user.get("user", -1), who.as_user.get("group", -1))
    here = Installation(who, origin, folder)
    try:
        yield here
    finally:
        if here.base.exists() and list(here.base.glob("*/PG_VERSION")):
            eventually(here.is_over, "the end of the server and its supervisor")
        shutil.rmtree(folder)


def _pids() -> list[int]:
    return [int(p.name) for p in Path("/proc").glob("[0-9]*")]


def _link(pid: int, name: str) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/{pid}/{name}").readlink())
    return ""


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""
