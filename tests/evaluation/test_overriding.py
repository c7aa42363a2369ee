"""An override of one grade: by two people, for a time, beside the model's own and never instead of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW, TODAY
from xinqiao.disclosure import reading
from xinqiao.evaluation import grading, overrides, overriding, results
from xinqiao.evaluation.errors import OverrideInvalid, ProposedByYou, ReasonMissing, WrongStage
from xinqiao.evaluation.overriding import Said
from xinqiao.evaluation.rules import OverrideState, override_state
from xinqiao.kernel.ids import SubjectId
from xinqiao.ledger import checking, sequencing

if TYPE_CHECKING:
    from xinqiao.kernel.problems import Problem

BECAUSE = "处罚决定书已被复议机关变更，等来源更正"


@given(st.none() | st.booleans(), st.booleans(), st.dates(), st.dates())
def test_it_holds_only_when_approved_until_its_day_and_not_after_it_was_withdrawn(
    approved: bool | None, withdrawn: bool, until: date, on: date
) -> None:
    state = override_state(approved=approved, withdrawn=withdrawn, until=until, on=on)
    assert (state is OverrideState.HOLDS) == (approved is True and not withdrawn and on <= until)


def said(subject: SubjectId, **changes: Any) -> Said:
    return replace(Said(subject, "C", BECAUSE, TODAY + timedelta(days=30)), **changes)


@pytest.mark.usefixtures("city_db")
def test_two_people_say_another_grade_for_a_time_and_it_is_told_beside_the_models_own() -> None:
    (subject, *_) = worlds.a_city(1)
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    grading.grade(subject, now=NOW)
    first, second = worlds.an_operator(), worlds.an_operator("李复核")
    number = overriding.propose(said(subject), by=first, now=NOW)
    with pytest.raises(WrongStage):
        overriding.propose(said(subject, grade="A"), by=second, now=NOW)
    with pytest.raises(ProposedByYou):
        overriding.approve(number, by=first, now=NOW)
    assert told(subject, TODAY) is None
    overriding.approve(number, by=second, now=NOW)
    beside = told(subject, TODAY)
    assert beside == {"grade": "C", "title": "中", "reason": BECAUSE, "since": "2026-11-23", "until": "2026-12-23"}
    latest = results.latest(subject)
    assert latest is not None
    assert latest.grade == "B"
    assert told(subject, TODAY + timedelta(days=30)) is not None
    assert told(subject, TODAY + timedelta(days=31)) is None, "it ends by itself"
    overriding.withdraw(number, because="来源已经更正", by=first, now=NOW)
    assert told(subject, TODAY) is None
    assert [one.state for one in overrides.every(NOW)] == [OverrideState.WITHDRAWN]
    again = overriding.propose(said(subject), by=second, now=NOW)
    overriding.turn_down(again, by=second, now=NOW)
    with pytest.raises(WrongStage):
        overriding.approve(again, by=first, now=NOW)
    sequencing.sequence(NOW)
    assert [row for row in checking.check().found if row.table.startswith("evaluation")] == []


def told(subject: SubjectId, on: date) -> object:
    grade = reading.graded(subject, on=on).grade
    assert grade is not None
    assert grade["grade"] == "B"
    return grade["override"]


@pytest.mark.usefixtures("city_db")
def test_what_the_model_does_not_know_and_what_lasts_too_long_is_refused() -> None:
    (subject, *_) = worlds.a_city(1)
    operator = worlds.an_operator()
    refused: tuple[tuple[dict[str, Any], type[Problem]], ...] = (
        ({"grade": "E"}, OverrideInvalid),
        ({"until": TODAY - timedelta(days=1)}, OverrideInvalid),
        ({"until": TODAY + timedelta(days=200)}, OverrideInvalid),
        ({"reason": "就是"}, ReasonMissing),
    )
    for wrong, refusal in refused:
        with pytest.raises(refusal):
            overriding.propose(said(subject, **wrong), by=operator, now=NOW)
