"""The life of a model: what stands in the city's folder grades nobody before two people approved it."""

import importlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW, TODAY
from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.evaluation import (
    adopting,
    approving,
    grading,
    inputs,
    keeping,
    model_files,
    results,
    trials,
    trying,
    versions,
)
from xinqiao.evaluation.adopting import Adopted
from xinqiao.evaluation.errors import (
    CasesDiffer,
    ModelChanged,
    NoModelInForce,
    ProposedByYou,
    ReasonMissing,
    UnknownModel,
    UnknownVersion,
    WrongStage,
)
from xinqiao.evaluation.keeping import Run
from xinqiao.evaluation.model_files import ModelFile
from xinqiao.evaluation.rules import Act, Life, Refusal, Stage, Term, refusal, stage
from xinqiao.evaluation.scoring import score
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger import queries as ledger
from xinqiao.parties import people
from xinqiao.parties.errors import NotAnOperator

DAYS: Final = st.dates(date(2026, 1, 1), date(2026, 12, 31))
STEPS: Final = st.lists(st.tuples(st.sampled_from(Act), st.integers(1, 3).map(PersonId)), max_size=8)


def lived(steps: list[tuple[Act, PersonId]], term: Term, on: date) -> tuple[Life | None, list[Act]]:
    """A version that met these people in this order, the only one of its kind; what was refused changed nothing."""
    life: Life | None = None
    done = []
    for act, by in steps:
        at = stage(life, on=on, grades=life is not None and life.may_grade(on))
        if refusal(act, at, proposed_by=life.proposed_by if life else None, by=by) is not None:
            continue
        done.append(act)
        match act:
            case Act.PROPOSE:
                life = Life(term, by)
            case Act.APPROVE | Act.TURN_DOWN:
                assert life is not None
                life = Life(term, life.proposed_by, act is Act.APPROVE)
            case Act.RETIRE:
                assert life is not None
                life = Life(term, life.proposed_by, life.approved, retired=True)
    return life, done


@given(STEPS, DAYS, DAYS)
def test_nothing_grades_before_two_people_and_its_day_nor_after_its_retirement(
    steps: list[tuple[Act, PersonId]], since: date, on: date
) -> None:
    life, done = lived(steps, Term(since), on)
    grades = life is not None and life.may_grade(on)
    assert grades == (done == [Act.PROPOSE, Act.APPROVE] and since <= on)
    assert len(done) == len(set(done)), "nothing is decided twice"
    if Act.TURN_DOWN in done:
        assert done == [Act.PROPOSE, Act.TURN_DOWN]


@given(STEPS, DAYS)
def test_whoever_proposed_a_version_never_approves_it(steps: list[tuple[Act, PersonId]], on: date) -> None:
    life, _ = lived(steps, Term(date(2026, 1, 1)), on)
    if life is not None and life.approved is None:
        me = life.proposed_by
        assert me is not None
        assert refusal(Act.APPROVE, Stage.PROPOSED, proposed_by=me, by=me) is Refusal.FOUR_EYES
        assert refusal(Act.TURN_DOWN, Stage.PROPOSED, proposed_by=me, by=me) is None


def test_a_day_of_ones_own_is_kept() -> None:
    life = Life(Term(date(2026, 5, 1), date(2026, 6, 30)), PersonId(1), approved=True)
    held = {on: life.may_grade(on) for on in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 30), date(2026, 7, 1))}
    assert list(held.values()) == [False, True, True, False]
    assert [stage(life, on=on, grades=grades) for on, grades in held.items()] == [
        Stage.APPROVED,
        Stage.IN_FORCE,
        Stage.IN_FORCE,
        Stage.LAPSED,
    ]
    assert stage(life, on=date(2026, 5, 1), grades=False) is Stage.SUPERSEDED


@pytest.mark.usefixtures("city_db")
def test_a_model_in_the_folder_grades_nobody_until_a_second_operator_approved_it() -> None:
    (first, *_) = worlds.a_city_without_a_model()
    mine, other = worlds.an_operator("王运营"), worlds.an_operator("李复核")
    with pytest.raises(NoModelInForce):
        grading.grade(first, now=NOW)
    number = approving.propose("enterprise", because="第一版", by=mine, now=NOW)
    with pytest.raises(NoModelInForce):
        grading.grade(first, now=NOW)
    with pytest.raises(ProposedByYou):
        approving.approve(number, by=mine, now=NOW)
    approving.approve(number, by=other, now=NOW)
    given_ = grading.grade(first, now=NOW)
    assert given_.version == versions.version(number, NOW).bound.model.version
    with pytest.raises(WrongStage):
        approving.propose("enterprise", because="再来一次", by=other, now=NOW)
    approving.retire(number, because="发现算错了", by=mine, now=NOW)
    with pytest.raises(NoModelInForce):
        grading.grade(first, now=NOW + timedelta(minutes=1))
    assert results.latest(first) == given_, "what was given stays"
    assert versions.version(number, NOW).stage is Stage.RETIRED
    sequencing.sequence(NOW)
    assert [one for one in checking.check().found if one.table.startswith("evaluation")] == []


@pytest.mark.usefixtures("db")
def test_only_operators_decide_and_each_says_why() -> None:
    stranger, operator = people.add(name="路人", now=NOW), worlds.an_operator()
    with pytest.raises(NotAnOperator):
        approving.propose("enterprise", because="第一版", by=stranger, now=NOW)
    with pytest.raises(ReasonMissing):
        approving.propose("enterprise", because=" ", by=operator, now=NOW)
    with pytest.raises(UnknownModel):
        approving.propose("nobody", because="第一版", by=operator, now=NOW)


