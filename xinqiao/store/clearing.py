"""A file is kept for as long as somebody names it; what nobody names any more, or ever did, is cleared away.

Between putting a file and writing its name down for good lies a moment in which nobody names it. Whoever puts holds the
room through that moment (`naming`), and `clear` waits until it has the room to itself. It asks every user of the room
for its names, so that one's clearing never sweeps away what another keeps.
"""

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from xinqiao import home
from xinqiao.store.errors import NobodyAsked, RoomBusy

PATIENCE: Final = 60.0  # seconds; a file of a million rows is judged and named within them
_LOOK_EVERY: Final = 0.1
_SHELF: Final = re.compile(r"[0-9a-f]{2}")

Names = Callable[[], Collection[str]]
_users: Final[dict[str, Names]] = {}


def named_by(user: str, names: Names) -> None:
    """A package that puts files says, before anything is cleared, how to learn which of them it still keeps."""
    _users[user] = names


def users() -> frozenset[str]:
    """Whose names are asked for."""
    return frozenset(_users)


@contextlib.contextmanager
def naming() -> Iterator[None]:
    """From before a file is put until its name is written down for good: nothing is cleared meanwhile."""
    with _door() as door:
        fcntl.flock(door, fcntl.LOCK_SH)
        yield


def clear() -> int:
    """Remove every file nobody names, and what processes that died left half written; returns how many files.

    The users are asked once nobody can be naming anything. Raises `RoomBusy` when somebody is all the while, and
    `NobodyAsked` where no user has made itself known: that is no proof that nothing is kept.
    """
    if not _users:
        raise NobodyAsked
    with _door() as door:
        _alone(door)
        kept = {name for names in _users.values() for name in names()}
        gone = [path for digest, path in _files() if digest not in kept]
        for path in (*gone, *_drafts()):
            path.unlink(missing_ok=True)
        return len(gone)


def _alone(door: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise RoomBusy from None
            time.sleep(_LOOK_EVERY)
        else:
            return


@contextlib.contextmanager
def _door() -> Iterator[int]:
    room = _room()
    room.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(room / "door", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _room() -> Path:
    return home.make_home() / "store"


def _files() -> Iterator[tuple[str, Path]]:
    for shelf in _room().iterdir():
        if _SHELF.fullmatch(shelf.name):
            yield from ((shelf.name + path.name, path) for path in shelf.iterdir())


def _drafts() -> Iterator[Path]:
    drafts = _room() / "drafts"
    return drafts.iterdir() if drafts.is_dir() else iter(())
