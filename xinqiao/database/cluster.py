"""Making a cluster, and the command that serves it. Only PostgreSQL's own programs change user."""

import contextlib
import ctypes
import locale
import os
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xinqiao.database import unprivileged
from xinqiao.database.errors import DatabaseUnusable
from xinqiao.database.place import OWNER, Place
from xinqiao.database.programs import Programs
from xinqiao.kernel.sayings import Saying

_QUIET: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_BUILTIN_LOCALES_SINCE: Final = 17
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Data on disk and the programs that serve them; `uid` is PostgreSQL's own user, None when it is ours."""

    place: Place
    programs: Programs
    uid: int | None

    @property
    def data(self) -> Path:
        return self.place.data(self.programs.major)


def prepare(place: Place, programs: Programs) -> Cluster:
    """The cluster of this place, made if it is not there yet (about a second)."""
    programs = _reachable(place, programs)
    data = place.data(programs.major)
    if not data.exists():
        _make(place, programs, data)
    uid = None
    if os.geteuid() == 0:
        uid = data.stat().st_uid
        unprivileged.refuse_taken(uid, data)
    place.socket_folder.mkdir(mode=0o700, exist_ok=True)
    if uid is not None:
        os.chown(place.socket_folder, uid, uid)
    return Cluster(place, programs, uid)


def start(cluster: Cluster, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The server as our child, that is stopped by the kernel (fast shutdown) if we die."""
    ours = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.place.socket_folder),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # An error's details, its context and its statement would carry rows into the log: a COPY's even a whole line.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }
    options = [part for name, value in {**ours, **settings}.items() for part in ("-c", f"{name}={value}")]
    with cluster.place.append(cluster.place.server_log) as log:
        return subprocess.Popen(
            [cluster.programs.folder / "postgres", "-D", cluster.data, *options],
            cwd="/",
            env=_QUIET,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 - the supervisor has no threads
            **unprivileged.as_user(cluster.uid),
        )


def inhabitants(data: Path) -> list[int]:
    """Processes at work in this data folder: every process of a server has it as its working folder.

    A zombie has none, so a dead server nobody has reaped yet does not count.
    """
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data:
                found.append(int(process.name))
    return found


def forget_dead_server(data: Path) -> None:
    """Remove the pid file of a server that no longer exists.

    PostgreSQL refuses to start while a process with that pid lives, whoever it is; after a reboot, or in a container
    whose first process reaps nobody, that would be for ever. Call it only when there are no `inhabitants`.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)


def _die_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask_the_kernel() -> None:  # runs in the child, after the change of user, before PostgreSQL
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def _make(place: Place, programs: Programs, data: Path) -> None:
    """initdb in a folder of its own, moved into place last: a half-made cluster is never seen."""
    draft = place.base / "making"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password = draft / "owner-password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    uid = None
    if os.geteuid() == 0:
        uid = unprivileged.named().pw_uid
        for path in (draft, password):
            os.chown(path, uid, unprivileged.named().pw_gid)
    else:
        unprivileged.refuse_nameless()
    _initdb(programs, draft / "data", password, uid)
    if os.geteuid() == 0:
        _give(draft / "data", unprivileged.choose(place.base))
    place.keep("owner-password", password.read_text())
    (draft / "data").rename(data)
    shutil.rmtree(draft)


def _initdb(programs: Programs, data: Path, password: Path, uid: int | None) -> None:
    command = [str(programs.folder / "initdb"), "-D", str(data), "-U", OWNER, "--pwfile", str(password)]
    command += [
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--no-instructions",
        *_locale(programs.major),
    ]
    done = subprocess.run(
        command,
        cwd="/",
        env=_QUIET,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **unprivileged.as_user(uid),
    )
    if done.returncode:
        raise DatabaseUnusable(Saying("PostgreSQL 的 initdb 没有成功：{said}", said=done.stdout.strip()[-800:]))


def _locale(major: int) -> list[str]:
    """Sorting by code point and case rules of Unicode, the same on every system; no ICU is asked for."""
    if major >= _BUILTIN_LOCALES_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return ["--locale=C"]
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return ["--locale=C.UTF-8"]


def _give(folder: Path, uid: int) -> None:
    for inside, _, files in os.walk(folder):
        for name in (".", *files):
            os.chown(Path(inside) / name, uid, uid, follow_symlinks=False)


def _reachable(place: Place, programs: Programs) -> Programs:
    """The programs where PostgreSQL's user can reach them: as root a copy, if they lie below a closed folder."""
    if os.geteuid() != 0 or all(p.stat().st_mode & stat.S_IXOTH for p in (programs.folder, *programs.folder.parents)):
        return programs
    home = place.base / "programs" / programs.label
    root = programs.bundle[0].parent.parent
    if not home.exists():
        draft = place.base / "programs" / "copying"
        shutil.rmtree(draft, ignore_errors=True)
        for part in programs.bundle:
            shutil.copytree(part, draft / part.relative_to(root), symlinks=True)
        for path in (place.base / "programs", draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        draft.rename(home)
    return Programs(
        programs.origin, programs.major, home / programs.folder.relative_to(root), programs.label, programs.bundle
    )
