"""Processes of ours: started, minded, started again when they fall over, and gone with whoever started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from xinqiao.cli.opening import OUTER_ENVIRONMENT, say

_PR_SET_PDEATHSIG: Final = 1  # prctl(2)
_STARTED_BY: Final = "XINQIAO_STARTED_BY"
_LOOK_EVERY: Final = 0.3
_AGAIN_AFTER: Final = 2.0  # seconds; a process that cannot live would otherwise keep the machine busy dying
_GRACE: Final = 20.0  # seconds a process has to finish what it has in hand


def die_with_parent() -> None:
    """From now on the kernel asks us to stop (SIGTERM) when the process that started us is gone, however it went; at
    once if it went before we could ask for that."""
    parent = int(os.environ.get(_STARTED_BY) or os.getppid())
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


class Minder:
    """Keeps one process per command alive until we are asked to stop."""

    def __init__(self, commands: Mapping[str, Sequence[str]], greet: Callable[[], bool] = lambda: True) -> None:
        """`commands` by the name a person knows them under; each is what follows `xinqiao` on a command line. `greet`
        is asked again and again until it has said what there is to say once all is up."""
        self._commands = commands
        self._greet = greet
        self._greeted = False
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._again_at: dict[str, float] = {}
        self._stopping = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then every process is asked to finish."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stopping:
                self._mind()
                self._greeted = self._greeted or self._greet()
                time.sleep(_LOOK_EVERY)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _mind(self) -> None:
        for name, command in self._commands.items():
            process = self._processes.get(name)
            if process is not None and process.poll() is None:
                continue
            if process is not None and name not in self._again_at:
                say(f"“{name}”意外停止（{process.returncode}），{_AGAIN_AFTER:.0f} 秒后重新启动 · starting again")
                self._again_at[name] = time.monotonic() + _AGAIN_AFTER
            if time.monotonic() >= self._again_at.get(name, 0):
                self._again_at.pop(name, None)
                self._processes[name] = _start(command)

    def _end_all(self) -> None:
        living = {name: process for name, process in self._processes.items() if process.poll() is None}
        for process in living.values():
            process.terminate()
        until = time.monotonic() + _GRACE
        for name, process in living.items():
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"“{name}”在 {_GRACE:.0f} 秒内没有结束，强行停止；没做完的事下次启动时接着做 · stopped by force")
                process.kill()
                process.wait()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C at the terminal is for us, who then ask each process to finish."""
    return subprocess.Popen(
        [sys.executable, "-m", "xinqiao.cli.main", *command],
        stdin=subprocess.DEVNULL,
        env=environment() | {_STARTED_BY: str(os.getpid())},
        start_new_session=True,
    )


def environment() -> dict[str, str]:
    """What our processes are started with: our own surroundings, and where the code is, wherever they start."""
    root = str(Path(__file__).resolve().parents[2])
    packages = [root, *filter(None, [OUTER_ENVIRONMENT.get("PYTHONPATH")])]
    return OUTER_ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(packages)}
