"""The folder of one PostgreSQL of ours, and the rules about it.

postgres/            0711 as root (PostgreSQL passes through as its own user), else 0700
  15/ or 18/         the data, named by major version; 0700, PostgreSQL's own
  s/                 the socket's folder; 0700
  password           of the role `xinqiao`, which owns the database and nothing else; 0600
  owner-password     of the superuser `postgres`, for backups and the supervisor; 0600
  clients.lock       shared by every process that needs the server
  start.lock         held while a process looks whether to start it
  server.lock        held by the supervisor as long as it lives
  supervisor.log, server.log
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from psycopg.conninfo import make_conninfo

from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying

ROLE: Final = "xinqiao"
DATABASE: Final = "xinqiao"
OWNER: Final = "postgres"
_PORT: Final = 5432  # only the socket's name: nothing listens on the network
_SOCKET_PATH_LIMIT: Final = 107  # bytes: `sun_path` of unix(7), less the closing zero


@dataclass(frozen=True, slots=True)
class Place:
    """Paths below one base folder."""

    base: Path

    @property
    def socket_folder(self) -> Path:
        return self.base / "s"

    @property
    def clients_lock(self) -> Path:
        return self.base / "clients.lock"

    @property
    def start_lock(self) -> Path:
        return self.base / "start.lock"

    @property
    def server_lock(self) -> Path:
        return self.base / "server.lock"

    @property
    def supervisor_log(self) -> Path:
        return self.base / "supervisor.log"

    @property
    def server_log(self) -> Path:
        return self.base / "server.log"

    def data(self, major: int) -> Path:
        return self.base / str(major)

    def majors(self) -> list[int]:
        """Major versions that have data here."""
        return sorted(int(p.parent.name) for p in self.base.glob("*/PG_VERSION") if p.parent.name.isdecimal())

    def url(self) -> str:
        """How the house connects: over the socket, with the role's password.

        Raises `FileNotFoundError` until the role and its database are there: the password is kept last.
        """
        password = quote((self.base / "password").read_text(), safe="")
        return f"postgresql://{ROLE}:{password}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"

    def owner_conninfo(self) -> str:
        """How the supervisor connects, as the superuser."""
        password = (self.base / "owner-password").read_text()
        return make_conninfo(host=str(self.socket_folder), user=OWNER, password=password, dbname="postgres")

    def append(self, log: Path) -> BinaryIO:
        """A log, opened for its owner alone: a server's log quotes the statements that failed."""
        return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "ab")

    def keep(self, name: str, secret: str) -> None:
        """A secret in a file of its own, whole or not at all."""
        draft = self.base / f"{name}.draft"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.base / name)


def make(base: Path) -> Place:
    """The base folder, made if missing and judged before anything is put in it; raises `DatabaseUnusable`.

    Its parents are only looked at: making room in somebody's home by changing its permissions is not ours to do.
    """
    base = base.parent.resolve() / base.name
    _refuse_unfit_path(base)
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        base.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(
            Saying(
                "不能使用目录 {folder}（{error}）。请用 XINQIAO_HOME 指定一个可写的目录。",
                folder=str(base),
                error=str(error.strerror),
            )
        ) from None
    if os.geteuid() == 0:
        _refuse_closed_parents(base)
    seen = base.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise DatabaseUnusable(
            Saying(
                "{base} 属于其他用户（uid {uid}），不会使用。请用 XINQIAO_HOME 指定自己的目录。",
                base=str(base),
                uid=seen.st_uid,
            )
        )
    base.chmod(mode)
    return Place(base)


def _refuse_unfit_path(base: Path) -> None:
    length = len(os.fsencode(base / "s" / f".s.PGSQL.{_PORT}"))
    if length > _SOCKET_PATH_LIMIT:
        raise DatabaseUnusable(
            Saying(
                "目录 {base} 的路径太长：数据库套接字的路径为 {length} 字节，系统上限是 {limit} 字节。"
                "请用 XINQIAO_HOME 指定一个更短的目录。",
                base=str(base),
                length=length,
                limit=_SOCKET_PATH_LIMIT,
            )
        )
    if "," in str(base):
        raise DatabaseUnusable(
            Saying(
                "目录 {base} 的路径含有逗号，数据库的客户端会把它读成两个地址。请用 XINQIAO_HOME 指定别的目录。",
                base=str(base),
            )
        )


def _refuse_closed_parents(base: Path) -> None:
    for parent in base.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            raise DatabaseUnusable(
                Saying(
                    "以 root 运行时 PostgreSQL 使用自己的普通用户，需要能经过 {parent}（现在的权限不允许）。"
                    "不会改动这个目录；请用 XINQIAO_HOME 指定别处（默认 /var/lib/xinqiao），或以普通用户运行。",
                    parent=str(parent),
                )
            )
