"""A version run over the whole city without a grade: before it is approved, beside the one in force, and since."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW
from xinqiao import catalogue
from xinqiao.evaluation import (
    approving,
    courses,
    grading,
    model_files,
    outcome_files,
    results,
    shadowing,
    trial_queries,
    trials,
    trying,
    versions,
)
from xinqiao.evaluation.errors import NotTried, OutcomesInvalid, WrongStage
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.model_files import ModelFile
from xinqiao.evaluation.rules import Stage
from xinqiao.ledger import checking, sequencing
from xinqiao.validation.drift import Alarm

pytestmark = pytest.mark.usefixtures("city_db")


@pytest.fixture
def harder(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The next version in the city's folder: the same rules, but everybody begins 150 points lower."""

    def put() -> None:
        file = model_files.load(catalogue.city())["enterprise"]
        model = file.bound.model.model_copy(update={"version": "2026.2", "base": file.bound.model.base - 150})
        next_ = {"enterprise": ModelFile(file.bound.model_copy(update={"model": model}), file.cases)}
        for reads in ("sound", "load"):
            monkeypatch.setattr(model_files, reads, lambda _: next_)
        monkeypatch.setattr(trying, "differences", lambda *_: [])

    return put


def a_judged_city() -> None:
    """Four businesses graded by the version in force: one of them fined, one a defaulter."""
    worlds.a_city(4)
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    worlds.delivered("judgment_defaulter", worlds.defaulter(2))
    worlds.delivered("registration_exit", worlds.deregistration(4))
    grading.grade_all(now=NOW)


def test_a_trial_says_who_would_move_and_gives_nobody_a_grade(harder: Callable[[], None]) -> None:
    a_judged_city()
    before = {n: results.history(worlds.subject(n)) for n in (1, 2, 3, 4)}
    harder()
    operator = worlds.an_operator()
    number = trials.begin("enterprise", by=operator, now=NOW)
    assert trial_queries.trial(number).result is None
    trials.run(number, now=NOW)
    one = trial_queries.trial(number)
    assert one.result is not None
    assert one.against == "2026.1"
    assert one.result["theirs"]["grades"] == {"B": 2, "D": 1, "—": 1}
    assert one.result["moves"] == {"B>C": 2, "D>D": 1, "—>—": 1}
    assert sum(one.result["theirs"]["scores"]) == 3
    county = one.result["segments"]["county"]["410423"]
    assert (county["subjects"], county["graded"], county["down"], county["up"]) == (4, 3, 2, 0)
    assert one.result["movers"] == sorted(int(worlds.subject(n)) for n in (1, 3))
    drift = trial_queries.score_drift(one.result)
    assert drift is not None
    assert drift.alarm.value == "act"
    assert {n: results.history(worlds.subject(n)) for n in before} == before
    assert [v.stage for v in versions.of("enterprise", NOW)] == [Stage.TRIED, Stage.IN_FORCE]
    trials.run(number, now=NOW + timedelta(days=1))
    assert trial_queries.trial(number) == one, "what ended is not done again"
    sequencing.sequence(NOW)
    assert [row for row in checking.check().found if row.table.startswith("evaluation")] == []


def test_nobody_approves_a_successor_before_it_was_tried(harder: Callable[[], None]) -> None:
    worlds.a_city()
    harder()
    first, second = worlds.an_operator(), worlds.an_operator("李复核")
    number = approving.propose("enterprise", because="起评分降低", by=first, now=NOW)
    with pytest.raises(NotTried):
        approving.approve(number, by=second, now=NOW)
    trials.run(trials.begin("enterprise", by=second, now=NOW), now=NOW)
    approving.approve(number, by=second, now=NOW)
    assert versions.version(number, NOW).stage is Stage.IN_FORCE


def test_a_shadow_runs_every_night_beside_the_version_in_force_and_is_nobodys_grade(harder: Callable[[], None]) -> None:
    a_judged_city()
    harder()
    operator = worlds.an_operator()
    number = shadowing.begin("enterprise", by=operator, now=NOW)
    with pytest.raises(WrongStage):
        shadowing.begin("enterprise", by=operator, now=NOW)
    assert versions.version(number, NOW).stage is Stage.SHADOW
    for night in (1, 2):
        assert shadowing.run_all(NOW + timedelta(days=night)) == 1
    nights = trial_queries.of_document(versions.version(number, NOW).document)
    assert [(one.purpose, one.against, bool(one.result)) for one in nights] == [("shadow", "2026.1", True)] * 2
    latest = results.latest(worlds.subject(1))
    assert latest is not None
    assert latest.version == "2026.1"
    assert len(results.history(worlds.subject(1))) == 1
    shadowing.end(number, by=operator, now=NOW)
    assert shadowing.run_all(NOW + timedelta(days=3)) == 0