@pytest.mark.usefixtures("db")
def test_a_model_whose_cases_do_not_come_out_is_not_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    operator = worlds.an_operator()
    monkeypatch.setattr(trying, "differences", lambda *_: ["案例一：等级 应为 A，得到 B"])
    with pytest.raises(CasesDiffer, match="应为 A"):
        approving.propose("enterprise", because="第一版", by=operator, now=NOW)
    assert [one.stage for one in versions.of("enterprise", NOW)] == [Stage.DRAFT]


@pytest.mark.usefixtures("db")
def test_words_swapped_in_the_files_after_the_proposal_are_neither_approved_nor_graded_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = worlds.an_operator("王运营"), worlds.an_operator("李复核")
    number = approving.propose("enterprise", because="第一版", by=first, now=NOW)
    real = model_files.sound
    swapped = {"enterprise": _kinder(real)}
    with monkeypatch.context() as then:
        then.setattr(model_files, "sound", lambda _: swapped)
        with pytest.raises(ModelChanged):
            approving.approve(number, by=second, now=NOW)
    approving.approve(number, by=second, now=NOW)
    kind = versions.version(number, NOW).kind
    assert adopting.in_force(kind, on=TODAY, now=NOW).id == number
    monkeypatch.setattr(model_files, "sound", lambda _: swapped)
    with pytest.raises(ModelChanged):
        adopting.in_force(kind, on=TODAY, now=NOW)


def _kinder(real: Callable[[City], dict[str, ModelFile]], **changes: str) -> ModelFile:
    """The city's model for enterprises in other words."""
    file = real(catalogue.city())["enterprise"]
    model = file.bound.model.model_copy(update={"title": "更宽的模型", **changes})
    return ModelFile(file.bound.model_copy(update={"model": model}), file.cases)


@pytest.mark.usefixtures("city_db")
def test_a_draft_in_the_folder_leaves_the_version_in_force_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has gone on to the next version; the one two people approved still grades, and comes back when the next
    is retired."""
    (number,) = worlds.models_in_force()
    kind = versions.version(number, NOW).kind
    draft = _kinder(model_files.sound, version="2026.2")
    monkeypatch.setattr(model_files, "sound", lambda _: {"enterprise": draft})
    monkeypatch.setattr(model_files, "load", lambda _: {"enterprise": draft})
    monkeypatch.setattr(trying, "differences", lambda *_: [])
    assert adopting.in_force(kind, on=TODAY, now=NOW).id == number
    assert [one.stage for one in versions.of("enterprise", NOW)] == [Stage.DRAFT, Stage.IN_FORCE]
    first, second, later = worlds.an_operator(), worlds.an_operator("李复核"), NOW + timedelta(hours=2)
    new = approving.propose("enterprise", because="改名", by=first, now=NOW)
    trials.run(trials.begin("enterprise", by=first, now=NOW), now=NOW)
    approving.approve(new, by=second, now=NOW + timedelta(hours=1))
    assert adopting.in_force(kind, on=TODAY, now=later).id == new
    assert adopting.in_force(kind, on=TODAY, now=NOW).id == number, "as it was then"
    assert [one.stage for one in versions.of("enterprise", later)] == [Stage.IN_FORCE, Stage.SUPERSEDED]
    approving.retire(new, because="发现算错了", by=worlds.an_operator(), now=later)
    assert adopting.in_force(kind, on=TODAY, now=later + timedelta(hours=1)).id == number


@pytest.mark.usefixtures("city_db")
def test_a_city_made_before_goes_on_grading_and_the_log_says_that_nobody_was_asked() -> None:
    """As the migration finds it: versions frozen by the first grade they gave, and something frozen that gave none."""
    (first, *_) = worlds.a_city_without_a_model()
    bound, silent = (model_files.load(catalogue.city())[name].bound for name in ("enterprise", "cooperative"))
    adopted, other = adopting.adopt(bound, now=NOW), adopting.adopt(silent, now=NOW)
    a_grade_of_old(first, adopted)
    with transaction.atomic():
        importlib.import_module("xinqiao.evaluation.migrations.0004_lives").take_over(apps, None)
    assert grading.grade(first, now=NOW).version == "2026.1"
    one = versions.version(adopted.id, NOW)
    assert (one.stage, one.carried, one.proposed) == (Stage.IN_FORCE, True, None)
    with pytest.raises(UnknownVersion):
        versions.version(other.id, NOW)
    assert [v.stage for v in versions.of("cooperative", NOW)] == [Stage.DRAFT]
    sequencing.sequence(NOW)
    assert [row for row in checking.check().found if row.table.startswith("evaluation")] == []
    approving.retire(adopted.id, because="换成两人批准的", by=worlds.an_operator(), now=NOW)
    assert versions.version(adopted.id, NOW).stage is Stage.RETIRED


def a_grade_of_old(subject: SubjectId, adopted: Adopted) -> None:
    """Given when the files alone said what was in force."""
    position = ledger.latest_position()
    known = inputs.known(adopted.bound, [subject], on=TODAY, at=position)
    keeping.keep(Run(adopted, TODAY, position, NOW), score(adopted.runnable, [subject], known))
