"""`ledger check` names every row changed behind the log's back, and nothing else."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from tests.ledger.builders import (
    NOW,
    acts,
    an_act,
    ask,
    at_once,
    behind_our_back,
    burn_book,
    furnish,
    later,
    put_book,
    rewrite_page,
    run,
    write_pages,
)
from xinqiao.ledger import checking, covering, identity, log, queries, sequencing, tree, witnessing
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.events import Kind
from xinqiao_verify.notes import Checkpoint


def named() -> list[tuple[str, str, str]]:
    return [(f.table, f.key, f.what.value) for f in checking.check().found]


def test_a_log_and_tables_nobody_touched_are_sound(shelf: str) -> None:
    furnish()
    report = checking.check(witnessed=witnessing.seen())
    assert report.sound, report.in_words()
    assert report.tables == {"ledger_cursor": 1, "shelf_book": 4, "shelf_page": 6}
    assert (report.size, report.waiting) == (10, 0)


def test_what_waits_for_its_place_counts_as_said(shelf: str) -> None:
    furnish()
    put_book(3, "changed a moment ago")
    write_pages(["written a moment ago"])
    report = checking.check()
    assert report.sound, report.in_words()
    assert report.waiting == 2


def test_an_entry_taken_out_is_named_with_what_it_leaves_unsaid(shelf: str) -> None:
    furnish()
    behind_our_back("DELETE FROM ledger_event WHERE id = 1")
    assert named() == [("ledger_event", "1", "removed"), ("shelf_book", "1", "added")]


def test_the_last_cosignature_but_one_cannot_be_taken_out_unseen(shelf: str) -> None:
    furnish()
    for n in (1, 2):
        acts(n)
        witnessing.show(later(n))
    behind_our_back("DELETE FROM ledger_cosignature WHERE size = 11")
    assert named() == [("ledger_cosignature", "410400.xinqiao/witness 11", "removed")]


def test_an_altered_list_of_leaves_does_not_accuse_the_rows(shelf: str) -> None:
    pages = furnish()
    behind_our_back("UPDATE ledger_chunk SET leaves = set_byte(leaves, 40, 1) WHERE count = 4")
    behind_our_back("UPDATE shelf_page SET words = 'forged' WHERE words = 'beta'")
    assert ("ledger_chunk", str(pages), "altered") in named()
    assert [f for f in named() if f[0] == "shelf_page"] == [("shelf_page", f"{pages + 1}/1", "altered")]


def test_a_row_of_a_bulk_act_may_change_and_be_erased_by_a_later_act(shelf: str) -> None:
    pages = furnish()
    rewrite_page(pages, 1, "two, corrected")
    rewrite_page(pages, 2, None)
    sequencing.sequence(NOW)
    assert checking.check().sound
    behind_our_back("UPDATE shelf_page SET words = 'two' WHERE words = 'two, corrected'")
    assert named() == [("shelf_page", f"{pages}/1", "altered")], "the earlier word no longer holds"
    behind_our_back("UPDATE shelf_page SET words = 'two, corrected' WHERE words = 'two'")
    behind_our_back("INSERT INTO shelf_page VALUES (%s, 2, 'three')", pages)
    assert named() == [("shelf_page", f"{pages}/2", "added")], "what was erased may not come back"


def test_a_row_that_stays_without_its_content_is_accepted_as_erased(city_db: str) -> None:
    erased = [CoveredRow("1", covering.ERASED)]
    covering.register(Covered("emptied", "row", lambda: iter(erased)))
    with transaction.atomic():
        log.append(Kind.FACTS_ERASED, now=NOW, about={}, rows=[log.RowState("emptied", "1", None)])
    assert [f.what.value for f in checking.check().found if f.table == "emptied" and f.key == "1"] == []
    erased[0] = CoveredRow("1", bytes([7]) * 32)
    assert ("emptied", "1", "added") in named()


def test_while_acts_go_on_nothing_is_called_wrong_that_is_not(shelf: str) -> None:
    furnish()
    done = threading.Event()

    def keep_acting() -> None:
        n = 100
        while not done.is_set():
            n += 1
            put_book(n % 7 + 100, f"edition {n}")
            write_pages([f"page {n}"])
            if n % 5 == 0:
                burn_book(n % 7 + 100)
                sequencing.sequence(NOW)

    writer = threading.Thread(target=lambda: faults.extend(at_once(keep_acting)))
    faults: list[BaseException] = []
    writer.start()
    reports = [checking.check() for _ in range(6)]
    done.set()
    writer.join(30)
    assert [report.in_words() for report in reports if not report.sound] == []
    assert faults == []
    assert reports[-1].size + reports[-1].waiting > reports[0].size, "acts did go on"


def test_a_database_set_back_to_yesterday_is_found_by_what_was_kept_outside(shelf: str) -> None:
    acts(3)
    kept = queries.checkpoint() or ""
    size = 3
    acts(2)
    tomorrow = queries.checkpoint() or ""
    for table in ("position", "event"):
        behind_our_back(f"DELETE FROM ledger_{table} WHERE {'position >= 3' if table == 'position' else 'id > 3'}")
    behind_our_back("DELETE FROM ledger_checkpoint WHERE size > 3")
    behind_our_back("UPDATE ledger_tile SET data = substring(data FROM 1 FOR 96)")
    _rewind_notes(size)
    assert checking.check(outside=[kept]).sound, "inside, everything agrees: that is what witnesses are for"
    found = checking.check(outside=[kept, tomorrow]).found
    assert [(f.table, f.key, f.what.value) for f in found] == [("ledger_checkpoint", "5", "rolled-back")]


def _rewind_notes(size: int) -> None:
    from xinqiao.ledger import seals

    with connection.cursor() as cursor:
        cursor.execute("SELECT system::text, snapshot::text, ordinal FROM ledger_sequencer")
        rest = cursor.fetchone()
    run("UPDATE ledger_sequencer SET size = %s, seal = %s", size, seals.seal(seals.SEQUENCER, size, *rest))


def test_two_logs_shown_to_two_people_are_found_by_what_one_of_them_kept(shelf: str) -> None:
    acts(3)
    another = identity.signed(Checkpoint(identity.origin(), 2, bytes(32)).text)
    found = checking.check(outside=[another, queries.checkpoint() or ""]).found
    assert [(f.key, f.what.value) for f in found] == [("2", "rolled-back")]


def test_a_checkpoint_somebody_else_signed_says_nothing_about_this_log(shelf: str) -> None:
    acts(1)
    forged = (queries.checkpoint() or "").replace("— ", "— x")
    assert [f.what.value for f in checking.check(outside=[forged]).found] == ["unreadable"]


def test_a_table_the_log_speaks_of_and_nobody_answers_for_is_said(city_db: str) -> None:
    with transaction.atomic():
        log.append(Kind.SETTING_CHANGED, now=NOW, about={}, rows=[log.RowState("gone", "1", bytes(32))])
    assert named() == [("gone", "*", "unregistered")]


def test_a_table_a_forger_made_unreadable_is_named_and_the_others_are_still_read(shelf: str) -> None:
    furnish()

    def breaks() -> Any:
        raise ValueError("no row of ours")
        yield

    covering.register(Covered("ledger_cursor", "row", breaks))
    behind_our_back("UPDATE shelf_book SET title = 'forged' WHERE id = 3")
    assert named() == [("ledger_cursor", "*", "unreadable"), ("shelf_book", "3", "altered")]


def test_a_check_of_many_tiles_and_checkpoints_finds_the_one_that_was_touched(city_db: str) -> None:
    for _ in range(4):
        with transaction.atomic():
            for n in range(140):
                log.append(Kind.SETTING_CHANGED, now=NOW, about={"n": n})
        sequencing.sequence(NOW)
    assert checking.check().sound
    behind_our_back("UPDATE ledger_tile SET data = set_byte(data, 5, get_byte(data, 5) # 1) WHERE level = 1")
    behind_our_back("UPDATE ledger_event SET body = body || ' ' WHERE id = 300")
    assert named() == [("ledger_event", "300", "altered"), ("ledger_tile", "1/0", "altered")]
    assert ask("SELECT length(data) FROM ledger_tile WHERE level = 1") == 2 * tree.HASH


def test_more_findings_than_can_be_named_are_counted(shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinqiao.ledger.checking.report.NAMED_MOST", 2)
    furnish()
    an_act()
    behind_our_back("UPDATE shelf_book SET title = 'forged'")
    report = checking.check()
    assert (len(report.found), report.unnamed) == (2, 2)
    assert "4 处不一致" in report.in_words()
