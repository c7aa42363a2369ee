"""The sample bank's own rules for pre-credit estimates, put in force by two of its officers; and what it feeds back."""

from datetime import datetime
from typing import Final

from xinqiao.cli.sample import BANK
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, ReceiptNumber
from xinqiao.kernel.uscc import Uscc

TWO: Final = 2
RULES: Final = """\
# 样例银行自己的预授信规则。界限都在指标分档的整数倍上；数字是编造的。
rules: quick_loan
title: 小微快贷预授信
version: "2026.1"
purpose: loan_review
kinds: [enterprise, individual_business, cooperative, rural_collective]
reads:
  abnormal_now: {unknown: refer}
  penalties_total: {unknown: worst}
  declared_sales_12m: {unknown: worst}
admission:
  - {indicator: abnormal_now, is: false, sentence: 目前不在经营异常名录上}
  - {indicator: declared_sales_12m, at_least: 300000, sentence: 近12个月申报销售30万元以上}
scorecard:
  penalties_total: {steps: [{points: 30}, {from: 1, points: 10}, {from: 3, points: 0}]}
  declared_sales_12m: {steps: [{points: 0}, {from: 500000, points: 30}, {from: 1000000, points: 60}]}
grades:
  - {grade: A, title: 优, at_least: 70, ceiling: 2000000, percent: 30, terms: 一年以内，随借随还}
  - {grade: B, title: 良, at_least: 40, ceiling: 500000, percent: 10, terms: 一年以内，按月还息}
  - {grade: C, title: 中}
amount: {of: [declared_sales_12m], step: 10000}
cases:
  - name: 百万销售，没有处罚
    given: {abnormal_now: "false", penalties_total: "0", declared_sales_12m: "1250000"}
    expect: {decision: estimated, grade: A, amount: 360000}
  - name: 在异常名录上
    given: {abnormal_now: "true", penalties_total: "0", declared_sales_12m: "1250000"}
    expect: {decision: not_admitted}
  - name: 异常名录没有数据
    given: {penalties_total: "0", declared_sales_12m: "1250000"}
    expect: {decision: referred}
"""


def adopt(now: datetime) -> bool:
    """Where the bank has two officers and no rules yet; also in a city made before there were any."""
    from xinqiao.evaluation import rule_sets
    from xinqiao.parties import queries as parties
    from xinqiao.parties.rules import Role

    of = InstitutionId(BANK)
    officers = sorted(parties.people_in(Role.OFFICER, of, now))
    if len(officers) < TWO or rule_sets.every(of):
        return False
    made = rule_sets.propose(RULES.encode(), of=of, by=officers[0], now=now)
    rule_sets.approve(made.number, of=of, by=officers[1], now=now)
    return True


def feed_back(uscc: str, receipt: int, now: datetime) -> int:
    """What the bank's own model came to after it had read the report, and that the loan is paid as agreed so far."""
    from xinqiao.disclosure import feeding_back
    from xinqiao.disclosure.feedback import Amount, Became, Decision, ModelResult, Outcome, Said
    from xinqiao.parties import queries as parties

    day = day_of(now)
    agreement = parties.agreement_in_force(BANK, day)
    if agreement is None or not agreement.feedback:
        return 0
    said = (
        ModelResult("小微快贷", "3.1", Decision.APPROVED, day, grade="BB", amount=Amount.TO_500K),
        Outcome(Became.PERFORMING, day, day, day),
    )
    told = [Said(Uscc.parse(uscc), ReceiptNumber(receipt), one) for one in said]
    by = feeding_back.Teller(InstitutionId(BANK), client="示例银行信贷系统")
    return len(feeding_back.take_in(told, by=by, now=now))
