"""What we hand out convinces the verifier, who knows nothing of us but our key."""

import json
from typing import Any

import pytest
from django.db import transaction

from tests.ledger.builders import NOW, acts, an_act, put_book, write_pages
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import evidence, identity, log, promises, queries, sequencing
from xinqiao.ledger.errors import NotYetSequenced, UnknownEvent
from xinqiao.ledger.events import Kind
from xinqiao_verify import consistency, proofs, rows
from xinqiao_verify.notes import Trust, open_sole_note
from xinqiao_verify.proofs import Refused, Standing


def trust() -> Trust:
    return {"log": identity.key()}


def written(file: dict[str, Any]) -> str:
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


def test_an_event_is_promised_at_once_and_proven_when_it_has_its_place(city_db: str) -> None:
    acts(5)
    event = an_act(5)
    file = evidence.of_event(event)
    assert proofs.place_of(file, file["event"], identity.origin(), trust()).standing is Standing.PROMISED
    acts(3)
    file = evidence.of_event(event)
    place = proofs.place_of(file, file["event"], identity.origin(), trust())
    assert (place.standing, place.position, place.size) == (Standing.PROVEN, 5, 9)


def test_a_promise_is_a_signed_note_about_one_leaf(city_db: str) -> None:
    event = an_act()
    promised = promises.promise(event)
    assert promised == promises.promise(event)
    assert open_sole_note(promised["note"], identity.key()).startswith(f"xinqiao-promise/1\n{identity.origin()}\n")
    with pytest.raises(UnknownEvent):
        promises.promise(EventId(999))


def test_a_proof_is_refused_while_there_is_none_and_for_what_never_was(city_db: str) -> None:
    event = an_act()
    with pytest.raises(NotYetSequenced):
        queries.proof(event)
    with pytest.raises(UnknownEvent):
        queries.proof(EventId(999))


def test_every_event_of_a_large_log_can_be_proven(city_db: str) -> None:
    with transaction.atomic():
        events = [log.append(Kind.SETTING_CHANGED, now=NOW, about={"n": n}) for n in range(600)]
    sequencing.sequence(NOW)
    for event in events[::37]:
        file = evidence.of_event(event)
        assert proofs.place_of(file, file["event"], identity.origin(), trust()).standing is Standing.PROVEN


def test_one_row_of_a_bulk_act_is_proven_in_two_parts(shelf: str) -> None:
    acts(3)
    pages = write_pages([f"page {n}" for n in range(11)])
    sequencing.sequence(NOW)
    verdict = rows.verify(written(evidence.of_row(pages, 7)), trust())
    assert (verdict.standing, verdict.table, verdict.ordinal, verdict.position) == (Standing.PROVEN, "shelf_page", 7, 3)
    moved = evidence.of_row(pages, 7)
    moved["row"]["ordinal"] = 6
    with pytest.raises(Refused):
        rows.verify(written(moved), trust())


def test_a_row_no_bulk_act_has_is_not_found(shelf: str) -> None:
    pages, book = write_pages(["one"]), put_book(1, "book")
    for event, ordinal in ((pages, 1), (pages, -1), (book, 0), (EventId(999), 0)):
        with pytest.raises(UnknownEvent):
            evidence.of_row(event, ordinal)


def test_whoever_kept_a_checkpoint_learns_that_the_log_has_only_grown(city_db: str) -> None:
    acts(5)
    kept = queries.checkpoint() or ""
    acts(300)
    grown = consistency.verify(written(evidence.of_growth(kept)), trust())
    assert (grown.old, grown.new) == (5, 305)
    assert consistency.verify(written(evidence.of_growth(queries.checkpoint() or "")), trust()).old == 305
