"""What the log costs: an append beside a bare insert of a row of the same size, the wait for a place, and a proof.

The baseline is BEGIN, INSERT, COMMIT by psycopg alone, by as many processes, on the same server, in turns with ours,
while the sequencer leads beside them as it does in service. Goal: 60 % of its rate at least. An event is under a
checkpoint within a second; a proof and its verification take less than a millisecond each, in a log of three levels of
tiles.
"""

import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from typing import Any, Final

import psycopg
from django.db import connection, connections, transaction
from django.utils import timezone

from xinqiao.kernel.ids import EventId
from xinqiao.ledger import entries, evidence, identity, log, queries, sequencing
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.entries import RowState
from xinqiao.ledger.events import Kind
from xinqiao_bench import scratch
from xinqiao_bench.measures import Measure
from xinqiao_verify import proofs

GOAL: Final = 0.60
WRITERS: Final = (1, 8)
TURNS: Final = 4  # of each kind, so that a busy machine is busy for both
TURN: Final = 1.0  # seconds
ENTRIES: Final = 70_000  # more than 256²: a tree of three tile levels
ASKED: Final = 300
WAITED: Final = 40
SEED: Final = 20261123

_BARE: Final = "INSERT INTO bare_event (kind, body, seal) VALUES (%s, %s, %s)"
_TABLES: Final = """
CREATE TABLE bare_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, body text NOT NULL,
    seal bytea NOT NULL);
CREATE TABLE bench_grant (id int PRIMARY KEY, state text NOT NULL, until date NOT NULL);
INSERT INTO bench_grant SELECT n, 'given', current_date FROM generate_series(1, 1000) n;
"""


def run(turn: float = TURN, entries_: int = ENTRIES) -> dict[str, Measure]:
    measures: dict[str, Measure] = {}
    with scratch.database():
        with connection.cursor() as cursor:
            cursor.execute(_TABLES)
        identity.key()  # the catalogue is read before anything is timed
        for writers in WRITERS:
            ours, bare = _rates(writers, turn)
            measures[f"ledger-append-{writers}"] = Measure(ours, "acts/s", bare, ours / bare, GOAL, "at_least")
        measures |= _act() | _wait() | _proofs(entries_)
    return measures


# ── rates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rates(writers: int, turn: float) -> tuple[float, float]:
    """Acts a second of all writers together: ours, and bare inserts."""
    forks = multiprocessing.get_context("fork")
    together, counts = forks.Barrier(writers + 1), forks.Queue()
    connections.close_all()
    crew = [forks.Process(target=_writer, args=(together, counts, turn)) for _ in range(writers)]
    for process in crew:
        process.start()
    with _leading():
        for _ in range(2 * TURNS):
            together.wait()
        totals = [counts.get() for _ in crew]
    for process in crew:
        process.join()
    seconds = turn * TURNS
    return sum(ours for ours, _ in totals) / seconds, sum(bare for _, bare in totals) / seconds


def _writer(together: Barrier, counts: Any, turn: float) -> None:
    bare = _bare_session()
    done = {_append: 0, bare: 0}
    for number in range(2 * TURNS):
        together.wait()
        act = bare if number % 2 else _append
        done[act] += _for(turn, act)
    counts.put((done[_append], done[bare]))
    connections.close_all()


def _for(seconds: float, act: Callable[[], None]) -> int:
    end, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        act()
        count += 1
    return count


def _append() -> None:
    with transaction.atomic():
        state = RowState("authorisation_grant", "417", bytes(32))
        log.append(Kind.GRANT_GIVEN, now=timezone.now(), about=_ABOUT, rows=[state])


_ABOUT: Final[dict[str, JsonValue]] = {
    "grant": 417,
    "subject": 90210,
    "to": "pds_sample_bank",
    "purpose": "loan_review",
}


