"""133 codes met in public files, through the gate: each is judged as the standards judge it."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.intake.builders import a_row, an_item, csv_of
from tests.real_data.builders import needed, real
from xinqiao import catalogue
from xinqiao.intake import gate
from xinqiao.intake.rules.compiling import compile_item

pytestmark = [needed, pytest.mark.real_data]

ITEM = "administrative_licence"
OF_THE_CODE = ("type", "check_digit")


def test_codes_met_in_public_files_are_judged_right(tmp_path: Path) -> None:
    samples = pl.read_csv(real("uscc", "uscc_samples.csv"))
    path = tmp_path / "sent.csv"
    path.write_bytes(csv_of([a_row(ITEM, uscc=code, doc_no=str(n)) for n, code in enumerate(samples["code"])]))
    sifted = gate.sift(path, compile_item(an_item(ITEM), catalogue.city(), on=date(2026, 7, 15)), tmp_path)
    findings = pl.concat(sifted.findings.frames())
    bad = set(findings.filter((pl.col("field") == "uscc") & pl.col("rule").is_in(OF_THE_CODE))["line"])
    right = samples["gb32100_ok"] & samples["gb11714_org_ok"]
    assert samples.height == 133
    assert {n + 2 for n, fine in enumerate(right) if not fine} == bad
