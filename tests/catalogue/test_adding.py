"""A new source and a new item are new files, and nothing else."""

from pathlib import Path

import pytest

from tests.catalogue.builders import a_copy
from tests.catalogue.judge import disagreements
from xinqiao import catalogue

SOURCE = """\
source: fire_rescue
kind: department
names:
  - {since: 2018-10-09, title: 平顶山市消防救援支队, verified: true}
"""
LIST = """\
list: fire_inspection_result
title: 消防检查结果
verified: true
values:
  "1": {title: 合格}
  "2": {title: 不合格}
"""
ITEM = """\
item: fire_inspection
code: ADM-99
title: 消防监督检查结果
title_en: Fire inspections
family: administration
sources: [fire_rescue]
nature: public
basis: [{document: 消防监督检查规定, verified: false}]
sharing: {mode: physical, classed: open}
coverage: 全市消防监督检查的单位
cadence: {every: event, within_working_days: 7}
subject: {field: uscc, name: subject_name, kinds: [enterprise, individual_business]}
delivery: {key: [document_no], period: day}
validity: {since: inspected_on}
retention: {reason: 检查结果长期保存}
fields:
  subject_name: {title: 单位名称, type: text, required: true}
  uscc: {title: 统一社会信用代码, type: uscc, required: true}
  document_no: {title: 文书号, type: text, required: true}
  inspected_on: {title: 检查日期, type: date, required: true}
  result: {title: 检查结果, type: code, codes: fire_inspection_result, required: true}
whole: true
"""
ASSESSMENT = """\
assessment: items_fire
title: 消防检查结果影响评估
items: {fire_inspection: []}
lawful: 检查结果依法公开，用来判断企业的安全状况，不取任何人的姓名。
impact: 主体是个体工商户的，结果等同于对经营者的评价，可能影响声誉。
measures: 只展示公开的结果，标明来源和日期，本人可以提出异议。
assessed_by: 数据管理科
assessed_on: 2026-04-01
approved_by: 数据安全负责人
approved_on: 2026-04-03
again: 2028-12-31
"""
CASES = """\
cases:
  - name: 一家合格的企业
    row:
      {subject_name: 甲公司, uscc: 91410402MA40TE5TXF, document_no: 〔2026〕1号, inspected_on: 2026-05-01, result: 合格}
    values: {result: "1"}
  - {name: 个体工商户, like: 一家合格的企业, row: {uscc: 92410403MA41AB122Q}}
  - {name: 没有代码, like: 一家合格的企业, row: {uscc: ""}, findings: [uscc:required]}
  - {name: 代码错, like: 一家合格的企业, row: {uscc: 91410402MA40TE5TXG}, findings: [uscc:check_digit]}
  - {name: 还没检查, like: 一家合格的企业, row: {inspected_on: 2026-08-01}, findings: [inspected_on:future]}
  - {name: 没有这种结果, like: 一家合格的企业, row: {result: 优秀}, findings: [result:codes]}
"""


def test_a_source_and_an_item_are_added_by_adding_files(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    (folder / "sources/fire_rescue.yml").write_text(SOURCE, "utf-8")
    (folder / "codes/fire_inspection_result.yml").write_text(LIST, "utf-8")
    (folder / "items/fire_inspection.yml").write_text(ITEM, "utf-8")
    (folder / "items/fire_inspection.cases.yml").write_text(CASES, "utf-8")
    (folder / "assessments/items_fire.yml").write_text(ASSESSMENT, "utf-8")

    report = catalogue.check(folder, lambda city, item, case: list(disagreements(city, item, case)))
    assert [str(m) for m in report.mistakes] == []
    city = catalogue.load(folder)
    assert city.item("fire_inspection") in city.whole_items()
    assert city.sources["fire_rescue"].names[0].title == "平顶山市消防救援支队"
    assert city.digest != catalogue.city().digest


def test_another_citys_decision_on_natural_persons_reaches_every_rule(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    path = folder / "city.yml"
    path.write_text(path.read_text("utf-8").replace("kinds: [individual_business]", "kinds: []"), "utf-8")
    city = catalogue.load(folder)
    cases = catalogue.cases_of(city, "administrative_penalty")
    spared = next(c for c in cases if "对个体工商户适用简易程序" in c.name)
    assert list(disagreements(city, city.item("administrative_penalty"), spared)) == [
        "应为 ['uscc:refuse_when']，实为 []"
    ]


def test_the_city_in_use_is_the_one_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_copy(tmp_path)
    monkeypatch.setenv("XINQIAO_CITY", str(folder))
    assert catalogue.city().folder == folder
    monkeypatch.delenv("XINQIAO_CITY")
    assert catalogue.city().code == "410400"


def test_an_unknown_item_is_refused_by_name() -> None:
    with pytest.raises(catalogue.UnknownItem, match="没有名为“moon_phase”的数据项"):
        catalogue.city().item("moon_phase")
