"""Jobs belong to the act that asks for them, are done once it is committed, and again if their worker died."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.work import example_jobs
from xinqiao import work
from xinqiao.kernel.problems import Problem
from xinqiao.work import running

pytestmark = pytest.mark.usefixtures("city_db")
PATIENCE = 90.0  # seconds; a busy machine takes long to start a process


@pytest.fixture(autouse=True)
def done() -> list[str]:
    example_jobs.DONE.clear()
    return example_jobs.DONE


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return int(cursor.fetchone()[0])


def test_a_job_is_done_after_the_act_that_asked_for_it(done: list[str]) -> None:
    with transaction.atomic():
        work.defer("example.note", word="committed")
        assert done == []
    assert work.drain() == 1
    assert done == ["committed"]


def test_a_job_vanishes_with_the_act_that_was_undone(done: list[str]) -> None:
    with transaction.atomic():
        work.defer("example.note", word="undone")
        transaction.set_rollback(True)
    assert work.drain() == 0
    assert done == []


def test_a_job_asked_for_by_a_job_belongs_to_that_jobs_own_act(done: list[str]) -> None:
    work.defer("example.ask_and_undo")
    work.defer("example.ask")
    assert work.drain() == 3
    assert done == ["asked by a job"]


def test_a_job_that_waits_already_is_not_asked_for_twice_and_the_act_goes_on() -> None:
    with transaction.atomic():
        assert work.defer("example.note", once="7", word="a")
        assert not work.defer("example.note", once="7", word="a")
        assert work.defer("example.note", once="8", word="b")
    assert waiting() == 2


def test_a_job_for_later_is_left_for_later(done: list[str]) -> None:
    work.defer("example.note", not_before=datetime.now(UTC) + timedelta(hours=1), word="later")
    assert work.drain() == 0
    assert done == []


def test_a_failed_job_is_told_to_whoever_drains_and_waits_to_be_tried_again() -> None:
    work.defer("example.fail")
    with pytest.raises(work.JobsFailed, match="OSError") as told:
        work.drain()
    assert isinstance(told.value.causes[0], OSError)
    assert waiting() == 1


def test_a_refusal_is_not_tried_again() -> None:
    work.defer("example.refuse")
    with pytest.raises(work.JobsFailed) as told:
        work.drain()
    assert isinstance(told.value.causes[0], Problem)
    assert waiting() == 0


def test_unknown_work_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(work.UnknownJob):
        work.defer("example.nothing")


def test_draining_inside_a_transaction_is_a_mistake() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        work.drain()


def worker() -> subprocess.Popen[bytes]:
    code = "import django; django.setup(); import tests.work.example_jobs; from xinqiao import work; work.run_worker()"
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen([sys.executable, "-c", code], cwd=root)


def wait_for(file: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < end, f"{file} was never written"
        time.sleep(0.05)


def test_a_job_whose_worker_was_killed_runs_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work.defer("example.die_once", folder=str(tmp_path))
    first = worker()
    wait_for(tmp_path / "began")
    assert first.wait() == -signal.SIGKILL
    monkeypatch.setattr(running, "_DEAD_AFTER", 0.0)
    assert work.drain() == 1
    assert (tmp_path / "ended").exists()


def test_a_job_that_kills_every_worker_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    work.defer("example.note", word="never")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 5, worker_id = NULL")
    assert work.drain() == 0
    assert waiting() == 0


def test_a_worker_that_is_asked_to_stop_finishes_the_job_in_hand(tmp_path: Path) -> None:
    work.defer("example.take_a_moment", folder=str(tmp_path))
    process = worker()
    wait_for(tmp_path / "began")
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert (tmp_path / "ended").exists()


def test_a_worker_outlives_the_loss_of_its_connections(tmp_path: Path) -> None:
    process = worker()
    try:
        work.defer("example.touch", file=str(tmp_path / "before"))
        wait_for(tmp_path / "before")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        work.defer("example.touch", file=str(tmp_path / "after"))
        wait_for(tmp_path / "after")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
