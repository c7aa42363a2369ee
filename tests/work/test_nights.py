"""What is to be done every night is done once every night, in the city's time, whoever is there to do it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from tests.work import example_jobs
from xinqiao import work
from xinqiao.kernel.city_time import CITY_TIME
from xinqiao.work.jobs import read_all

DAY = 24 * 3600


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    """One that stays, in a process of its own, asked to stop at the end."""
    code = "import django; django.setup(); import tests.work.example_jobs; from xinqiao import work; work.run_worker()"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2])
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XINQIAO_TEST_NIGHTS", str(tmp_path))
    return tmp_path


def seen(task: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT defer_timestamp FROM procrastinate_periodic_defers WHERE task_name = %s", [task])
        return [moment for (moment,) in cursor.fetchall()]


def wait_until_seen(task: str) -> None:
    end = time.monotonic() + 90
    while not seen(task):
        assert time.monotonic() < end, "no worker began"
        time.sleep(0.05)


def a_night_ago() -> None:
    """The worker was last there the night before."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - %s", [DAY])


def test_every_copy_with_a_term_and_every_grade_whose_windows_move_has_its_hour() -> None:
    """An expiry nobody runs is a term that never ends."""
    read_all()
    hours = {}
    for one in app.periodic_registry.periodic_tasks.values():
        following = one.croniter.get_next(float, start_time=datetime(2026, 7, 15, tzinfo=UTC).timestamp())
        hours[one.task.name] = f"{datetime.fromtimestamp(following, CITY_TIME):%H:%M}"
    assert hours["creditfile.expire"] == "00:10"
    assert hours["intake.expire"] == "00:30"
    assert hours["evaluation.grade_moved"] == "02:00"
    assert hours["example.nightly"] == f"{example_jobs.JUST_NOW:%H:%M}"


@pytest.mark.usefixtures("city_db")
def test_a_night_before_the_house_stood_is_not_made_up_for(nights: Path) -> None:
    with worker(nights):
        wait_until_seen("example.nightly")
        time.sleep(1)
    assert list(nights.iterdir()) == []


@pytest.mark.usefixtures("city_db")
def test_a_night_without_a_worker_is_made_up_for_once_by_two_that_come(nights: Path) -> None:
    with worker(nights):
        wait_until_seen("example.nightly")
    a_night_ago()
    with ExitStack() as both:
        both.enter_context(worker(nights))
        both.enter_context(worker(nights))
        end = time.monotonic() + 90
        while not list(nights.iterdir()):
            assert time.monotonic() < end, "the night was not made up for"
            time.sleep(0.05)
        time.sleep(1)
    assert len(list(nights.iterdir())) == 1


@pytest.mark.usefixtures("city_db")
def test_one_round_of_work_leaves_the_nights_to_those_who_stay(nights: Path) -> None:
    assert work.drain() == 0
    assert seen("example.nightly") == []
