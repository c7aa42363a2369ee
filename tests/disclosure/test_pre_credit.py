"""An estimate by a bank's own rules: two of its people behind the rules, a live grant behind each estimate."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.authorisation.builders import a_business, a_code
from tests.disclosure.builders import World, a_world
from tests.disclosure.test_indicating import sales
from tests.disclosure.test_verification import filed
from tests.evaluation.estimates import RULES
from tests.intake.builders import a_row, csv_of, judged
from tests.parties.builders import BANK, NOW, a_bank, an_agreement, an_officer
from xinqiao.authorisation import changing
from xinqiao.disclosure import pre_credit, queries
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.errors import GrantRevoked, NotAuthorised, OutOfScope
from xinqiao.disclosure.pre_credit import estimate
from xinqiao.evaluation import rule_sets
from xinqiao.evaluation.errors import NoSuchRules, RulesByYou, RulesChanged, RulesDecided
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import checking, sequencing
from xinqiao.parties.errors import TooOften

OF = InstitutionId(BANK)


@pytest.fixture
def world(city_db: str, tmp_path: Path) -> World:
    found = a_world()
    months = [(f"2026-0{month}", "250000.00") for month in range(1, 6)]
    sales(*months, folder=tmp_path)
    for item in ("abnormal_operation", "administrative_penalty"):  # their sources have spoken, of somebody else
        row = a_row(item, uscc=a_code(999))
        judged(item, csv_of([row]), tmp_path, period="2026-06-01", mode="changes", now=NOW)
    filed()
    return found


def adopted(world: World, text: str = RULES) -> rule_sets.RuleSetView:
    mine = rule_sets.propose(text.encode(), of=OF, by=world.officer, now=NOW)
    return rule_sets.approve(mine.number, of=OF, by=an_officer(name="吴经理"), now=NOW)


def ask(world: World, **other: Any) -> Answer:
    asked = {"asker": OF, "officer": world.officer, "uscc": world.code, "rules": "quick_loan", "now": NOW}
    return estimate(**(asked | other))  # type: ignore[arg-type]


def test_rules_are_put_in_force_by_two_and_a_version_says_one_thing(world: World) -> None:
    mine = rule_sets.propose(RULES.encode(), of=OF, by=world.officer, now=NOW)
    with pytest.raises(NoSuchRules):
        ask(world)
    with pytest.raises(RulesByYou):
        rule_sets.approve(mine.number, of=OF, by=world.officer, now=NOW)
    other = an_officer(name="吴经理")
    assert rule_sets.approve(mine.number, of=OF, by=other, now=NOW).stage == "in_force"
    with pytest.raises(RulesDecided):
        rule_sets.turn_down(mine.number, of=OF, by=other, now=NOW)
    with pytest.raises(RulesChanged):
        rule_sets.propose(RULES.replace("terms: 一年", "terms: 两年").encode(), of=OF, by=other, now=NOW)
    stranger = a_bank("pds_other_bank")
    an_agreement(stranger, items=["tax_declared_sales"])
    with pytest.raises(NoSuchRules):
        rule_sets.one(mine.number, of=stranger)
    with pytest.raises(NoSuchRules):
        ask(world, asker=stranger, officer=an_officer(stranger, "陈经理"))
    rule_sets.retire(mine.number, of=OF, by=other, now=NOW)
    with pytest.raises(NoSuchRules):
        ask(world)
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_an_estimate_says_what_came_of_each_condition_and_the_business_sees_that_it_was_made(world: World) -> None:
    mine = adopted(world)
    told = ask(world, key="k", officer=None, client="core")
    report, came = told.report, told.report["estimate"]
    assert (came["decision"], came["amount"]) == ("estimated", "360000"), report
    assert (came["grade"], came["points"]) == ({"grade": "A", "title": "优"}, 70)
    assert [one["met"] for one in came["conditions"]] == ["met", "met"]
    assert report["rules"]["sha256"] == mine.sha256
    assert "不是平台的信用评价" in report["note"]
    assert "1250000" not in told.text
    assert ask(world, key="k", officer=None, client="core").text == told.text
    [look] = queries.who_looked(world.business).looks
    assert (look.kind, look.items) == ("disclosure:estimate:told", tuple(sorted(pre_credit_items())))
    receipt = told.as_json()["receipt"]
    assert "quick_loan" not in str(receipt)


def pre_credit_items() -> set[str]:
    return {"abnormal_operation", "administrative_penalty", "tax_declared_sales"}


def test_without_a_live_grant_that_opens_it_all_nothing_is_estimated(world: World) -> None:
    adopted(world)
    open_only = RULES.replace("quick_loan", "open_only")
    for gone in (
        "  declared_sales_12m: {unknown: worst}\n",
        "  - {indicator: declared_sales_12m, at_least: 300000, sentence: 近一年申报销售 30 万元以上}\n",
        "  declared_sales_12m: {steps: [{points: 0}, {from: 500000, points: 30}, {from: 1000000, points: 60}]}\n",
    ):
        open_only = open_only.replace(gone, "")
    head, _, _ = open_only.partition("grades:")
    open_only = head + (
        "grades: [{grade: A, title: 优, at_least: 30, ceiling: 100000}, {grade: B, title: 良}]\n"
        "amount: {of: []}\n"
        "cases:\n"
        '  - {name: 好, given: {abnormal_now: "false", penalties_total: "0"},'
        " expect: {decision: estimated, grade: A, amount: 100000}}\n"
        '  - {name: 差, given: {abnormal_now: "true"}, expect: {decision: not_admitted}}\n'
    )
    mine = rule_sets.propose(open_only.encode(), of=OF, by=world.officer, now=NOW)
    rule_sets.approve(mine.number, of=OF, by=an_officer(name="郑经理"), now=NOW)
    a_business(2, "另一家示例有限公司")
    for rules in ("quick_loan", "open_only"):
        with pytest.raises(NotAuthorised):
            ask(world, uscc=a_code(2), rules=rules)
    assert ask(world, rules="open_only").report["basis"]["grants"] == [world.grant.id]
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    for rules in ("quick_loan", "open_only"):
        with pytest.raises(GrantRevoked):
            ask(world, rules=rules)


def test_a_grant_over_something_else_is_refused_and_not_trimmed(city_db: str) -> None:
    world = a_world(items=["tax_arrears"])
    adopted(world)
    with pytest.raises(OutOfScope):
        ask(world)


def test_a_business_is_estimated_a_few_times_a_day_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    adopted(world)
    monkeypatch.setattr(pre_credit, "PER_BUSINESS", replace(pre_credit.PER_BUSINESS, times=2))
    for _ in range(2):
        ask(world)
    with pytest.raises(TooOften):
        ask(world)
