"""Real files, named by `XINQIAO_REAL_DATA`, and what lies between them and a city: codes for firms that have none."""

import os
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = os.environ.get("XINQIAO_REAL_DATA", "")

needed = pytest.mark.skipif(
    not FOLDER or not Path(FOLDER).is_dir(),
    reason="SKIPPED LOUDLY: real data are tried only where XINQIAO_REAL_DATA names their folder",
)


def real(*parts: str) -> Path:
    return Path(FOLDER, *parts)
