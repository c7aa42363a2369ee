"""个人信息保护法 §55–56: one thinks through what opening something does to people, another approves, then it opens."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.catalogue.builders import a_copy, replaced
from tests.parties.builders import BANK, NOW, TEXT, TODAY, a_person, an_agreement, an_operator
from xinqiao import catalogue
from xinqiao.catalogue import CatalogueFaults
from xinqiao.kernel.problems import Problem
from xinqiao.parties import assessing, assessment_queries, institutions, purposes
from xinqiao.parties.assessing import Assessed
from xinqiao.parties.rules import InstitutionKind

ITEMS = frozenset({"tax_arrears"})


def admitted() -> None:
    institutions.admit(id=BANK, name="平顶山示例银行", kind=InstitutionKind.BANK, contact="0375", now=NOW)


def written(by: Any = None, **other: Any) -> int:
    said: dict[str, Any] = {
        "institution": BANK,
        "items": ITEMS,
        "purposes": frozenset({"loan_review", "post_loan"}),
        "lawful": TEXT,
        "impact": TEXT,
        "measures": TEXT,
        "again": TODAY + timedelta(days=1000),
    } | other
    return assessing.assess(Assessed(**said), by=by or an_operator(), today=TODAY, now=NOW)


def refused(act: Any) -> str:
    with pytest.raises(Problem) as refusal:
        act()
    return str(refusal.value.type)


def test_no_agreement_is_made_before_an_assessment_that_covers_it_was_approved_by_another(city_db: str) -> None:
    admitted()
    assert refused(an_agreement) == "evidence-mismatch"
    writer = an_operator()
    number = written(writer)
    assert refused(an_agreement) == "evidence-mismatch", "written and not approved opens nothing"
    assert refused(lambda: assessing.approve(number, by=writer, now=NOW)) == "four-eyes"
    assert refused(lambda: assessing.approve(number, by=a_person(), now=NOW)) == "not-party"
    assessing.approve(number, by=an_operator("安全负责人"), now=NOW)
    assert refused(lambda: an_agreement(items=["tax_arrears", "honour"])) == "evidence-mismatch", "more than assessed"
    assert an_agreement() > 0
    assert refused(lambda: assessing.turn_down(number, by=writer, now=NOW)) == "wrong-state"
    [view] = assessment_queries.of(BANK)
    assert (view.items, view.approved, view.catalogue) == (ITEMS, True, catalogue.city().digest)


def test_an_assessment_that_is_due_again_carries_no_new_agreement(city_db: str) -> None:
    admitted()
    assessing.approve(written(again=TODAY + timedelta(days=30)), by=an_operator("安全负责人"), now=NOW)
    assert refused(lambda: an_agreement(since=TODAY + timedelta(days=31))) == "evidence-mismatch"


def test_an_assessment_without_its_three_contents_is_none(city_db: str) -> None:
    admitted()
    assert refused(lambda: written(impact="没有影响")) == "malformed"
    assert refused(lambda: written(institution="nobody")) == "not-found"
    assert refused(lambda: written(again=TODAY + timedelta(days=2000))) == "scope-invalid"
    assert refused(lambda: written(purposes=frozenset({"curiosity"}))) == "purpose-unknown"
    assert assessment_queries.every() == []


def test_an_item_a_field_and_a_purpose_nobody_assessed_are_named_by_the_check(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    replaced(folder, "assessments/items_judicial.yml", "judgment_defaulter: [legal_person_name]", "honour: []")
    replaced(
        folder, "assessments/items_registration.yml", "individual_business: [operator_name]", "individual_business: []"
    )
    replaced(
        folder, "assessments/items_tax.yml", "approved_by: 数据安全负责人（样例）", "approved_by: 数据管理科（样例）"
    )
    with pytest.raises(CatalogueFaults) as faults:
        catalogue.load(folder)
    said = [(mistake.file, mistake.message) for mistake in faults.value.mistakes]
    assert [file for file, message in said if "要有批准的影响评估" in message] == ["items/judgment_defaulter.yml"]
    assert [file for file, message in said if "没有评估过：operator_name" in message] == [
        "items/individual_business.yml"
    ]
    assert [file for file, message in said if "不能批准自己的评估" in message] == ["assessments/items_tax.yml"]
    replaced(folder, "assessments/purposes_lending.yml", "[loan_review, post_loan]", "[post_loan]")
    _, mistakes = purposes.load(folder)
    assert [one.message for one in mistakes if "loan_review" in one.message] != []
