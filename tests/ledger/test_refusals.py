"""Strangers' refusals are one event a minute, however many come."""

from collections.abc import Iterator

import pytest

from tests.ledger.builders import NOW, ask, later
from xinqiao.ledger import log, refusals, sequencing
from xinqiao.ledger.errors import EntryInvalid, LogUnavailable
from xinqiao.ledger.queries import event


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    refusals._minutes.clear()
    yield
    refusals._minutes.clear()


def test_a_thousand_strangers_in_a_minute_are_one_event(city_db: str) -> None:
    for n in range(1000):
        refusals.count("unauthenticated" if n % 4 else "malformed", now=later(n % 19))
    assert refusals.flush(later(59)) == 0, "the minute is not over"
    assert ask("SELECT count(*) FROM ledger_event") == 0
    assert refusals.flush(later(60)) == 1
    assert refusals.flush(later(60)) == 0
    told = event(ask("SELECT id FROM ledger_event"))
    assert told.about["minute"] == "2026-11-23T01:41:00.000000Z"
    assert told.about["counts"] == {"malformed": 250, "unauthenticated": 750}


def test_each_minute_has_its_own_event_in_the_order_of_the_clock(city_db: str) -> None:
    for minute in (2, 0, 1):
        refusals.count("rate-limited", now=later(60 * minute))
    assert refusals.flush(later(600)) == 3
    sequencing.sequence(NOW)
    minutes = ask("SELECT array_agg(body::json->'about'->>'minute' ORDER BY ordinal) FROM ledger_event")
    assert minutes == sorted(minutes)


def test_reasons_made_out_of_what_was_sent_are_refused_or_counted_together(city_db: str) -> None:
    with pytest.raises(EntryInvalid):
        refusals.count("'; DROP TABLE", now=NOW)
    for n in range(refusals.REASONS_MOST + 20):
        refusals.count(f"reason-{n}", now=NOW)
    refusals.flush(later(60))
    counts = event(ask("SELECT id FROM ledger_event")).about["counts"]
    assert len(counts) == refusals.REASONS_MOST + 1
    assert counts["other"] == 20


def test_counts_that_could_not_be_written_are_kept_for_the_next_time(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in (0, 1):
        refusals.count("malformed", now=later(60 * minute))
    with monkeypatch.context() as patched:
        patched.setattr(log, "append", _unavailable)
        with pytest.raises(LogUnavailable):
            refusals.flush(later(120))
    assert refusals.flush(later(120)) == 2


def test_a_lone_refusal_waits_for_no_other_and_not_longer_than_the_server_lives(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "_LOOK_EVERY", 0)
    clock = iter([later(30), later(59), later(61), later(62), later(63)])
    logged = []

    def going() -> bool:
        logged.append(ask("SELECT count(*) FROM ledger_event"))
        return len(logged) < 5

    refusals.count("unauthenticated", now=NOW)
    refusals.keep(going, clock=lambda: next(clock))
    assert logged == [0, 0, 0, 1, 1], "written as soon as its minute was over"
    refusals.count("unauthenticated", now=later(62))
    refusals.keep(iter([True, False]).__next__, clock=lambda: later(63))
    assert ask("SELECT count(*) FROM ledger_event") == 2, "and what is left, when the server stops"


def test_a_log_that_is_away_for_a_while_costs_no_count(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "_LOOK_EVERY", 0)
    refusals.count("unauthenticated", now=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(log, "append", _unavailable)
        refusals.keep(iter([True, True, False]).__next__, clock=lambda: later(61))
    assert refusals.flush(later(61)) == 1


def _unavailable(*_: object, **__: object) -> None:
    raise LogUnavailable
