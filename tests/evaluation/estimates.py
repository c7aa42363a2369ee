"""A bank's own rules for an estimate, as its file has them."""

RULES = """\
rules: quick_loan
title: 小微快贷预授信
version: "2026.1"
purpose: loan_review
kinds: [enterprise, cooperative]
reads:
  abnormal_now: {unknown: refer}
  penalties_total: {unknown: worst}
  declared_sales_12m: {unknown: worst}
admission:
  - {indicator: abnormal_now, is: false, sentence: 目前不在经营异常名录上}
  - {indicator: declared_sales_12m, at_least: 300000, sentence: 近一年申报销售 30 万元以上}
scorecard:
  penalties_total: {steps: [{points: 30}, {from: 1, points: 10}, {from: 3, points: 0}]}
  declared_sales_12m: {steps: [{points: 0}, {from: 500000, points: 30}, {from: 1000000, points: 60}]}
grades:
  - {grade: A, title: 优, at_least: 70, ceiling: 2000000, percent: 30, terms: 一年以内，随借随还}
  - {grade: B, title: 良, at_least: 40, ceiling: 500000, percent: 10}
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
  - name: 处罚多，销售少
    given: {abnormal_now: "false", penalties_total: "4", declared_sales_12m: "320000"}
    expect: {decision: no_amount, grade: C}
"""

SALES_ALONE = """\
rules: sales_alone
title: 只看销售
version: "2026.1"
purpose: loan_review
kinds: [enterprise]
reads:
  declared_sales_12m: {unknown: worst}
grades:
  - {grade: A, title: 有销售, ceiling: 100000, percent: 10}
amount: {of: [declared_sales_12m]}
cases:
  - {name: 有, given: {declared_sales_12m: "500000"}, expect: {decision: estimated, grade: A, amount: 50000}}
  - {name: 没有数据, given: {}, expect: {decision: no_amount, grade: A}}
"""
