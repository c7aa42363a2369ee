"""Where this installation keeps what is its own, and whether it is a sample or the real thing."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Final

# A system service keeps its state under /var/lib (FHS 3.0 §5.8), a person under the data folder of XDG.
_SYSTEM_HOME: Final = Path("/var/lib/xinqiao")


class Mode(StrEnum):
    SAMPLE = "sample"  # stand-ins are allowed, and say so
    PRODUCTION = "production"  # stand-ins refuse


def mode() -> Mode:
    """`XINQIAO_MODE`; a sample unless it says otherwise. An unknown word stops the start."""
    return Mode(os.environ.get("XINQIAO_MODE") or Mode.SAMPLE)


def home() -> Path:
    """`XINQIAO_HOME`, else the usual folder of the user (or, as root, of the system). Not made here."""
    if named := os.environ.get("XINQIAO_HOME"):
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return _SYSTEM_HOME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share").absolute() / "xinqiao"


def make_home() -> Path:
    """The folder, made if it is missing. Its parents are never changed.

    As root others may pass through it but not look into it (0711): PostgreSQL runs as a user of its own inside.
    """
    folder = home()
    if not folder.is_dir():
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    return folder
