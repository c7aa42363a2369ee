"""One edit each, as somebody with the database's password could make it: the check names it, and nothing else.

All of them are tried in one city, each in a transaction that is rolled back.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.conftest import _clone, _pointed_at
from tests.ledger.builders import a_shelf, behind_our_back, furnish, run
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import checking, covering, following


@pytest.fixture(scope="module")
def city(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventId]:
    with pytest.MonkeyPatch.context() as patched, _clone(server, template) as url, _pointed_at(url):
        patched.setenv("XINQIAO_WITNESS", str(tmp_path_factory.mktemp("witness")))
        before = covering.registered()
        covering._covered.clear()
        covering.register(following.covered())
        with a_shelf():
            yield furnish()
        covering._covered.update(before)


@pytest.fixture
def own_tables_only(city: EventId) -> None:
    """The module's city has registered what it answers for."""


@pytest.fixture
def pages(city: EventId) -> Iterator[EventId]:
    """The event of the pages; whatever the test does to the city is undone."""
    with transaction.atomic():
        yield city
        transaction.set_rollback(True)


def named_after(statement: str) -> list[tuple[str, str, str]]:
    if "TRIGGER" in statement:
        run(statement)
    else:
        behind_our_back(statement)
    return [(f.table, f.key, f.what.value) for f in checking.compare().found]


def test_the_city_is_sound_before_anybody_touches_it(pages: EventId) -> None:
    assert checking.compare().in_words().endswith("一致。")


