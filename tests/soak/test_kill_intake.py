"""kill -9 at any moment of a take-in loses nothing and doubles nothing: 50 of them in `make soak`, else a taste.

Every month a source hands in its file: good rows, faulty ones, and rows of strangers, whom next month's registration
makes known. Every other kill comes at a random moment; the others wait for one of the steps, each in turn, so that the
short ones are hit too. What was under way is counted.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from django.db import connection

from tests.intake.builders import NOW, a_code, a_row, businesses, csv_of
from tests.soak.campaign import SEED, WHOLE, outcome, progress, say
from tests.soak.taking_in import BETWEEN, WIDTH
from xinqiao.cli import road
from xinqiao.intake import queries as intake
from xinqiao.intake.queries import DeliveryView
from xinqiao.ledger import checking
from xinqiao.parties.rules import Role, Scope

pytestmark = pytest.mark.soak

KILLS: Final = 50 if WHOLE else 2
MONTHLY: Final = "tax_declared_sales"  # its amounts are secret: the sealed table is killed as well
REGISTRATION: Final = "registration_basics"
STEPS: Final = ("filing", "placing", "judging", "sequencing", "reading", "storing", "arriving")
BUSINESSES: Final = 120
STRANGERS: Final = 12
FAULTY: Final = 9
KILLS_A_MONTH: Final = 4  # then it is let through, so that every month's end is seen too
SLOWEST: Final = 180  # seconds for a run that is not killed; more means that it hangs
OPERATOR: Final = Scope(person=None, role=Role.OPERATOR)


@dataclass
class Pace:
    """How long a whole run takes, and each of its steps, as the last run that was let through showed. Seconds."""

    whole: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)


def test_whoever_is_killed_taking_files_in_loses_nothing_and_doubles_nothing(city_db: str, tmp_path: Path) -> None:
    say(f"{KILLS} kills in the middle of intake, everything counted after each (seed {SEED})")
    rng, hit, month = random.Random(SEED), Counter[str](), 0
    businesses(tmp_path, *range(BUSINESSES))
    road.settle(NOW)
    pace = _let_through(tmp_path, month)
    _all_is_there(month)
    while hit.total() < KILLS:
        month += 1
        for _ in range(min(KILLS_A_MONTH, KILLS - hit.total())):
            hit[_killed(tmp_path, month, pace, rng, hit)] += 1
            _ledger_is_clean()
            progress(f"kills in the middle of intake ({_told(hit)})", hit.total(), KILLS)
        pace = _let_through(tmp_path, month)
        _all_is_there(month)
    outcome(f"{KILLS} kills lost and doubled nothing ({_told(hit)}; {month + 1} months of deliveries)")
    if WHOLE:
        assert set(STEPS) <= set(hit), f"seed {SEED} did not hit every step"


def _told(hit: Counter[str]) -> str:
    return ", ".join(f"{step} {count}" for step, count in hit.most_common())


# ── what is handed in ────────────────────────────────────────────────────────────────────────────────────────────────


def _known(month: int) -> int:
    """How many businesses are registered once the month's registration is in."""
    return BUSINESSES + STRANGERS * month


def _sent(month: int) -> range:
    return range(_known(month) + STRANGERS)


def _faulty(month: int) -> set[int]:
    return {serial * 7 for serial in range(FAULTY)}


def _command(folder: Path, month: int) -> list[str]:
    """The month's files: those registered since the last, and everybody's sales, strangers' too."""
    rows = [_sales(serial, month) for serial in _sent(month)]
    sales, said = folder / f"sales-{month}.csv", [str(folder / "mark")]
    sales.write_bytes(csv_of(rows))
    if month:
        new = folder / f"registered-{month}.csv"
        new.write_bytes(csv_of([_registration(serial) for serial in range(_known(month - 1), _known(month))]))
        said += [str(new), REGISTRATION, _day(month)]
    return [sys.executable, "-m", "tests.soak.taking_in", *said, str(sales), MONTHLY, _period(month)]


def _sales(serial: int, month: int) -> dict[str, str]:
    sales = "不详" if serial in _faulty(month) else f"{serial * 100 + month}.00"
    return a_row(MONTHLY, uscc=a_code(serial), period=_period(month), sales=sales, exempt_sales="0")


def _registration(serial: int) -> dict[str, str]:
    return a_row(REGISTRATION, uscc=a_code(serial), subject_name=f"平顶山市第{serial}商贸有限公司")


