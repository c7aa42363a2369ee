"""What is being done, how far it is and how long it took, a line at a time, for a person who waits.

Lines go to stderr: stdout carries a command's answer and nothing else.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Numbers the steps of one long command."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0
        self._began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step; the line at its end says how long it took."""
        self._done += 1
        self.tell(f"[{self._done}/{self._steps}] {title}")
        began = time.monotonic()
        yield
        self.tell(f"      完成 · done {_seconds(time.monotonic() - began)}")

    def tell(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def detail(self, sentence: str) -> None:
        """Something inside a step."""
        self.tell(f"      {sentence}")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began


def _seconds(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
