"""The frame-at-a-time JSON is, byte for byte, what the plain encoder gives row by row."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.creditfile.builders import ARREARS, a_frame, item
from xinqiao.creditfile import payloads, rules

# Anything a row may hold after intake: no control characters but those a quoted cell can carry, no lone surrogates.
words = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), min_size=1, max_size=30)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def plainly(row: dict[str, Any]) -> str:
    def text(value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value

    return rules.canonical({k: text(v) for k, v in row.items() if v is not None})


@given(words, st.none() | words, amounts, st.none() | st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_the_fast_way_and_the_plain_way_give_the_same_text(
    name: str, notice: str | None, amount: Decimal, settled: date | None
) -> None:
    row = ARREARS | {"subject_name": name, "notice_no": notice, "arrears_balance": amount, "settled_on": settled}
    made = payloads.with_payloads(item("tax_arrears"), a_frame("tax_arrears", [row]))
    assert made["payload"].to_list() == [plainly(row)]
    assert made["secret"].to_list() == ["{}"]


def test_a_fact_of_a_month_holds_from_its_first_day() -> None:
    frame = a_frame("insured_headcount", [{"uscc": "91410402MA40TE5TXF", "period": "2026-09", "insured_total": 6}])
    made = payloads.with_payloads(item("insured_headcount"), frame)
    assert made["key"].to_list() == ["2026-09"]
