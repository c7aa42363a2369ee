"""Looks that stand out: without a case, after a refusal, unusually broad; and businesses looked at, never lent to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import ITEMS
from tests.disclosure.builders import a_world
from tests.parties.builders import BANK, NOW
from xinqiao.authorisation import cases, marks, safeguards
from xinqiao.authorisation.breadth import BroadRule, Usual, unusually_broad, usual
from xinqiao.authorisation.cases import Outcome
from xinqiao.authorisation.marks import Mark
from xinqiao.disclosure.querying import query
from xinqiao.kernel.ids import InstitutionId

LATER = NOW + timedelta(hours=1)
RULE = BroadRule(looks=5, times=3, at_least=8, few=4)


@pytest.mark.parametrize(
    ("items", "everything", "to", "broad"),
    [
        (13, 40, Usual(5, 4), True),
        (12, 40, Usual(5, 4), False),
        (13, 40, Usual(4, 4), False),  # too few looks to compare with
        (7, 40, Usual(9, 1), False),  # many times the usual, and still not many
        (7, 7, Usual(9, 4), True),  # everything there is, where four is usual
        (7, 7, Usual(9, 5), False),
        (4, 4, Usual(9, 4), False),  # everything is few
    ],
)
def test_a_look_is_unusually_broad_against_what_is_usual(items: int, everything: int, to: Usual, broad: bool) -> None:
    assert unusually_broad(items, everything, to, RULE) is broad


@given(st.lists(st.integers(0, 50), min_size=1))
def test_what_is_usual_is_the_median(opened: list[int]) -> None:
    counted = {items: opened.count(items) for items in opened}
    assert usual(counted) == Usual(len(opened), sorted(opened)[(len(opened) - 1) // 2])


def test_looks_without_an_open_case_or_after_a_refusal_are_marked(city_db: str) -> None:
    world = a_world()
    bank = InstitutionId(BANK)
    first = world.ask()
    case = cases.open_case(institution=bank, subject_id=world.business, reference="2026-0417", now=NOW)
    world.ask(now=LATER)
    cases.close(case, institution=bank, outcome=Outcome.REFUSED, now=LATER)
    last = world.ask(now=LATER + timedelta(seconds=1))
    assert [(look.receipt, look.marks) for look in marks.looks(bank, LATER + timedelta(seconds=1))] == [
        (last.number, (Mark.WITHOUT_CASE, Mark.AFTER_REFUSAL)),
        (first.number, (Mark.WITHOUT_CASE,)),
    ]
    told = marks.summary(bank, LATER + timedelta(seconds=1))
    assert told.looks == 3
    assert told.marks == {Mark.WITHOUT_CASE: 2, Mark.AFTER_REFUSAL: 1, Mark.BROAD: 0}
    assert (told.businesses, told.never_lent) == (1, 1)
    again = cases.open_case(institution=bank, subject_id=world.business, reference="2026-0418", now=LATER)
    cases.close(again, institution=bank, outcome=Outcome.LENT, now=LATER)
    assert marks.summary(bank, LATER).never_lent == 0


def test_a_look_at_everything_stands_out_among_looks_at_one_item(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = safeguards.safeguards().model_copy(
        update={"broad_look": safeguards.BroadLook(days="90", looks="3", times="3", at_least="8", few="2")}
    )
    monkeypatch.setattr(safeguards, "safeguards", lambda: narrow)
    world = a_world(ITEMS)
    bank = InstitutionId(BANK)
    cases.open_case(institution=bank, subject_id=world.business, reference="2026-0417", now=NOW)
    asked = {"asker": BANK, "officer": world.officer, "uscc": world.code, "purpose": "loan_review", "now": NOW}
    for _ in range(3):
        query(items=frozenset(ITEMS[:1]), **asked)  # type: ignore[arg-type]
    assert marks.looks(bank, NOW) == []
    whole = world.ask()
    [look] = marks.looks(bank, NOW, mark=Mark.BROAD)
    assert (look.receipt, look.marks, look.opened, look.usual) == (whole.number, (Mark.BROAD,), len(ITEMS), 1)
    assert marks.summary(bank, NOW).marks[Mark.BROAD] == 1
    assert marks.looks(bank, NOW + timedelta(days=91)) == []
    assert marks.looks(InstitutionId("pds_another_bank"), NOW) == []
