"""Every committed entry gets one place, in the order acts were done, under a signed checkpoint; a forged one none."""

import threading
import time
from itertools import pairwise

import pytest
from django.db import connection, transaction

from tests.ledger.builders import NOW, acts, an_act, ask, at_once, behind_our_back, later, run
from xinqiao.kernel.ids import EventId, Position
from xinqiao.ledger import checking, identity, locks, log, queries, rounds, seals, sequencing, tree
from xinqiao.ledger.errors import LedgerAltered
from xinqiao.ledger.events import Kind
from xinqiao_verify import merkle


def places() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM ledger_position ORDER BY position")
        return [position for (position,) in cursor.fetchall()]


def test_every_committed_entry_gets_one_place_and_a_second_round_finds_nothing(city_db: str) -> None:
    events = acts(300)
    assert sequencing.sequence(NOW) == sequencing.Sequenced(0, 300)
    assert places() == list(range(300))
    assert [queries.position_of(event) for event in events] == list(range(300))


def test_the_checkpoint_is_signed_and_every_one_continues_the_one_before(city_db: str) -> None:
    notes = []
    for step in (1, 255, 1, 300):
        acts(step)
        notes.append(identity.opened(queries.checkpoint() or ""))
    assert [note.size for note in notes] == [1, 256, 257, 557]
    for old, new in pairwise(notes):
        assert merkle.grown(old.size, new.size, queries.consistency(old.size, new.size), old.root, new.root)


def test_an_import_that_takes_an_hour_holds_up_nobody(city_db: str) -> None:
    begun, finish = threading.Event(), threading.Event()
    imported: list[EventId] = []

    def long_import() -> None:
        with transaction.atomic():
            imported.append(log.append(Kind.FACTS_STORED, now=NOW, about={"import": 1}))
            begun.set()
            finish.wait(30)

    worker = threading.Thread(target=lambda: at_once(long_import))
    worker.start()
    begun.wait(30)
    for _ in range(3):
        acts(5)
    assert queries.latest_position() == Position(14)
    assert queries.position_of(imported[0]) is None
    finish.set()
    worker.join(30)
    acts(1)
    assert queries.position_of(imported[0]) == Position(15), "written first, committed last: it comes when it commits"


def test_acts_on_one_aggregate_stand_in_the_order_they_were_done(city_db: str) -> None:
    run("CREATE TABLE counter (n int)")
    run("INSERT INTO counter VALUES (0)")
    done = threading.Event()

    def act() -> None:
        for _ in range(12):
            with transaction.atomic():
                n = ask("SELECT n FROM counter FOR UPDATE")
                log.append(Kind.SETTING_CHANGED, now=NOW, about={"n": n})
                run("UPDATE counter SET n = n + 1")

    def keep_sequencing() -> None:
        while not done.is_set():
            sequencing.sequence(NOW)

    watcher = threading.Thread(target=lambda: at_once(keep_sequencing))
    watcher.start()
    assert at_once(act, act, act, act) == []
    done.set()
    watcher.join(30)
    sequencing.sequence(NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::json->'about'->'n' FROM ledger_event JOIN ledger_position ON event = id ORDER BY position"
        )
        assert [n for (n,) in cursor.fetchall()] == list(range(48))


def test_sequencers_that_meet_place_each_entry_once(city_db: str) -> None:
    def act_and_sequence() -> None:
        for n in range(10):
            an_act(n)
            sequencing.sequence(NOW)

    assert at_once(*[act_and_sequence] * 4) == []
    assert places() == list(range(40))
    assert checking.check().sound


def as_if_restored_elsewhere() -> None:
    """The sequencer's notes as another server would have left them, rightly sealed."""
    (size, _, snapshot, ordinal) = _notes()
    parts = (size, "42", snapshot, ordinal)
    run("UPDATE ledger_sequencer SET system = 42, seal = %s", seals.seal(seals.SEQUENCER, *parts))


