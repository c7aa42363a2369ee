"""Jobs only the tests of `work` know."""

import os
import signal
import time
from datetime import datetime, timedelta
from datetime import time as dt_time
from pathlib import Path

from django.db import transaction

from xinqiao import work
from xinqiao.kernel.city_time import CITY_TIME
from xinqiao.kernel.problems import Kind, Problem

DONE: list[str] = []
# An hour that had just passed when the tests began; the workers they start inherit it.
_HOUR = os.environ.setdefault("XINQIAO_TEST_HOUR", f"{datetime.now(CITY_TIME) - timedelta(minutes=2):%H:%M}")
JUST_NOW = dt_time.fromisoformat(_HOUR)


class NotAllowed(Problem):
    kind = Kind.REFUSED


@work.job("example.note")
def note(*, word: str) -> None:
    DONE.append(word)


@work.job("example.ask")
def ask() -> None:
    work.defer("example.note", word="asked by a job")


@work.job("example.ask_and_undo")
def ask_and_undo() -> None:
    with transaction.atomic():
        work.defer("example.note", word="asked in an act that was undone")
        transaction.set_rollback(True)


@work.job("example.fail")
def fail() -> None:
    raise OSError("the source does not answer")


@work.job("example.refuse")
def refuse() -> None:
    raise NotAllowed


@work.job("example.touch")
def touch(*, file: str) -> None:
    Path(file).touch()


@work.job("example.die_once")
def die_once(*, folder: str) -> None:
    began = Path(folder) / "began"
    if not began.exists():
        began.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    (Path(folder) / "ended").touch()


@work.job("example.take_a_moment")
def take_a_moment(*, folder: str) -> None:
    (Path(folder) / "began").touch()
    time.sleep(0.5)
    (Path(folder) / "ended").touch()


@work.job("example.nightly", alone=True, nightly=JUST_NOW)
def nightly() -> None:
    """Leaves one file a run where it is told to."""
    folder = Path(os.environ["XINQIAO_TEST_NIGHTS"])
    (folder / str(time.monotonic_ns())).touch()
