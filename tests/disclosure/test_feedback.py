"""What a bank says became of a business it looked at: only of such, once a day, corrected, taken back, and a label."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, TODAY, a_bank, an_agreement, an_officer
from xinqiao.disclosure import fed_back, feeding_back, labels
from xinqiao.disclosure.errors import FeedbackEnded, FeedbackFaulty, FeedbackNotAgreed, KeyReused, NoSuchFeedback
from xinqiao.disclosure.feedback import Amount, Became, Decision, ModelResult, Outcome, Said
from xinqiao.disclosure.feeding_back import Teller
from xinqiao.disclosure.labels import Rule
from xinqiao.disclosure.querying import query
from xinqiao.fitting import observations
from xinqiao.kernel.ids import InstitutionId, ReceiptNumber
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger import queries as ledger
from xinqiao.parties import agreements
from xinqiao.parties import queries as parties

pytestmark = [pytest.mark.usefixtures("city_db"), pytest.mark.furnished(by=a_world)]
OF = InstitutionId(BANK)
A_YEAR_ON = NOW + timedelta(days=400)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def on(days: int) -> date:
    """So many days after the look."""
    return TODAY + timedelta(days=days)


def an_outcome(became: Became = Became.DEFAULT, days: int = 200, **other: Any) -> Outcome:
    told = {"notified_on": on(days)} if became in {Became.DEFAULT, Became.OVERDUE} else {}
    return Outcome(became, TODAY, on(days), on(days), **(told | other))


def told(world: World, receipt: int, *said: Any, key: str = "", officer: bool = False) -> Sequence[Any]:
    by = Teller(OF, world.officer) if officer else Teller(OF, client="core", key=key)
    entries = [Said(world.code, ReceiptNumber(receipt), one) for one in said]
    return feeding_back.take_in(entries, by=by, now=A_YEAR_ON)


def test_what_is_said_stands_in_the_rows_the_log_vouches_for_and_in_no_event(world: World) -> None:
    receipt = world.ask().number
    a_result = ModelResult("小微快贷", "3.1", Decision.APPROVED, TODAY, grade="BB", amount=Amount.TO_500K)
    first, second = told(world, receipt, an_outcome(), a_result, officer=True)
    assert (first.content, second.content, first.teller) == (an_outcome(), a_result, "周经理")
    sequencing.sequence(A_YEAR_ON)
    assert checking.check().sound
    assert "default" not in str(fed_back.of_feedback(first.number)["events"])
    assert [one.number for one in fed_back.about(world.business)] == [second.number, first.number]


def test_nobody_says_anything_of_a_stranger(world: World) -> None:
    """A look under no grant, another bank's look, another business's code: none of these is a look at it."""
    open_look = query(
        asker=OF, officer=world.officer, uscc=world.code, purpose="loan_review",
        items=frozenset({"administrative_penalty"}), now=NOW,
    )  # fmt: skip
    granted = world.ask().number
    another = Said(replace(world).code[:-1] + "X", ReceiptNumber(granted), an_outcome())  # type: ignore[arg-type]
    for entry in (Said(world.code, open_look.number, an_outcome()), another):
        with pytest.raises(FeedbackFaulty):
            feeding_back.take_in([entry], by=Teller(OF, world.officer), now=A_YEAR_ON)
    other = a_bank("pds_other_bank")
    an_agreement(other)
    mine, teller = Said(world.code, granted, an_outcome()), Teller(other, an_officer(other, "陈经理"))
    with pytest.raises(FeedbackFaulty):
        feeding_back.take_in([mine], by=teller, now=A_YEAR_ON)


def test_one_bad_line_and_none_of_the_batch_is_taken_each_named(world: World) -> None:
    receipt = world.ask().number
    before_the_look = replace(an_outcome(), since=on(-1))
    unannounced = replace(an_outcome(days=210), notified_on=None)
    with pytest.raises(FeedbackFaulty) as refused:
        told(world, receipt, an_outcome(), before_the_look, unannounced, an_outcome(days=500))
    assert [place for place, _ in refused.value.faults] == [1, 1, 2, 3]  # the second is said of the first's day too
    assert fed_back.about(world.business) == []


def test_a_newer_entry_takes_the_place_of_the_one_before_and_one_taken_back_counts_no_more(world: World) -> None:
    receipt = world.ask().number
    [first] = told(world, receipt, an_outcome())
    assert told(world, receipt, an_outcome()) == []  # said again the same
    [second] = told(world, receipt, an_outcome(Became.OVERDUE, overdue_days=45))
    old = fed_back.one(first.number, of=OF)
    assert (old.replaced, old.withdrawn_because) == (True, "")
    by = Teller(OF, world.officer)
    with pytest.raises(FeedbackEnded):
        feeding_back.withdraw(first.number, because="录错", by=by, now=A_YEAR_ON)
    other = Teller(a_bank("pds_other_bank"), client="x")
    with pytest.raises(NoSuchFeedback):
        feeding_back.withdraw(second.number, because="录错", by=other, now=A_YEAR_ON)
    gone = feeding_back.withdraw(second.number, because="记到了别家名下", by=by, now=A_YEAR_ON)
    assert (gone.replaced, gone.withdrawn_because) == (False, "记到了别家名下")
    assert list(fed_back.outcomes()) == []
    sequencing.sequence(A_YEAR_ON)
    assert checking.check().sound


def test_a_batch_sent_again_under_its_key_brings_nothing_back_that_was_corrected_since(world: World) -> None:
    receipt = world.ask().number
    [first] = told(world, receipt, an_outcome(), key="k-1")
    [second] = told(world, receipt, an_outcome(Became.OVERDUE, overdue_days=45), key="k-2")
    [again] = told(world, receipt, an_outcome(), key="k-1")
    assert again.number == first.number
    assert [one.content for one in fed_back.outcomes()] == [second.content]
    with pytest.raises(KeyReused):
        told(world, receipt, an_outcome(Became.OVERDUE, overdue_days=9), key="k-1")


def test_an_agreement_that_says_nothing_of_feedback_takes_none(world: World) -> None:
    receipt = world.ask().number
    [held] = parties.agreements_of(OF)
    agreements.end(held.id, because="换一份", now=A_YEAR_ON)
    an_agreement(feedback=False, now=A_YEAR_ON)
    with pytest.raises(FeedbackNotAgreed):
        told(world, receipt, an_outcome())


def test_labels_stand_at_the_look_and_say_bad_only_what_went_bad_in_time(world: World, tmp_path: Path) -> None:
    receipt = world.ask().number
    sequencing.sequence(NOW)
    told(world, receipt, an_outcome(Became.PERFORMING, 100))
    assert labels.draw(Rule(), now=A_YEAR_ON).left_out == {"观察还不够久": 1}
    told(world, receipt, an_outcome(Became.OVERDUE, 200, overdue_days=91))
    drawn = labels.draw(Rule(), now=A_YEAR_ON)
    [one] = drawn.labels
    [look] = {look.event for look in fed_back.outcomes()}
    assert (one.uscc, one.observed, one.bad, one.position) == (world.code, TODAY, True, ledger.position_of(look))
    assert labels.draw(Rule(overdue=120), now=A_YEAR_ON).labels == []
    assert labels.draw(Rule(within=100), now=A_YEAR_ON).labels[0].bad is False
    (tmp_path / "labels.csv").write_text(drawn.text)
    [read] = observations.read_labels(tmp_path / "labels.csv")  # as a fit will
    assert (read.uscc, read.observed, read.bad, read.position) == (one.uscc, TODAY, True, one.position)
    assert drawn.text.splitlines()[1] == f"{world.code},2026-06-01,bad,{one.position}"
