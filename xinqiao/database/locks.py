"""File locks the kernel lets go of when their holder dies, however it dies (`flock`, local disks only)."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying

SHARED: Final = fcntl.LOCK_SH
ALONE: Final = fcntl.LOCK_EX
_LOOK_EVERY: Final = 0.05  # seconds


def try_lock(path: Path, how: int) -> int | None:
    """A descriptor holding the lock, or None when somebody else has it. Closing every copy lets go."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def lock(path: Path, how: int, until: float) -> int:
    """The same, waiting; raises `DatabaseUnusable` at the monotonic time `until`."""
    while (handle := try_lock(path, how)) is None:
        if time.monotonic() > until:
            raise DatabaseUnusable(Saying("另一个进程长时间占用 {path}，请检查它是否还在运行。", path=str(path)))
        time.sleep(_LOOK_EVERY)
    return handle


@contextlib.contextmanager
def held(path: Path, how: int, until: float) -> Iterator[None]:
    """The lock for the length of a block."""
    handle = lock(path, how, until)
    try:
        yield
    finally:
        os.close(handle)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    if (handle := try_lock(path, ALONE)) is None:
        return False
    os.close(handle)
    return True
