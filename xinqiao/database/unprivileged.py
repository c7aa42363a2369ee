"""The user PostgreSQL runs as when root starts it: a uid of its own, without a name, that nobody else uses.

No account is made and nothing outside our folder changes. The server needs no name; only `initdb` does, and borrows
`nobody` for the second it takes.
"""

import contextlib
import os
import pwd
import zlib
from pathlib import Path
from typing import Any, Final

from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying

# Between the accounts systemd hands out for home areas and for services (systemd's "Users, Groups, UIDs and GIDs"), and
# below 65536, so that it exists inside user namespaces of the usual size.
_FIRST: Final = 60800
_COUNT: Final = 300
_NAMED: Final = "nobody"


def choose(base: Path) -> int:
    """A free uid for a new cluster. It starts from the folder's name, so that two installations seldom meet."""
    taken = _uids_of_processes()
    start = zlib.crc32(os.fsencode(base)) % _COUNT
    for step in range(_COUNT):
        uid = _FIRST + (start + step) % _COUNT
        if uid not in taken and not _has_a_name(uid):
            return uid
    raise DatabaseUnusable(
        Saying("uid {first}–{last} 全部被占用，无法为数据库选择独立用户。", first=_FIRST, last=_FIRST + _COUNT - 1)
    )


def refuse_taken(uid: int, data: Path) -> None:
    """The uid owns our data; raise `DatabaseUnusable` if somebody has it by now and could read them."""
    if uid == 0 or _has_a_name(uid):
        raise DatabaseUnusable(
            Saying(
                "{data} 属于 uid {uid}，而这个 uid 现在是系统中的一个账户；为了数据安全不启动。",
                data=str(data),
                uid=uid,
            )
        )


def as_user(uid: int | None) -> dict[str, Any]:
    """What `subprocess` needs to start a program as this user, with no other group; nothing when None."""
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def named() -> pwd.struct_passwd:
    """The account `initdb` runs as when root makes a cluster."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(_NAMED)
    raise DatabaseUnusable(
        Saying(
            "系统没有 {name} 账户，无法以 root 建立数据库。请以普通用户运行，或指定 XINQIAO_DATABASE_URL。",
            name=_NAMED,
        )
    )


def refuse_nameless() -> None:
    """An ordinary user needs an account to make a cluster: `initdb` looks its own name up."""
    if not _has_a_name(os.geteuid()):
        raise DatabaseUnusable(
            Saying(
                "当前用户（uid {uid}）在系统中没有账户名，PostgreSQL 无法建立数据目录。"
                "请换一个有账户名的用户，或用 XINQIAO_DATABASE_URL 指定一台服务器。",
                uid=os.geteuid(),
            )
        )


def _has_a_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _uids_of_processes() -> set[int]:
    uids = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone since we looked
            uids.add(process.stat().st_uid)
    return uids
