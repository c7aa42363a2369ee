"""A city's outcomes become a draft model that reads what was known on the day, keeps the law, and grades nobody."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.evaluation import worlds
from xinqiao import catalogue
from xinqiao.catalogue.documents import read
from xinqiao.catalogue.validation import entry_of
from xinqiao.cli import main
from xinqiao.evaluation import binding, inputs, model_files, trying
from xinqiao.evaluation.language import Bound, Model
from xinqiao.evaluation.scoring import score
from xinqiao.fitting import drafting, observations
from xinqiao.fitting.errors import FitFaults
from xinqiao.fitting.specification import Specification
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind

CROWD = 80
LATER = worlds.NOW + timedelta(days=40)
SPEC: Mapping[str, Any] = {
    "fit": "enterprise_fitted",
    "title": "企业评分卡（拟合）",
    "target": "观察日之后一年内贷款逾期九十天以上",
    "model": "enterprise",
    "inputs": {
        "general_penalties": {"title": "一般行政处罚", "risk": "rises"},
        "registered_days": {"title": "存续天数", "risk": "falls"},
    },
    "grades": [
        {"grade": "A", "title": "优", "at_most": "0.25"},
        {"grade": "B", "title": "良", "at_most": "0.4"},
        {"grade": "C", "title": "中", "at_most": "0.6"},
        {"grade": "D", "title": "差"},
    ],
}


def is_bad(serial: int) -> bool:
    return serial % 5 < 2


def is_punished(serial: int) -> bool:
    return is_bad(serial) != (serial % 7 == 0)


def a_city_with_a_past(labels: Path, *, observed: date = worlds.TODAY) -> None:
    """Young firms that are punished fail more often; a month later everybody is punished, which nobody knew then."""
    young = {n: f"{2024 if is_bad(n) != (n % 11 == 0) else 2008}-03-01" for n in range(1, CROWD + 1)}
    worlds.delivered("registration_basics", *(worlds.enterprise(n, established_on=day) for n, day in young.items()))
    worlds.delivered("administrative_penalty", *(worlds.penalty(n) for n in young if is_punished(n)))
    lines = [f"{worlds.a_code(n)},{observed.isoformat()},{'bad' if is_bad(n) else 'good'}" for n in young]
    labels.write_text("\n".join(["uscc,observed,outcome", *lines]), encoding="utf-8")


@pytest.mark.usefixtures("city_db")
def test_a_draft_is_fitted_from_what_was_known_on_the_day_and_keeps_the_law(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drafting, "FOLDS", 2)
    labels = tmp_path / "labels.csv"
    a_city_with_a_past(labels)
    everybody = [worlds.penalty(n, decided_on="2026-11-01") for n in range(1, CROWD + 1)]
    worlds.delivered("administrative_penalty", *everybody, period="2026-12-30", now=LATER)
    stranger = f"\n{worlds.a_code(5000)},2026-11-23,bad\n{worlds.a_code(1)},2020-01-01,bad"
    labels.write_text(labels.read_text(encoding="utf-8") + stranger, encoding="utf-8")

    spec = tmp_path / "spec.yml"
    spec.write_text(yaml.safe_dump(dict(SPEC), allow_unicode=True), encoding="utf-8")

    assert main.main(["model", "fit", str(spec), "--labels", str(labels), "--out", str(tmp_path), "--json"]) == 0

    made = json.loads(capsys.readouterr().out)
    assert (made["rows"], made["bad"]) == (CROWD, sum(map(is_bad, range(1, CROWD + 1))))
    assert made["left_out"] == {"平台没有收录": 1, "那一天日志里还什么都没有": 1}
    assert made["flagged"] == []
    assert made["figures"]["scorecard"]["auc"] > 0.7
    folder = Path(made["folder"])
    model = _model(folder)
    assert list(binding.faults(model, catalogue.city())) == []  # what is 失信 costs, nothing else does
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert "不给任何主体评分" in card
    clean = sum(not is_punished(n) for n in range(1, CROWD + 1))
    assert f"| 没有值 | {clean} |" in card  # so many had no penalty then; by now nobody is without
    assert json.loads((folder / "figures.json").read_text())["scorecard"] == made["figures"]["scorecard"]
    _runs_as_it_was_fitted(model)
    _keeps_the_counts_of_what_it_was_fitted_on(model, observations.digest(labels))
    assert str(worlds.a_code(1)) not in (folder / "model.yml").read_text(encoding="utf-8"), "counts, and never a row"


def _keeps_the_counts_of_what_it_was_fitted_on(model: Model, labels: str) -> None:
    """As known on the day, not now; under a digest that stands in the log, and does not bear a changed count."""
    assert model.fit is not None
    assert (model.fit.rows, model.fit.bad, model.fit.labels) == (CROWD, sum(map(is_bad, range(1, CROWD + 1))), labels)
    punished = sum(map(is_punished, range(1, CROWD + 1)))
    assert model.fit.learnt.states == {"rated": punished, "thin": CROWD - punished}, "a month later all were punished"
    bins = model.fit.learnt.inputs["general_penalties"]
    assert sum(model.fit.learnt.scores) == sum(bins.values()) == punished
    best, worst = (model.fit.probability.of(score) for score in (model.scale, model.base))
    assert 0 < best < worst < 1
    worlds.settle(LATER)
    [event] = ledger.newest([Kind.MODEL_FITTED], most=2)
    assert event.about["record"] == model.fit.sha256
    counts = {**model.fit.learnt.inputs, "general_penalties": {**bins, "0": bins["0"] - 1, "-1": 1}}
    learnt = model.fit.learnt.model_copy(update={"inputs": counts})
    forged = model.model_copy(update={"fit": model.fit.model_copy(update={"learnt": learnt})})
    assert [said for _, said in binding.faults(forged, catalogue.city())] == ["拟合记录和它的摘要不符：写出以后被改过"]


def _model(folder: Path) -> Model:
    document = read(folder / "model.yml", "model.yml")
    found = entry_of(Model, document, document.value)
    assert found, document.mistakes
    return found


def _runs_as_it_was_fitted(model: Model) -> None:
    """The product's own engine gives every firm one of four sums, and the punished young ones the lowest."""
    bound: Bound = binding.bind(model, catalogue.city())
    whom = [worlds.subject(n) for n in (1, 2, 3, 4)]
    at = ledger.position_before(worlds.NOW + timedelta(days=1))
    assert at is not None
    known = inputs.known(bound, whom, on=worlds.TODAY, at=at)
    points = {one.subject_id: one.outcome.points for one in score(trying.runnable(bound), whom, known)}
    assert points[whom[0]] < points[whom[1]]
    assert model.base <= min(points.values()) <= max(points.values()) <= model.scale


def test_labels_nobody_can_read_are_named_by_line(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    lines = ["uscc,observed,outcome", f"{worlds.a_code(1)},2026-11-23,bad", "91410423MA0000000X,someday,perhaps"]
    labels.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")

    with pytest.raises(FitFaults, match="第 3 行") as refused:
        observations.read_labels(labels)
    assert "几个结果" in str(refused.value.faults[1])


def test_a_specification_over_a_model_names_its_indicators_and_their_kinds() -> None:
    base = model_files.load(catalogue.city())["enterprise"].bound
    wrong = {"no_such": {"title": "x"}, "registration_status": {"title": "x"}, "general_penalties": {"title": "x"}}
    spec = Specification.model_validate({**SPEC, "inputs": wrong})
    with pytest.raises(FitFaults, match="没有指标 no_such"):
        observations.lawful(spec, base)

    held = observations.lawful(Specification.model_validate(SPEC), base).inputs
    assert (held["general_penalties"].missing, held["registered_days"].missing) == ("best", "worst")


def test_known_time_is_a_checkpoint_not_a_wish(db: None) -> None:
    assert ledger.position_before(datetime(2020, 1, 1, tzinfo=UTC)) is None
