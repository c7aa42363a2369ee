"""kill -9 at random moments of a take-in loses nothing and doubles nothing: 50 of them in `make soak`, else a taste."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from django.db import connection

from tests.intake.builders import NOW, a_code, a_row, businesses, csv_of
from xinqiao.cli import road
from xinqiao.intake import queries as intake
from xinqiao.intake.queries import DeliveryView
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import checking
from xinqiao.parties.rules import Role, Scope

pytestmark = pytest.mark.soak

WHOLE: Final = bool(os.environ.get("XINQIAO_SOAK"))
KILLS: Final = 50 if WHOLE else 2
SEED: Final = int(os.environ.get("XINQIAO_SEED", "20261123"))  # another one tries other moments
MONTHLY: Final = "tax_declared_sales"  # its amounts are secret: the sealed table is killed as well
BUSINESSES: Final = 120
STRANGERS: Final = 12
FAULTY: Final = 9
KILLS_A_FILE: Final = 4  # then it is let through, so that every file's end is seen too
SLOWEST: Final = 120  # seconds for a run that is not killed; more means that it hangs
OPERATOR: Final = Scope(person=None, role=Role.OPERATOR)


def test_whoever_is_killed_taking_a_file_in_loses_nothing_and_doubles_nothing(city_db: str, tmp_path: Path) -> None:
    rng = random.Random(SEED)
    businesses(tmp_path, *range(BUSINESSES))
    road.settle(NOW)
    took, kills, month = _run(_a_file(tmp_path, 0), 0, kill_after=None), 0, 0
    _all_is_there(month)
    while kills < KILLS:
        month += 1
        file = _a_file(tmp_path, month)
        for _ in range(min(KILLS_A_FILE, KILLS - kills)):
            _run(file, month, kill_after=rng.uniform(0, took))
            kills += 1
            _ledger_is_clean()
        _run(file, month, kill_after=None)
        _all_is_there(month)
    strangers = businesses(tmp_path, *range(BUSINESSES, BUSINESSES + STRANGERS), period="2026-07-02")
    road.settle(NOW)
    _strangers_are_placed(len(strangers), month + 1)


def _a_file(folder: Path, month: int) -> Path:
    """A month's sales: good rows, rows with a fault, rows of businesses nobody knows yet."""
    rows = [_row(serial, month) for serial in range(BUSINESSES + STRANGERS)]
    for serial in range(FAULTY):
        rows[serial * 7]["sales"] = "不详"
    file = folder / f"sales-{month}.csv"
    file.write_bytes(csv_of(rows))
    return file


def _row(serial: int, month: int) -> dict[str, str]:
    sales = f"{serial * 100 + month}.00"
    return a_row(MONTHLY, uscc=a_code(serial), period=_period(month), sales=sales, exempt_sales="0")


def _period(month: int) -> str:
    return f"{2020 + month // 12}-{month % 12 + 1:02d}"


def _run(file: Path, month: int, *, kill_after: float | None) -> float:
    """Take the file in, killed so many seconds after it began, or let through; returns the seconds it took."""
    command = [sys.executable, "-m", "tests.soak.taking_in", str(file), MONTHLY, _period(month)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        began = time.monotonic()
        if kill_after is None:
            assert process.wait(SLOWEST) == 0
        else:
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
    return time.monotonic() - began


def _delivery(month: int) -> DeliveryView:
    found = [view for view in intake.deliveries(OPERATOR, item=MONTHLY, page=1) if view.period == _period(month)]
    assert len(found) == 1, "one file, one delivery, however often it was begun"
    return found[0]


def _all_is_there(month: int) -> None:
    view = _delivery(month)
    assert (view.delivered, view.rejected, view.unplaced) == (BUSINESSES + STRANGERS, FAULTY, STRANGERS)
    assert view.delivered == view.accepted + view.rejected + view.held + view.unplaced
    _facts_are_those_accepted(view)
    _ledger_is_clean()


def _strangers_are_placed(strangers: int, months: int) -> None:
    for month in range(months):
        view = _delivery(month)
        assert (view.unplaced, view.accepted) == (0, BUSINESSES + strangers - FAULTY)
        _facts_are_those_accepted(view)
    _ledger_is_clean()


def _facts_are_those_accepted(view: DeliveryView) -> None:
    facts, subjects, lines, sealed = _counted(view.number)
    assert facts == subjects == lines == sealed == view.accepted


def _counted(delivery: DeliveryNumber) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT f.subject_id), count(DISTINCT f.line), count(s.fact_id)"
            " FROM creditfile_fact f LEFT JOIN creditfile_secret s ON s.fact_id = f.id"
            " WHERE f.delivery = %s AND f.closed_event IS NULL",
            [delivery],
        )
        return tuple(cursor.fetchone())


def _ledger_is_clean() -> None:
    report = checking.check()
    assert report.sound, report.found