ROWS = {
    "a title": ("UPDATE shelf_book SET title = 'forged' WHERE id = 3", ("shelf_book", "3", "altered")),
    "an old title put back": ("UPDATE shelf_book SET title = 'book 2' WHERE id = 2", ("shelf_book", "2", "altered")),
    "a book taken": ("DELETE FROM shelf_book WHERE id = 1", ("shelf_book", "1", "removed")),
    "a book slipped in": ("INSERT INTO shelf_book VALUES (77, 'forged')", ("shelf_book", "77", "added")),
    "a burnt book put back": ("INSERT INTO shelf_book VALUES (5, 'book 5')", ("shelf_book", "5", "added")),
    "a page": ("UPDATE shelf_page SET words = 'forged' WHERE words = 'two'", ("shelf_page", "{pages}/1", "altered")),
    "a page taken": ("DELETE FROM shelf_page WHERE words = 'three'", ("shelf_page", "{pages}/2", "removed")),
    "a page slipped in": ("INSERT INTO shelf_page VALUES ({pages}, 4, 'five')", ("shelf_page", "{pages}/4", "added")),
    "a page copied": ("INSERT INTO shelf_page VALUES ({pages}, 1, 'two')", ("shelf_page", "{pages}/1", "added")),
    "a page of no act": ("INSERT INTO shelf_page VALUES (9999, 0, 'x')", ("shelf_page", "9999/0", "added")),
    "a page of nobody": ("INSERT INTO shelf_page VALUES (NULL, NULL, 'x')", ("shelf_page", "None/None", "added")),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_row_changed_behind_the_log_s_back_is_named_and_no_other(pages: EventId, what: str) -> None:
    statement, (table, key, how) = ROWS[what]
    assert named_after(statement.format(pages=pages)) == [(table, key.format(pages=pages), how)]


OWN = {
    "an entry's words": (
        "UPDATE ledger_event SET body = replace(body, '\"book\":1', '\"book\":7') WHERE id = 1",
        [("ledger_event", "1", "altered")],
    ),
    "an entry's kind": ("UPDATE ledger_event SET kind = 'x' WHERE id = 1", [("ledger_event", "1", "altered")]),
    "an entry's seal": ("UPDATE ledger_event SET seal = '' WHERE id = 1", [("ledger_event", "1", "altered")]),
    "an entry's order": (
        "UPDATE ledger_event SET ordinal = 900 WHERE id = 1",
        [("ledger_position", "0", "altered"), ("ledger_event", "1", "altered")],
    ),
    "a place": (
        "UPDATE ledger_position SET position = 900 WHERE position = 9",
        [("ledger_position", "900", "altered")],
    ),
    "a place's event": (
        "UPDATE ledger_position SET event = 999 WHERE position = 2",
        [("ledger_position", "2", "altered")],
    ),
    "a place taken": ("DELETE FROM ledger_position WHERE position = 2", [("ledger_position", "2", "removed")]),
    "a tile": ("UPDATE ledger_tile SET data = set_byte(data, 0, 1)", [("ledger_tile", "0/0", "altered")]),
    "a tile taken": ("DELETE FROM ledger_tile", [("ledger_tile", "0/0", "removed")]),
    "a tile more": (
        "INSERT INTO ledger_tile VALUES (1, 0, decode(repeat('00', 32), 'hex'))",
        [("ledger_tile", "1/0", "added")],
    ),
    "a checkpoint": ("UPDATE ledger_checkpoint SET at = now() WHERE size = 5", [("ledger_checkpoint", "5", "altered")]),
    "a checkpoint taken": ("DELETE FROM ledger_checkpoint WHERE size = 5", [("ledger_checkpoint", "1–5", "removed")]),
    "the newest checkpoint": (
        "DELETE FROM ledger_checkpoint WHERE size = 10",
        [("ledger_checkpoint", "10", "removed")],
    ),
    "checkpoints that follow each other": ("DELETE FROM ledger_checkpoint", [("ledger_checkpoint", "1–10", "removed")]),
    "a leaf": (
        "UPDATE ledger_chunk SET leaves = set_byte(leaves, 40, 1) WHERE count = 4",
        [("ledger_chunk", "{pages}", "altered")],
    ),
    "a list's table": (
        "UPDATE ledger_chunk SET covers = 'x' WHERE count = 4",
        [("ledger_chunk", "{pages}", "altered")],
    ),
    "a list taken": ("DELETE FROM ledger_chunk WHERE count = 4", [("ledger_chunk", "{pages}", "removed")]),
    "a list more": ("INSERT INTO ledger_chunk VALUES (1, 'x', 0, '')", [("ledger_chunk", "1", "added")]),
    "the sequencer's notes": ("UPDATE ledger_sequencer SET size = 3", [("ledger_sequencer", "true", "altered")]),
    "the notes taken": ("DELETE FROM ledger_sequencer", [("ledger_sequencer", "true", "removed")]),
    "a cosignature": (
        "UPDATE ledger_cosignature SET line = 'x'",
        [("ledger_cosignature", "410400.xinqiao/witness 10", "altered")],
    ),
}


@pytest.mark.parametrize("what", OWN)
def test_an_edit_of_the_log_s_own_tables_is_named(pages: EventId, what: str) -> None:
    statement, expected = OWN[what]
    found = named_after(statement)
    assert {(table, key.format(pages=pages), how) for table, key, how in expected} <= set(found)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DROP TRIGGER shelf_book_no_truncate ON shelf_book", ("shelf_book", "shelf_book_no_truncate", "unguarded")),
        (
            "ALTER TABLE ledger_event DISABLE TRIGGER ledger_event_append_only",
            ("ledger_event", "ledger_event_append_only", "unguarded"),
        ),
        (
            "CREATE OR REPLACE TRIGGER shelf_book_no_truncate BEFORE TRUNCATE ON shelf_book"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()",
            ("shelf_book", "shelf_book_no_truncate", "unguarded"),
        ),
        (
            "CREATE OR REPLACE TRIGGER ledger_event_append_only BEFORE UPDATE OR DELETE ON ledger_event"
            " FOR EACH ROW WHEN (OLD.id < 0) EXECUTE FUNCTION ledger_refuse_change()",
            ("ledger_event", "ledger_event_append_only", "unguarded"),
        ),
    ],
)
def test_a_guard_that_was_taken_away_is_missed(pages: EventId, statement: str, expected: tuple[str, str, str]) -> None:
    assert named_after(statement) == [expected]


def test_guards_that_call_something_hollow_are_named_all(pages: EventId) -> None:
    run(
        "CREATE OR REPLACE FUNCTION ledger_refuse_truncate() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'"
    )
    found = {(f.table, f.what.value) for f in checking.compare().found}
    assert {("shelf_book", "unguarded"), ("ledger_event", "unguarded"), ("ledger_tile", "unguarded")} <= found
