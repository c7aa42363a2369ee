"""Where this installation keeps what is its own, and whether it is a sample or the real thing."""

import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

# A system service keeps its state under /var/lib (FHS 3.0 §5.8), a person under the data folder of XDG.
_SYSTEM_HOME: Final = Path("/var/lib/xinqiao")


class HomeUnusable(Problem):
    """The folder named or usual cannot be made or used."""

    type = "home-unusable"
    kind = Kind.UNAVAILABLE
    title = "数据目录不可用"


class ModeUnknown(Problem):
    """Neither a sample nor the real thing: nobody should have to guess which rules hold."""

    type = "mode-unknown"
    kind = Kind.INVALID
    title = "运行方式不明"


class Mode(StrEnum):
    SAMPLE = "sample"  # stand-ins are allowed, and say so
    PRODUCTION = "production"  # stand-ins refuse


def mode() -> Mode:
    """`XINQIAO_MODE`; a sample unless it says otherwise. An unknown word stops the start."""
    named = os.environ.get("XINQIAO_MODE") or Mode.SAMPLE
    if named not in set(Mode):
        raise ModeUnknown(Saying("XINQIAO_MODE 只能是 sample 或 production，不能是“{named}”。", named=named))
    return Mode(named)


def home() -> Path:
    """`XINQIAO_HOME`, else the usual folder of the user (or, as root, of the system). Not made here."""
    if named := os.environ.get("XINQIAO_HOME"):
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return _SYSTEM_HOME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share").absolute() / "xinqiao"


def make_home() -> Path:
    """The folder, made if it is missing. What was there before is never changed. Raises `HomeUnusable`.

    As root others may pass through it but not look into it (0711): PostgreSQL runs as a user of its own inside.
    """
    folder = home()
    try:
        for missing in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
            _make(missing)
        writable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        raise _unusable(folder, error.strerror) from None
    if not writable:
        raise _unusable(folder, "not a folder one may write in")
    return folder


def _make(folder: Path) -> None:
    """One folder of ours, whatever the umask; somebody else of ours may have made it this very moment."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _unusable(folder: Path, why: str | None) -> HomeUnusable:
    return HomeUnusable(
        Saying(
            "不能使用目录 {folder}（{error}）。请用 XINQIAO_HOME 指定一个可写的目录。",
            folder=str(folder),
            error=str(why),
        )
    )


# ── the sample city's clock ──────────────────────────────────────────────────────────────────────────────────────────

_read_ahead: tuple[tuple[str, int], timedelta] | None = None


def ahead() -> timedelta:
    """How far the sample city's clock is set ahead of the host's; nothing in production.

    Read at every look at the clock, so that running processes follow at once; the file is opened when it has changed.
    """
    global _read_ahead  # noqa: PLW0603 - one answer for the process, as the file is one
    if mode() is not Mode.SAMPLE:
        return timedelta()
    place = _clock()
    try:
        at = (str(place), place.stat().st_mtime_ns)
    except OSError:
        return timedelta()
    if _read_ahead is None or _read_ahead[0] != at:
        _read_ahead = (at, timedelta(seconds=int(place.read_text())))
    return _read_ahead[1]


def set_ahead(by: timedelta) -> None:
    """Set the sample city's clock so far ahead of the host's, in one piece."""
    make_home()
    place = _clock()
    place.parent.mkdir(mode=0o700, exist_ok=True)
    draft = place.with_suffix(".draft")
    draft.write_text(str(int(by.total_seconds())))
    draft.replace(place)


def _clock() -> Path:
    return home() / "sample" / "clock"
