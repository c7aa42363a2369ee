"""指标服务: what is told, by which bands, what is not known, and who is refused."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.authorisation.builders import a_business, a_code, a_grant
from tests.disclosure.builders import PENALTY, REGISTRATION, World, a_world, on_file
from tests.disclosure.test_verification import filed
from tests.intake.builders import a_row, csv_of, judged
from tests.parties.builders import BANK, NOW
from xinqiao.authorisation.clocks import Wish
from xinqiao.creditfile import annotations, standing
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import indicating, queries
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.errors import NoSuchIndicator, NotAuthorised, OutOfScope
from xinqiao.disclosure.indicating import ask_indicators
from xinqiao.parties.errors import TooOften


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def ask(world: World, *names: str, **other: Any) -> Answer:
    asked: dict[str, Any] = {
        "asker": BANK,
        "officer": world.officer,
        "uscc": world.code,
        "purpose": "loan_review",
        "names": frozenset(names),
        "now": NOW,
    }
    return ask_indicators(**(asked | other))


def told(answer: Answer) -> dict[str, Any]:
    return {one["indicator"]: one for one in answer.report["indicators"]}


def test_sales_are_told_by_their_band_under_a_grant(world: World, tmp_path: Path) -> None:
    rows = [a_row("tax_declared_sales", uscc=a_code(1), period=f"2026-0{m}", sales="123456.78") for m in (3, 4, 5)]
    for row in rows:
        judged("tax_declared_sales", csv_of([row]), tmp_path, period=row["period"], mode="changes", now=NOW)
    filed()
    answer = ask(world, "declared_sales_12m", "abnormal_now")
    found = told(answer)
    assert found["declared_sales_12m"]["band"] == {"at_least": "300000", "below": "400000"}, found
    assert found["declared_sales_12m"]["value"] is None
    assert found["abnormal_now"]["unknown_because"] == "source-silent"


def sales(*said: tuple[str, str], folder: Path) -> None:
    """Months with what was sold in each."""
    for period, amount in said:
        row = a_row("tax_declared_sales", uscc=a_code(1), period=period, sales=amount, exempt_sales="0.00")
        judged("tax_declared_sales", csv_of([row]), folder, period=period, mode="changes", now=NOW)
    filed()


def test_taking_one_window_from_another_leaves_a_band_and_no_fact(world: World, tmp_path: Path) -> None:
    sales(("2026-02", "77777.70"), ("2026-03", "1.00"), ("2026-04", "1.00"), ("2026-05", "1.00"), folder=tmp_path)
    answer = ask(world, "declared_sales_3m", "declared_sales_6m", "declared_sales_newest", "declared_sales_best_12m")
    found = told(answer)
    wide = {name: Decimal(one["band"]["below"]) - Decimal(one["band"]["at_least"]) for name, one in found.items()}
    assert all(width >= 10_000 for width in wide.values())
    assert all(one["value"] is None for one in found.values())
    for hidden in ("77777", "77780", "1.00"):
        assert hidden not in answer.text


def test_a_grant_makes_no_other_number_of_what_is_open(city_db: str) -> None:
    both = ("administrative_penalty", "tax_declared_sales")
    world = a_world(both, agreed=both)
    slight = PENALTY | {"doc_no": "轻微", "severity": "1"}
    on_file(world.business, "administrative_penalty", [slight], delivery=9)
    for names in (["penalties_total"], ["penalties_total", "declared_sales_newest"]):
        found = told(ask(world, *names, grant=world.grant.id))["penalties_total"]
        assert (found["value"], found["known"]) == (1, True)


def test_what_is_disputed_is_said_of_what_rests_on_it_and_of_nothing_else(world: World) -> None:
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=8)
    [penalty] = creditfile.facts_of(world.business, items=["administrative_penalty"])
    standing.mark(penalty.id, Standing.DISPUTED, because="异议受理", by="operator", now=NOW)
    annotations.add(penalty.id, kind="statement", text="正在申请复议。", by="subject", now=NOW)
    found = told(ask(world, "penalties_total", "registered_days", "declared_sales_newest"))
    assert {name for name, one in found.items() if one["disputed"]} == {"penalties_total"}
    assert found["penalties_total"]["value"] == 1
    assert [note["text"] for note in found["penalties_total"]["annotations"]] == ["正在申请复议。"]
    assert found["penalties_total"]["without_disputed"]["value"] is None, "whether there are others nobody has said"


def test_open_indicators_need_no_grant_and_others_are_refused_whole(world: World) -> None:
    stranger = {"officer": None, "client": "program", "uscc": a_code(2)}
    a_business(2, "另一家示例有限公司")
    assert told(ask(world, "abnormal_now", **stranger))["abnormal_now"]["unknown_because"] == "source-silent"
    with pytest.raises(NotAuthorised):
        ask(world, "abnormal_now", "declared_sales_12m", **stranger)
    with pytest.raises(OutOfScope):
        ask(world, "electricity_owed_now", "declared_sales_12m")
    with pytest.raises(NoSuchIndicator):
        ask(world, "credit_score")


def test_a_grant_that_opens_too_few_days_says_so(city_db: str, tmp_path: Path) -> None:
    world = a_world(items=["tax_arrears"])
    wish = Wish(data_since=date(2026, 1, 1))
    a_grant(world.business, by=world.representative, items=["tax_declared_sales"], wish=wish)
    sales(("2026-03", "5.00"), ("2026-04", "5.00"), ("2026-05", "5.00"), folder=tmp_path)
    found = told(ask(world, "declared_sales_3m", "declared_sales_24m", "declared_sales_newest"))
    assert found["declared_sales_24m"]["unknown_because"] == "range-too-short"
    assert found["declared_sales_3m"]["known"]
    assert found["declared_sales_newest"]["known"]


def test_the_business_sees_who_asked_for_which_and_a_correction_finds_them(world: World) -> None:
    answer = ask(world, "declared_sales_newest", key="k", client="program")
    (look,) = queries.who_looked(world.business).looks
    assert look.measured == ("declared_sales_newest",)
    body = json.loads(answer.text)["receipt"]
    assert body["facts"] == []
    assert body["measured"] == {"indicators": ["declared_sales_newest"]}
    (fact,) = [one.id for one in creditfile.facts_of(world.business, items=["tax_declared_sales"])]
    assert queries.recipients_of(fact) == [answer.number]
    again = ask(world, "declared_sales_newest", key="k", client="program")
    assert again.text == answer.text


def test_after_so_many_asks_in_a_day_about_one_business_no_more_is_told(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(indicating, "PER_BUSINESS", replace(indicating.PER_BUSINESS, times=2))
    for _ in range(2):
        ask(world, "abnormal_now")
    with pytest.raises(TooOften):
        ask(world, "abnormal_now")
