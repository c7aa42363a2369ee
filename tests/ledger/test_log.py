"""Writing to the log: in the act's transaction or not at all."""

import json
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from tests.ledger.builders import NOW, acts, an_act, ask, run
from xinqiao.kernel.ids import Position
from xinqiao.ledger import backlog, entries, log, queries, sequencing
from xinqiao.ledger.errors import EntryInvalid, LogUnavailable, NotInTransaction, UnknownEvent
from xinqiao.ledger.events import Kind


def test_an_event_outside_a_transaction_is_refused(city_db: str) -> None:
    with pytest.raises(NotInTransaction):
        log.append(Kind.SETTING_CHANGED, now=NOW, about={})
    with pytest.raises(NotInTransaction):
        log.reserve_event_id()


def test_an_act_that_fails_leaves_no_event(city_db: str) -> None:
    with transaction.atomic():
        event = log.append(Kind.SETTING_CHANGED, now=NOW, about={})
        transaction.set_rollback(True)
    with pytest.raises(UnknownEvent):
        queries.event(event)


def test_an_event_says_what_when_and_how_its_rows_stand(city_db: str) -> None:
    with transaction.atomic():
        event = log.append(Kind.GRANT_GIVEN, now=NOW, about={"grant": 7}, rows=[log.RowState("grants", "7", bytes(32))])
    told = queries.event(event)
    assert (told.kind, told.at, told.about, told.position) == (Kind.GRANT_GIVEN, NOW, {"grant": 7}, None)
    assert json.loads(told.body) == {
        "about": {"grant": 7},
        "at": "2026-11-23T01:41:00.000000Z",
        "event": event,
        "kind": "authorisation:grant:given",
        "rows": [["grants", "7", "00" * 32]],
    }


def test_the_order_within_one_transaction_is_the_order_of_writing(city_db: str) -> None:
    with transaction.atomic():
        early = log.reserve_event_id()
        events = [log.append(Kind.SETTING_CHANGED, now=NOW, about={"n": n}) for n in range(5)]
        events.append(log.append(Kind.SETTING_CHANGED, now=NOW, about={}, event_id=early))
    sequencing.sequence(NOW)
    assert [queries.position_of(event) for event in events] == [0, 1, 2, 3, 4, 5]


def test_rollbacks_of_whole_acts_and_of_parts_of_them_leave_the_connection_fit_to_write(city_db: str) -> None:
    for number in range(3):
        with transaction.atomic():
            an_act(number)
            transaction.set_rollback(True)
        with transaction.atomic():
            an_act(number)
            with pytest.raises(DatabaseError), transaction.atomic():
                run("SELECT 1 / 0")
            kept = an_act(number)
        assert queries.event(kept).about == {"setting": number}


def test_a_lost_connection_is_the_framework_s_operational_error(city_db: str) -> None:
    an_act()
    with psycopg.connect(city_db, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (ask("SELECT pg_backend_pid()"),))
    with pytest.raises(OperationalError):
        an_act()
    connection.close()
    assert queries.event(an_act(2)).about == {"setting": 2}


def test_a_connection_that_lost_its_plans_fails_one_act_whole_and_serves_the_next(city_db: str) -> None:
    an_act()
    run("DEALLOCATE ALL")
    with pytest.raises(DatabaseError):
        an_act()
    assert queries.event(an_act(2)).about == {"setting": 2}


def test_a_reserved_id_is_used_once(city_db: str) -> None:
    with transaction.atomic():
        event = log.reserve_event_id()
        log.append(Kind.SETTING_CHANGED, now=NOW, about={}, event_id=event)
    with pytest.raises(DatabaseError), transaction.atomic():
        log.append(Kind.SETTING_CHANGED, now=NOW, about={}, event_id=event)


@pytest.mark.parametrize(
    "said",
    [
        {"about": {"share": 0.5}},
        {"about": {}, "rows": [("t", "1", b"short")]},
        {"about": {}, "rows": [("t", str(n), bytes(32)) for n in range(entries.ROWS_MAX + 1)]},
        {"about": {"text": "x" * entries.BODY_MAX}},
        {"about": {}, "now": datetime(2026, 1, 1)},  # noqa: DTZ001 - the point
    ],
)
def test_what_an_entry_cannot_hold_is_refused(city_db: str, said: dict[str, Any]) -> None:
    with pytest.raises(EntryInvalid), transaction.atomic():
        log.append(Kind.SETTING_CHANGED, **{"now": NOW, **said})


def test_a_bulk_act_needs_rows_of_32_bytes_each(city_db: str) -> None:
    for leaves in ([], [bytes(31)]):
        with pytest.raises(EntryInvalid), transaction.atomic():
            log.append_chunk(Kind.FACTS_STORED, now=NOW, about={}, table="t", leaves=leaves)


def test_the_log_s_tables_cannot_be_changed_or_emptied_by_ordinary_means(city_db: str) -> None:
    acts(3)
    for statement in (
        "UPDATE ledger_event SET body = ''",
        "DELETE FROM ledger_position",
        "TRUNCATE ledger_event",
        "TRUNCATE ledger_tile",
        "DELETE FROM ledger_tile",
        "UPDATE ledger_tile SET data = set_byte(data, 0, 0) || data",
        "DELETE FROM ledger_sequencer",
        "DELETE FROM ledger_checkpoint",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            run(statement)


def test_too_many_waiting_entries_are_promised_no_place(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "LIMIT", 20)
    monkeypatch.setattr(backlog, "_LOOK_EVERY", 0)
    for n in range(21):
        an_act(n)
    with pytest.raises(LogUnavailable):
        an_act()
    sequencing.sequence(NOW)
    assert queries.latest_position() == Position(20)
    an_act()


def test_acts_that_were_rolled_back_do_not_close_the_log(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "LIMIT", 20)
    monkeypatch.setattr(backlog, "_LOOK_EVERY", 0)
    for _ in range(40):
        with transaction.atomic():
            log.append(Kind.SETTING_CHANGED, now=NOW, about={})
            transaction.set_rollback(True)
    an_act()
    assert ask("SELECT count(*) FROM ledger_event") == 1
