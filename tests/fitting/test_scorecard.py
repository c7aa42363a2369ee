"""A fitted card gives whole points on one scale, says probabilities that come true, and runs as the product runs it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.fitting.builders import a_sample, a_specification
from xinqiao.catalogue.documents import read
from xinqiao.catalogue.validation import entry_of
from xinqiao.evaluation import compiling, engine
from xinqiao.evaluation.language import Model
from xinqiao.fitting import challenger, exporting, scorecard
from xinqiao.fitting.calibration import calibrated
from xinqiao.fitting.errors import FitFaults, TooFewOutcomes
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.scorecard import Card
from xinqiao.validation.calibration import level
from xinqiao.validation.discrimination import auc

ON = date(2026, 11, 28)


@pytest.fixture(scope="module")
def card() -> Card:
    return scorecard.fit(a_sample(), a_specification())


def test_the_exported_model_compiled_and_run_gives_exactly_the_points_of_the_fit(card: Card) -> None:
    fresh = _with_what_was_never_seen(a_sample(seed=6))
    bound = exporting.of_rows(card, fresh.table, on=ON, version="2026.1")
    compiled = compiling.compile(bound)
    facts = exporting.facts(fresh.table, on=ON)
    run = pl.DataFrame({"on_date": [ON], "delivered_rows": [True]})

    told = engine.run(compiled.sql, compiled.tables, {"facts_rows": facts, "subjects": facts, "run": run})

    assert told["points"].to_list() == card.points(fresh).tolist()
    assert told["points"].n_unique() > 30
    said = card.probability(fresh)[told["rank"].to_numpy() == 0]
    assert said.max() <= 0.1 < card.probability(fresh).max()  # grade A keeps its word


def _with_what_was_never_seen(sample: Sample) -> Sample:
    odd = {"sales": [None, Decimal("-5.00")], "late": [None, -999], "trade": ["采矿", None], "noise": [1, 2]}
    table = pl.concat([sample.table, pl.DataFrame(odd, schema=sample.table.schema)])
    return Sample(table, np.append(sample.bad, [True, False]))


def test_the_model_file_reads_back_as_the_same_model(card: Card, tmp_path: Path) -> None:
    model = exporting.of_rows(card, a_sample().table, on=ON, version="2026.1").model
    file = tmp_path / "model.yml"
    file.write_text(exporting.text(model), encoding="utf-8")

    document = read(file, "model.yml")

    assert entry_of(Model, document, document.value) == model, document.mistakes


def test_a_card_parts_rows_it_has_not_seen_and_says_probabilities_that_come_true(card: Card) -> None:
    fresh = a_sample(3_000, seed=7)

    parted = auc(-card.points(fresh), fresh.bad)
    said = level(card.probability(fresh), fresh.bad)

    assert parted
    assert said
    assert parted > 0.76
    assert not said.alarm


def test_twice_the_odds_of_the_good_are_twenty_points_more(card: Card) -> None:
    logit = -np.log(2) / 20
    assert card.calibration.slope == pytest.approx(logit, rel=0.15)


def test_a_sample_drawn_half_and_half_says_the_true_rate_when_told_of_it() -> None:
    random = np.random.default_rng(4)
    score = random.normal(600, 30, 20_000)
    truth = 1 / (1 + np.exp(0.04 * (score - 500)))
    bad = random.random(len(score)) < truth
    drawn = bad | (random.random(len(score)) < bad.mean())  # all that failed, and about as many that did not
    spec = a_specification(prior={"rate": f"{bad.mean():.4f}", "set_by": "示例"})

    known = calibrated(score[drawn], bad[drawn], spec)

    assert 0.4 < bad[drawn].mean() < 0.6
    assert known.probability(score).mean() == pytest.approx(bad.mean(), rel=0.05)
    assert np.abs(known.probability(score) - truth).max() < 0.03


def test_an_input_that_tells_nothing_is_left_out_with_the_reason() -> None:
    inputs = {"noise": {"title": "尾号", "risk": "rises"}, "sales": {"title": "销售额", "missing": "best"}}

    found = scorecard.uncalibrated(a_sample(), a_specification(inputs=inputs))

    assert [piece.name for piece in found.pieces] == ["sales"]
    assert set(found.left_out) == {"noise"}
    assert found.pieces[0].points[0] == max(found.pieces[0].points)  # an absence held to the best bin


def test_an_experts_bins_in_which_risk_turns_round_are_refused() -> None:
    inputs = a_specification().model_dump(mode="json")["inputs"]
    by_hand = {"cuts": ["0", "2"], "by": "王示例", "on": "2026-11-01", "why": "示例"}
    inputs["late"] |= {"risk": "falls", "override": by_hand}

    with pytest.raises(FitFaults, match="late 按 override 分档"):
        scorecard.fit(a_sample(), a_specification(inputs=inputs))


def test_a_card_is_not_made_from_a_handful_of_failures() -> None:
    sample = a_sample(100)
    few = np.zeros(100, dtype=bool)
    few[:19] = True

    with pytest.raises(TooFewOutcomes, match="违约 19 个"):
        scorecard.fit(Sample(sample.table, few), a_specification())


def test_rows_without_a_column_or_of_another_type_are_refused() -> None:
    sample = a_sample()
    other = sample.table.with_columns(pl.col("late").cast(pl.Float64)).drop("trade")

    with pytest.raises(FitFaults, match="没有 trade 这一列") as refused:
        scorecard.fit(Sample(other, sample.bad), a_specification())
    assert len(refused.value.faults) == 2


def test_the_same_rows_and_seed_give_the_same_card_and_the_same_challenger() -> None:
    sample, spec = a_sample(300), a_specification()

    assert scorecard.uncalibrated(sample, spec) == scorecard.uncalibrated(sample, spec)
    one, again = (challenger.fit(sample, spec).risk(a_sample(50, seed=9)) for _ in range(2))
    assert one.tolist() == again.tolist()