def _bare_session() -> Callable[[], None]:
    """The same row by the driver alone, over a connection of its own."""
    connection.ensure_connection()
    session = psycopg.connect(
        **connection.get_connection_params() | {"autocommit": False, "cursor_factory": psycopg.Cursor}
    )
    state = RowState("authorisation_grant", "417", bytes(32))
    body = entries.body(EventId(417), Kind.GRANT_GIVEN, now=timezone.now(), about=_ABOUT, rows=[state])
    row = (str(Kind.GRANT_GIVEN), body, bytes(32))

    def insert() -> None:
        session.execute(_BARE, row)
        session.commit()

    return insert


@contextmanager
def _leading() -> Iterator[None]:
    """The sequencer in a process of its own, as the worker has it."""
    forks = multiprocessing.get_context("fork")
    stop = forks.Event()
    connections.close_all()
    leader = forks.Process(target=_lead, args=(stop,))
    leader.start()
    try:
        yield
    finally:
        stop.set()
        leader.join()


def _lead(stop: Any) -> None:
    sequencing.lead(stop)


# ── one act, one wait, one proof ─────────────────────────────────────────────────────────────────────────────────────


def _act() -> dict[str, Measure]:
    """What the log adds to an act that changes one row, in milliseconds of the act."""
    logged, plain = [], []
    for number in range(ASKED):
        plain.append(_timed(lambda n=number: _change(n, logged=False)))  # type: ignore[misc]
        logged.append(_timed(lambda n=number: _change(n, logged=True)))  # type: ignore[misc]
    ours, bare = statistics.median(logged), statistics.median(plain)
    return {"ledger-act": Measure(ours * 1000, "ms", bare * 1000, ours / bare)}


def _change(number: int, *, logged: bool) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT state FROM bench_grant WHERE id = %s FOR UPDATE", (number % 1000 + 1,))
        cursor.execute("UPDATE bench_grant SET state = %s WHERE id = %s", (f"s{number}", number % 1000 + 1))
        if logged:
            state = RowState("bench_grant", str(number % 1000 + 1), bytes(32))
            log.append(Kind.GRANT_REVOKED, now=timezone.now(), about=_ABOUT, rows=[state])


def _wait() -> dict[str, Measure]:
    """From an act's commit to its being under a checkpoint, while somebody leads."""
    rng, waits = random.Random(SEED), []  # noqa: S311 - pauses for a benchmark
    stop = threading.Event()
    with _leading():
        time.sleep(1)
        for _ in range(WAITED):
            stop.wait(rng.uniform(0, 0.3))
            waits.append(_placed_after())
    return {
        "ledger-checkpoint-p50": Measure(statistics.median(waits), "s"),
        "ledger-checkpoint-p99": Measure(max(waits), "s", goal=1.0),
    }


def _placed_after() -> float:
    with transaction.atomic():
        event = log.append(Kind.SETTING_CHANGED, now=timezone.now(), about=_ABOUT)
    began = time.perf_counter()
    while queries.position_of(event) is None:
        time.sleep(0.005)
    return time.perf_counter() - began


def _proofs(count: int) -> dict[str, Measure]:
    with transaction.atomic():
        events = [log.append(Kind.SETTING_CHANGED, now=timezone.now(), about=_ABOUT) for _ in range(count)]
    sequencing.sequence(timezone.now())
    asked = random.Random(SEED).sample(events, ASKED)  # noqa: S311 - events for a benchmark
    proving = [_timed(lambda e=event: queries.proof(e)) for event in asked]  # type: ignore[misc]
    files, trust = [evidence.of_event(event) for event in asked], {"log": identity.key()}
    checking = [_timed(lambda f=file: proofs.place_of(f, f["event"], identity.origin(), trust)) for file in files]  # type: ignore[misc]
    return {
        "ledger-proof": Measure(statistics.median(proving) * 1000, "ms", goal=1.0),
        "ledger-verification": Measure(statistics.median(checking) * 1000, "ms", goal=1.0),
        "ledger-proof-p99": Measure(statistics.quantiles(proving, n=100)[98] * 1000, "ms"),
    }


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
