"""What the campaigns share: how long they are, their seed, and what they say while they run.

Whole in `make soak`, a taste of each in `make test`. `SEED=7 make soak` tries other edits and other moments.
"""

import os
import sys
import time
from typing import Final

WHOLE: Final = bool(os.environ.get("XINQIAO_SOAK"))
SEED: Final = int(os.environ.get("SEED") or "20261123")
outcomes: Final[list[str]] = []  # one line a campaign, told again at the end
_EVERY: Final = 5.0  # seconds between two lines of progress: `make soak` may be somebody's terminal or a file
_BEGAN: Final = time.monotonic()
_last = [0.0]


def progress(what: str, done: int, whole: int) -> None:
    """How far a campaign is; not at every step."""
    now = time.monotonic()
    if WHOLE and (done == whole or now - _last[0] >= _EVERY):
        _last[0] = now
        say(f"{what} {done}/{whole}")


def say(line: str) -> None:
    """A line at once, with the minutes and seconds since the beginning."""
    if WHOLE:
        minutes, seconds = divmod(int(time.monotonic() - _BEGAN), 60)
        sys.stdout.write(f"[{minutes:02}:{seconds:02}] {line}\n")
        sys.stdout.flush()


def outcome(line: str) -> None:
    """What a campaign came to."""
    outcomes.append(line)
    say(line)
