"""Bins are few, large enough and run one way; empty values and special codes have their own."""

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fitting.builders import a_sample, a_specification
from xinqiao.fitting import binning
from xinqiao.fitting.binning import Binning, bin_input
from xinqiao.fitting.specification import Input, Override

NUMBERS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(-3, 30)), st.booleans()), min_size=60, max_size=120
).filter(lambda rows: 5 < sum(bad for _, bad in rows) < len(rows) - 5)


@settings(max_examples=6)
@given(NUMBERS, st.sampled_from(["falls", "rises", "either"]))
def test_whatever_the_rows_risk_runs_one_way_over_bins_large_enough(
    rows: list[tuple[int | None, bool]], risk: str
) -> None:
    column = pl.Series([value for value, _ in rows], dtype=pl.Int64)
    bad = np.array([one for _, one in rows])
    one = Input.model_validate({"title": "x", "risk": risk, "special": ["-3"]})

    found = bin_input(column, bad, one, a_specification())

    counts = binning.counted(found.place(column), bad, found.places)[0]
    plain = sum(value is not None and value != -3 for value, _ in rows)
    assert counts.sum() == len(rows)
    assert list(counts[:2]) == [sum(v is None for v, _ in rows), sum(v == -3 for v, _ in rows)]
    assert all(count >= 0.05 * plain for count in counts[2:]) or found.steps == 1
    assert found.steps <= 6
    assert binning.runs_one_way(binning.steps_evidence(found, column, bad), risk)


def test_a_value_upon_a_bound_belongs_below_it_to_the_fen() -> None:
    found = Binning(cuts=(Decimal("100"), Decimal("250.5")))
    column = pl.Series([Decimal("100.00"), Decimal("100.01"), Decimal("250.50"), None], dtype=pl.Decimal(18, 2))

    assert found.place(column).tolist() == [1, 2, 2, 0]


def test_bounds_are_round_where_rows_leave_room() -> None:
    sample, spec = a_sample(), a_specification()
    found = bin_input(sample.table["sales"], sample.bad, spec.inputs["sales"], spec)

    assert all(cut == cut.quantize(Decimal(1000)) for cut in found.cuts)
    assert len(found.cuts) >= 3


def test_a_code_nobody_has_seen_falls_into_the_largest_group() -> None:
    found = Binning(groups=(("运输",), ("批发", "制造")))

    assert found.place(pl.Series(["批发", "运输", "采矿", None])).tolist() == [2, 1, 2, 0]


def test_an_experts_bins_are_taken_as_they_are() -> None:
    sample = a_sample()
    by_hand = Override.model_validate({"cuts": ["0", "2"], "by": "王示例", "on": "2026-11-01", "why": "与制度一致"})
    one = Input(title="迟付次数", special=("-999",), override=by_hand)

    found = bin_input(sample.table["late"], sample.bad, one, a_specification())

    assert found == Binning(("-999",), (Decimal(0), Decimal(2)))


def test_evidence_by_hand() -> None:
    rows, bad = np.array([0, 40, 60]), np.array([0, 30, 20])

    assert binning.evidence(rows, bad) == pytest.approx([0, np.log(30.5 / 10.5), np.log(20.5 / 40.5)])
    assert binning.information(rows, bad) > 0.4
