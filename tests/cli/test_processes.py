"""Processes of the house: minded while it stands, gone when it falls."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from xinqiao.cli import processes, serving, standing

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds; a busy machine takes long to start a process


def eventually(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


MINDING = """
import sys
from xinqiao.cli import processes
def start(command):
    import subprocess
    code = "import os, time; from xinqiao.cli import processes; processes.die_with_parent();"
    code += "open(%r + '/' + str(os.getpid()), 'w').close(); time.sleep(60)" % sys.argv[1]
    return subprocess.Popen([sys.executable, "-c", code])
processes._start = start
processes._AGAIN_AFTER = 0.2
processes.Minder({"one": [], "two": []}).run()
"""


@pytest.fixture
def minder(tmp_path: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", MINDING, str(tmp_path)], cwd=ROOT, stderr=subprocess.DEVNULL)
    eventually(lambda: len(list(tmp_path.iterdir())) == 2)
    return process


def children(folder: Path) -> list[int]:
    return [int(p.name) for p in folder.iterdir() if alive(int(p.name))]


def test_a_process_that_fell_over_is_started_again(minder: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.kill(children(tmp_path)[0], signal.SIGKILL)
    eventually(lambda: len(list(tmp_path.iterdir())) == 3)
    assert len(children(tmp_path)) == 2
    minder.terminate()
    assert minder.wait(PATIENCE) == 0
    assert children(tmp_path) == []


def test_no_process_outlives_a_house_that_was_killed(minder: subprocess.Popen[bytes], tmp_path: Path) -> None:
    minder.kill()
    minder.wait()
    eventually(lambda: children(tmp_path) == [])


def test_a_process_whose_starter_was_gone_before_it_could_ask_ends_at_once() -> None:
    code = "from xinqiao.cli import processes; processes.die_with_parent()"
    environment = os.environ | {processes._STARTED_BY: "999999999"}
    late = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert late.returncode == 1
    assert b"is gone" in late.stderr


def test_the_house_greets_once_and_only_when_all_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    minder = processes.Minder({})

    def greet() -> bool:
        asked.append(len(asked) == 2)
        minder._stopping = len(asked) == 6
        return asked[-1]

    monkeypatch.setattr(processes, "_LOOK_EVERY", 0)
    monkeypatch.setattr(minder, "_greet", greet)
    monkeypatch.setattr(minder, "_mind", lambda: setattr(minder, "_stopping", minder._greeted))
    minder.run()
    assert asked == [False, False, True]


@pytest.mark.parametrize("kind", list(standing.KINDS))
@pytest.mark.parametrize("after", [0, 0.5], ids=["while it starts", "at work"])
def test_each_kind_of_standing_work_stops_when_it_is_told(kind: str, after: float, city_db: str) -> None:
    command = [sys.executable, "-m", "xinqiao.cli.main", "worker", kind]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"XINQIAO_DATABASE_URL": city_db})
    eventually(lambda: listens_for(process.pid, signal.SIGTERM))
    time.sleep(after)
    assert process.poll() is None
    process.terminate()
    assert process.wait(PATIENCE) == 0


def listens_for(pid: int, number: int) -> bool:
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


def test_a_port_that_is_taken_or_none_is_told_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("http", "0", "70000", "-1"):
        monkeypatch.setenv("PORT", wrong)
        with pytest.raises(serving.PortTaken, match="PORT"):
            serving.port()
    monkeypatch.setenv("PORT", "")
    assert serving.port() == serving.DEFAULT_PORT
    with socket.socket() as taken:
        taken.bind((serving.HOST, 0))
        taken.listen()
        with pytest.raises(serving.PortTaken, match="已被占用"):
            serving.refuse_taken(taken.getsockname()[1])


def test_our_processes_find_the_code_wherever_they_start() -> None:
    assert processes.environment()["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)
