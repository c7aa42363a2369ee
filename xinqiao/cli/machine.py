"""What the machine refuses in the middle of a command, told as a refusal: a full disk, a database that went away."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
_CLOSED: Final = {errno.EROFS, errno.EACCES, errno.EPERM}
_DISK_FULL: Final = "53100"  # PostgreSQL's code for the same


class DiskFull(Problem):
    """No room for what has to be written."""

    type = "disk-full"
    kind = Kind.UNAVAILABLE
    title = "磁盘已满"


class NotPermitted(Problem):
    """A file or folder the machine keeps from us."""

    type = "not-permitted"
    kind = Kind.UNAVAILABLE
    title = "没有权限"


class DatabaseFailed(Problem):
    """The database is there, and did not do what it was asked: it went away, or somebody held what was needed."""

    type = "database-failed"
    kind = Kind.UNAVAILABLE
    title = "数据库没有完成这一步"


@contextmanager
def files_told() -> Iterator[None]:
    """Raises `DiskFull`, `NotPermitted` in place of what the system says. What was committed stays."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(error) from error
        if error.errno in _CLOSED:
            raise NotPermitted(
                Saying("{file}：{error}", file=str(error.filename), error=str(error.strerror))
            ) from error
        raise


@contextmanager
def database_told() -> Iterator[None]:
    """Raises `DiskFull`, `DatabaseFailed` in place of what the driver says; needs the framework."""
    import psycopg
    from django.db import OperationalError

    try:
        yield
    except (OperationalError, psycopg.OperationalError) as error:
        if getattr(error.__cause__ or error, "sqlstate", None) == _DISK_FULL:
            raise _full(error) from error
        raise DatabaseFailed(Saying("已提交的都在，请再运行一次（{error}）。", error=_line(error))) from error


def _full(error: Exception) -> DiskFull:
    return DiskFull(Saying("腾出空间后再运行一次，做完的都在（{error}）。", error=_line(error)))


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