def _period(month: int) -> str:
    return f"{2020 + month // 12}-{month % 12 + 1:02d}"


def _day(month: int) -> str:
    return (date(2020, 1, 1) + timedelta(days=month)).isoformat()


# ── taking in, and being killed ──────────────────────────────────────────────────────────────────────────────────────


def _begun(folder: Path, month: int) -> "subprocess.Popen[str]":
    process = subprocess.Popen(_command(folder, month), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def _let_through(folder: Path, month: int) -> Pace:
    pace, steps = Pace(), Counter[str]()
    with _begun(folder, month) as process:
        began = last = time.monotonic()
        while process.poll() is None:
            assert last - began < SLOWEST, "it hangs"
            now, step = time.monotonic(), _step(folder)
            steps[step], last = steps[step] + now - last, now  # type: ignore[assignment]
            time.sleep(0.001)
        assert process.returncode == 0
        pace.whole, pace.steps = last - began, dict(steps)
    return pace


def _killed(folder: Path, month: int, pace: Pace, rng: random.Random, hit: Counter[str]) -> str:
    """Run and kill; returns what was under way. A step that does not come again this month is not waited for."""
    for step in _wanted(hit):
        with _begun(folder, month) as process:
            if step is not None and not _waits_for(process, folder, step):
                continue
            time.sleep(rng.uniform(0, pace.whole if step is None else pace.steps.get(step, 0)))
            process.send_signal(signal.SIGKILL)
            if process.wait() == -signal.SIGKILL:
                return _step(folder)
    raise AssertionError("nothing was killed")


def _wanted(hit: Counter[str]) -> list[str | None]:
    """Any moment, or a step, by turns: the step hit least so far, then the next; where all are over, any moment."""
    if hit.total() % 2 == 0:
        return [None] * len(STEPS)
    return [*sorted(STEPS, key=lambda step: hit[step]), None]


def _waits_for(process: "subprocess.Popen[str]", folder: Path, step: str) -> bool:
    while process.poll() is None:
        if _step(folder) == step:
            return True
        time.sleep(0.0005)
    return False


def _step(folder: Path) -> str:
    """What the process is doing, or was doing when it was killed."""
    mark = os.open(folder / "mark", os.O_RDONLY)
    try:
        return os.pread(mark, WIDTH, 0).decode().strip() or BETWEEN
    finally:
        os.close(mark)


# ── what must be there ───────────────────────────────────────────────────────────────────────────────────────────────


def _all_is_there(month: int) -> None:
    """This month's rows, its strangers waiting; last month's strangers in their place by now."""
    sent, good = _sent(month), {s for s in _sent(month) if s < _known(month)} - _faulty(month)
    view = _delivery(MONTHLY, _period(month))
    assert (view.delivered, view.rejected, view.unplaced, view.accepted) == (len(sent), FAULTY, STRANGERS, len(good))
    assert _facts(view) == {(serial + 2, a_code(serial)) for serial in good}
    if month:
        assert _delivery(REGISTRATION, _day(month)).accepted == STRANGERS
        before = _delivery(MONTHLY, _period(month - 1))
        assert (before.unplaced, before.accepted) == (0, len(_sent(month - 1)) - FAULTY)
        assert _facts(before) == {(serial + 2, a_code(serial)) for serial in _sent(month - 1)} - {
            (serial + 2, a_code(serial)) for serial in _faulty(month - 1)
        }
    _ledger_is_clean()


def _delivery(item: str, period: str) -> DeliveryView:
    pages = (intake.deliveries(OPERATOR, item=item, page=page) for page in (1, 2))
    found = [view for page in pages for view in page if view.period == period]
    assert len(found) == 1, "one file, one delivery, however often it was begun"
    return found[0]


def _facts(view: DeliveryView) -> set[tuple[int, str]]:
    """Line and code of every current fact of the delivery, each there once, with its secret fields."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.line, u.uscc FROM creditfile_fact f JOIN creditfile_secret s ON s.fact_id = f.id"
            " JOIN subjects_subject u ON u.id = f.subject_id WHERE f.delivery = %s AND f.closed_event IS NULL",
            [view.number],
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM creditfile_fact WHERE delivery = %s", [view.number])
        assert cursor.fetchone() == (len(rows),), "nothing beside them, and nothing without its secrets"
    assert len(set(rows)) == len(rows), "nothing twice"
    return set(rows)


def _ledger_is_clean() -> None:
    report = checking.check()
    assert report.sound, report.found
