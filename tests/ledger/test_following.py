"""News travels upward by reading the log: in order, at least once, and what a follower writes exactly once."""

import threading

import pytest
from django.db import connection

from tests.ledger.builders import NOW, acts, an_act, at_once, behind_our_back, run
from xinqiao.ledger import checking, following, sequencing
from xinqiao.ledger.errors import LedgerAltered
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event

NEWS = (Kind.SETTING_CHANGED,)


def read_all(name: str = "reader") -> list[Event]:
    seen: list[Event] = []
    following.follow(name, seen.append, kinds=NEWS, now=NOW)
    return seen


def test_a_follower_reads_each_event_once_in_the_log_s_order(city_db: str) -> None:
    events = acts(450)
    assert [event.id for event in read_all()] == events
    assert read_all() == []
    more = acts(2)
    assert [event.id for event in read_all()] == more
    assert [event.id for event in read_all("another")] == events + more


def test_a_follower_reads_only_the_kinds_it_asked_for_and_passes_over_the_rest(city_db: str) -> None:
    for n in range(6):
        an_act(n, Kind.SETTING_CHANGED if n % 3 == 0 else Kind.GRADE_SHOWN)
    sequencing.sequence(NOW)
    assert [event.about["setting"] for event in read_all()] == [0, 3]
    assert following.behind("reader") == 0


def test_a_follower_does_not_read_what_has_no_place_yet(city_db: str) -> None:
    acts(1)
    an_act(1)
    assert len(read_all()) == 1


def test_a_follower_that_fails_meets_the_event_again_and_its_work_is_undone(city_db: str) -> None:
    acts(3)
    run("CREATE TABLE heard (event bigint)")

    def hear(event: Event) -> None:
        run("INSERT INTO heard VALUES (%s)", event.id)
        if event.position == 1 and not patient:
            raise TimeoutError

    patient = False
    with pytest.raises(TimeoutError):
        following.follow("reader", hear, kinds=NEWS, now=NOW)
    patient = True
    assert following.follow("reader", hear, kinds=NEWS, now=NOW) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT event) FROM heard")
        assert cursor.fetchone() == (3, 3)


def test_a_follower_stops_where_it_is_told(city_db: str) -> None:
    acts(5)
    seen: list[Event] = []
    assert following.follow("reader", seen.append, kinds=NEWS, now=NOW, limit=2) == 2
    assert [event.position for event in seen] == [0, 1]
    assert len(read_all()) == 3


def test_two_followers_of_one_name_do_not_work_at_once(city_db: str) -> None:
    acts(1)
    inside, leave = threading.Event(), threading.Event()

    def slow(_: Event) -> None:
        inside.set()
        leave.wait(30)

    first = threading.Thread(target=lambda: at_once(lambda: following.follow("reader", slow, kinds=NEWS, now=NOW)))
    first.start()
    inside.wait(30)
    assert read_all() == []
    leave.set()
    first.join(30)
    assert following.behind("reader") == 0


def test_a_cursor_that_was_moved_forward_stops_the_follower_and_is_named(city_db: str) -> None:
    acts(2)
    read_all()
    acts(2)
    behind_our_back("UPDATE ledger_cursor SET position = 4")
    with pytest.raises(LedgerAltered):
        read_all()
    assert [(f.table, f.key, f.what) for f in checking.check().found] == [("ledger_cursor", "reader", "altered")]


def test_a_cursor_that_was_taken_away_is_missed(city_db: str) -> None:
    acts(2)
    read_all()
    behind_our_back("DELETE FROM ledger_cursor")
    assert [(f.table, f.key, f.what) for f in checking.check().found] == [("ledger_cursor", "reader", "removed")]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE ledger_event SET body = replace(body, '\"setting\":1', '\"setting\":7')",
        "UPDATE ledger_event SET kind = 'house:setting:changed' WHERE kind = 'disclosure:grade:shown'",
        "UPDATE ledger_position SET event = (SELECT max(id) FROM ledger_event) WHERE position = 0",
    ],
)
def test_nobody_acts_on_forged_news(city_db: str, forgery: str) -> None:
    an_act(1)
    an_act(2, Kind.GRADE_SHOWN)
    sequencing.sequence(NOW)
    an_act(3)
    behind_our_back(forgery)
    with pytest.raises(LedgerAltered):
        read_all()
