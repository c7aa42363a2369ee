"""373,431 real invoices of 123 real firms, through the catalogue's own item, from the file to accepted rows.

The firms are E1 to E123 in the published data; here each is given a generated valid code, and nothing else is changed.
"""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.intake.builders import businesses, judged
from tests.real_data.builders import needed, real
from xinqiao.intake import queries
from xinqiao.intake.rules.states import State

pytestmark = [needed, pytest.mark.real_data]

FIRMS = 123
COLUMNS = ("uscc", "direction", "invoice_no", "date", "counterparty", "amount", "tax", "total", "status")


def the_file(codes: list[str]) -> pl.DataFrame:
    """The invoices as the tax bureau would send them: the item's columns, the firms' codes, GB18030 left for others."""
    invoices = pl.read_parquet(real("cumcm2020c", "att1_invoices.parquet"))
    code_of = {f"E{n + 1}": code for n, code in enumerate(codes)}
    return invoices.with_columns(pl.col("firm").replace_strict(code_of).alias("uscc")).select(
        "uscc", "firm", *COLUMNS[1:]
    )


def test_every_real_invoice_is_accepted_or_goes_back_with_its_reason(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, FIRMS + 1))
    sent = the_file(codes)
    path = tmp_path / "invoices.csv"
    sent.rename({"firm": "企业代号"}).write_csv(path)
    view = judged("invoice_line", path.read_bytes(), tmp_path)
    wrong_sum = (sent["total"] - sent["amount"] - sent["tax"]).abs() > Decimal("0.01")
    good = sent.filter(~wrong_sum)
    firsts = good.unique(["uscc", "direction", "invoice_no", "date"], keep="first")
    assert view.state is State.PARTIAL
    assert view.delivered == sent.height == 373_431
    assert view.accepted == firsts.height
    assert view.rejected == sent.height - firsts.height
    assert {r.rule: r.rows for r in queries.reasons(view.number)} == {
        "duplicate": good.height - firsts.height,
        "sum_of": int(wrong_sum.sum()),
    }
    accepted = pl.concat(queries.accepted_frames(view.number))
    assert accepted["total"].sum() == firsts["total"].sum()
    assert accepted["subject_id"].n_unique() == FIRMS
    assert accepted.group_by("status").len().sort("status").rows() == [
        ("1", firsts.filter(pl.col("status") == "有效发票").height),
        ("2", firsts.filter(pl.col("status") == "作废发票").height),
    ]