def _notes() -> tuple[int, str, str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, system::text, snapshot::text, ordinal FROM ledger_sequencer")
        row: tuple[int, str, str, int] = cursor.fetchone()
    return row


def test_after_a_restore_on_another_server_nothing_is_lost_or_placed_twice(city_db: str) -> None:
    acts(3)
    an_act(3)
    behind_our_back(
        "UPDATE ledger_event SET xact = '9000000000'::xid8 WHERE id NOT IN (SELECT event FROM ledger_position)"
    )
    as_if_restored_elsewhere()
    assert sequencing.sequence(NOW) == sequencing.Sequenced(1, 4)
    assert sequencing.sequence(NOW) == sequencing.Sequenced(0, 4)
    acts(2)
    assert places() == list(range(6))


def test_after_a_restore_to_an_earlier_moment_a_snapshot_from_the_future_hides_nothing(city_db: str) -> None:
    acts(2)
    size, system, _, ordinal = _notes()
    future = "8000000000:8000000000:"
    seal = seals.seal(seals.SEQUENCER, size, system, future, ordinal)
    run("UPDATE ledger_sequencer SET snapshot = %s::pg_snapshot, seal = %s", future, seal)
    an_act(2)
    assert sequencing.sequence(NOW) == sequencing.Sequenced(1, 3)


@pytest.mark.parametrize("tampering", ["DELETE FROM ledger_sequencer", "UPDATE ledger_sequencer SET snapshot = '9:9:'"])
def test_notes_that_were_tampered_with_are_not_believed(city_db: str, tampering: str) -> None:
    acts(2)
    an_act(2)
    behind_our_back(tampering)
    assert sequencing.sequence(NOW) == sequencing.Sequenced(1, 3)
    assert checking.check().sound


def test_an_entry_the_program_did_not_write_gets_no_place_and_is_named(city_db: str) -> None:
    acts(2)
    genuine = an_act(2)
    run(
        "INSERT INTO ledger_event (id, kind, body, seal)"
        " SELECT 990, kind, replace(body, '\"event\":' || id, '\"event\":990'), seal FROM ledger_event WHERE id = %s",
        genuine,
    )
    assert sequencing.sequence(NOW) == sequencing.Sequenced(1, 3)
    assert [str(f) for f in checking.check().found] == ["ledger_event 990 被添加（不是程序写入的）"]


def test_an_entry_copied_under_another_number_is_named(city_db: str) -> None:
    """The seal is over the body and the body names its event: an old word cannot be said again."""
    acts(2)
    run("INSERT INTO ledger_event (id, kind, body, seal) SELECT 990, kind, body, seal FROM ledger_event LIMIT 1")
    sequencing.sequence(NOW)
    assert [(f.table, f.key) for f in checking.check().found] == [("ledger_event", "990")]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger_tile SET data = set_byte(data, 40, get_byte(data, 40) # 1)",
        "DELETE FROM ledger_tile",
        "UPDATE ledger_tile SET data = substring(data FROM 1 FOR 32)",
        "UPDATE ledger_checkpoint SET note = replace(note, E'\\n3\\n', E'\\n4\\n')",
        "DELETE FROM ledger_checkpoint",
    ],
)
def test_nothing_more_is_signed_over_a_tree_that_was_altered(city_db: str, tampering: str) -> None:
    acts(3)
    behind_our_back(tampering)
    an_act(3)
    with pytest.raises(LedgerAltered):
        sequencing.sequence(NOW)
    assert places() == [0, 1, 2]


def test_a_round_that_dies_leaves_nothing_behind(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    acts(2)
    an_act(2)
    with monkeypatch.context() as patched:
        patched.setattr(rounds, "_note", _dies)
        with pytest.raises(KeyboardInterrupt):
            sequencing.sequence(NOW)
    assert (places(), len(queries.tiles(tree.edge_of(2))[0, 0])) == ([0, 1], 64)
    assert sequencing.sequence(NOW) == sequencing.Sequenced(1, 3)
    assert checking.check().sound


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_act_is_under_a_checkpoint_within_a_second_while_somebody_leads(city_db: str) -> None:
    stop = threading.Event()
    waits = []
    leader = threading.Thread(target=sequencing.lead, args=(stop,))
    leader.start()
    try:
        for n in range(3):
            event, begun = an_act(n), time.monotonic()
            while queries.position_of(event) is None and time.monotonic() - begun < 10:
                time.sleep(0.02)
            waits.append(time.monotonic() - begun)
    finally:
        stop.set()
        leader.join(30)
    assert sorted(waits)[1] < 1.0, "the median, since the machine may be busy"


def test_one_leads_and_the_next_takes_over_when_it_is_gone(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencing, "_AFTER_FAULT", 0.05)
    stop = threading.Event()
    leader = threading.Thread(target=sequencing.lead, args=(stop,), kwargs={"clock": lambda: later(0)})
    with locks.held(locks.LEAD, wait=False) as leading:
        assert leading
        leader.start()
        an_act()
        time.sleep(0.6)
        assert places() == []
    while not places() and leader.is_alive():
        time.sleep(0.05)
    stop.set()
    leader.join(30)
    assert places() == [0]
