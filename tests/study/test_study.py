"""The study runs on real outcomes alone, says plainly where there are none, and tells each figure beside its gate."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.real_data import builders as real_data
from xinqiao.cli import main
from xinqiao.fitting import leakage
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import load
from xinqiao_study import studies, tables


def test_without_real_data_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for named in ("", str(tmp_path / "nowhere"), str(tmp_path)):
        monkeypatch.setenv("XINQIAO_REAL_DATA", named)

        assert main.main(["study", "german", "--json"]) == 1

        problem = json.loads(capsys.readouterr().out)["problem"]
        assert problem["type"] == "real-data-missing"
        assert "XINQIAO_REAL_DATA" in problem["detail"]


@pytest.mark.real_data
@real_data.needed
def test_firms_invoices_tell_of_default_and_the_rating_is_found_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Once; the gate itself is kept over 5 × 4 by `make study`."""
    short = replace(studies.STUDIES["cumcm"], folds=2, seeds=1, gates={"scorecard": 0.8})
    monkeypatch.setitem(studies.STUDIES, "cumcm", short)

    code = main.main(["study", "cumcm", "--json", "--out", str(tmp_path)])

    told = json.loads(capsys.readouterr().out)
    assert code == 0, told
    assert told["cumcm"].keys() >= {"model", "auc", "ks", "folds", "gate", "ok"}
    assert told["cumcm_leakage"] == {"flagged": ["rating"], "gate": ["rating"], "ok": True}
    assert "cumcm.model.yml" in (tmp_path / "study.md").read_text(encoding="utf-8")
    assert "信誉" not in (tmp_path / "cumcm.model.yml").read_text(encoding="utf-8")


@pytest.mark.real_data
@real_data.needed
def test_a_loans_term_and_its_day_of_write_off_are_found_out() -> None:
    rows = tables.sba()
    asked = rows.sample.table.select("term", "chg_off_date", "approved")
    some = tables.Rows(Sample(asked, rows.sample.bad), rows.decided)
    spec = load(studies.SPECIFICATIONS / "sba.yml").model_copy(update={"forbidden": {}})

    flags = leakage.by_column(leakage.check(some.sample, spec, decided=some.decided))

    assert set(flags) == {"term", "chg_off_date"}
    assert leakage.Why.DATED in {flag.why for flag in flags["chg_off_date"]}