def test_monitoring_holds_a_version_against_its_own_first_grades_and_against_what_became_of_them(
    tmp_path: Path,
) -> None:
    a_judged_city()
    number = versions.of("enterprise", NOW)[0].id
    assert number is not None
    file = tmp_path / "outcomes.csv"
    rows = [(1, 0), (2, 1), (3, 0)]
    lines = [f"{worlds.a_code(n)},2026-11-01,{bad}" for n, bad in rows]
    file.write_text("\n".join(["统一社会信用代码,日期,结果", *lines, f"{worlds.a_code(9)},2026-11-01,1"]), "utf-8")
    calm = trial_queries.trial(trials.monitor(number, now=NOW, outcomes=outcome_files.read(file)))
    assert calm.result is not None
    proof = calm.result["outcomes"]
    assert (proof["asked"], proof["found"]) == (4, 3)
    assert (proof["mine"]["auc"], proof["mine"]["ks"], proof["mine"]["bad"]) == (1.0, 1.0, 1)
    assert proof["grades"]["D"]["rate"] == 1.0
    drift = trial_queries.score_drift(calm.result)
    assert drift is not None
    assert drift.psi == 0
    worlds.delivered("judgment_defaulter", *(worlds.defaulter(n) for n in (1, 2, 3)), period="2026-11-21")
    grading.grade_all(now=NOW)
    moved = trial_queries.trial(trials.monitor(number, now=NOW))
    assert moved.result is not None
    assert moved.result["moves"]["B>D"] == 2
    inputs = trial_queries.input_drifts(moved.result)
    assert max(inputs.values(), key=lambda one: one.psi).alarm.value == "act"
    assert "court_defaults" in {name for name, one in inputs.items() if one.alarm.value == "act"}


@pytest.mark.parametrize(
    "text",
    ["code,day,bad\n", "统一社会信用代码,日期,结果\n91410402MA40TE5TXF,昨天,1\n", "统一社会信用代码,日期,结果\n"],
)
def test_a_table_of_outcomes_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(OutcomesInvalid):
        outcome_files.read(file)


def test_a_fitted_version_is_held_against_the_rows_it_was_fitted_on_and_against_the_probability_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_judged_city()
    file = model_files.load(catalogue.city())["enterprise"]
    next_ = {"enterprise": ModelFile(worlds.fitted_on_better_firms(file.bound), file.cases)}
    for reads in ("sound", "load"):
        monkeypatch.setattr(model_files, reads, lambda _: next_)
    number = trials.begin("enterprise", by=worlds.an_operator(), now=NOW)
    outcomes = [outcome_files.Labelled(worlds.a_code(n), worlds.TODAY, bad=n == 1) for n in (1, 2, 3)]
    trials.run(number, now=NOW, outcomes=outcomes)
    one = trial_queries.trial(number)
    assert one.result is not None
    beside = trial_queries.score_drift(one.result)
    assert beside is not None
    assert beside.psi == 0, "the version in force has the same rules"
    held = trial_queries.against_the_fit(one.bound, one.result)
    assert held is not None
    moved = trial_queries.score_drift(held)
    assert moved is not None
    assert moved.alarm is Alarm.ACT
    inputs = trial_queries.input_drifts(held)
    assert inputs["court_defaults"].alarm is Alarm.ACT
    assert inputs["honours"].psi == 0
    [run] = courses.course(one.bound, one.document)
    assert (run.psi, run.fit) == (0, moved.psi)
    proof = one.result["outcomes"]
    assert (proof["level"]["observed"], proof["level"]["alarm"]) == (pytest.approx(1 / 3), False)
    assert proof["grades"]["D"]["said"] > proof["grades"]["B"]["said"] > 0.05
    never_fitted = trial_queries.trial(trials.monitor(1, now=NOW))
    assert never_fitted.result is not None
    assert trial_queries.against_the_fit(never_fitted.bound, never_fitted.result) is None


def test_a_model_that_was_not_fitted_is_written_as_it_always_was() -> None:
    bound = model_files.load(catalogue.city())["enterprise"].bound
    assert "fit" not in bound.model_dump(mode="json")["model"]
    fitted = worlds.fitted_on_better_firms(bound)
    assert Bound.model_validate_json(fitted.model_dump_json()) == fitted
