"""公共信用评价等级 told to a department: where its basis names it, with no reason of what it may not be told."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.authorisation.builders import a_code
from tests.disclosure.builders import PENALTY, REGISTRATION, on_file
from tests.disclosure.test_sharing import GROUND, ITEMS, asked, by_key
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import NOW, TODAY, a_department, a_person, a_program, a_sharing_basis, an_operator
from xinqiao import catalogue
from xinqiao.catalogue.meaning import shareable
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import deferring, queries, receipts
from xinqiao.disclosure.corrections import Outcome, Wrong, tell_recipients
from xinqiao.disclosure.sharing import ByDuty, share
from xinqiao.evaluation import grading, overriding, results
from xinqiao.evaluation.overriding import Said
from xinqiao.evaluation.views import GradeView
from xinqiao.kernel.ids import FactId, PersonId, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import checking, sequencing
from xinqiao.parties import assessing, institutions, roles, sharing, sharing_queries
from xinqiao.parties.assessing import Assessed
from xinqiao.parties.errors import BeyondBasis, NotAssessed, ScopeInvalid
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction

BECAUSE = "环境处罚的决定书已被复议机关变更，等来源更正"
OF_THE_GRADE = {"grade", "grade_state"}


@pytest.fixture
def clerk(city_db: str) -> PersonId:
    """Of the department that asks; in a city that grades enterprises."""
    who = a_person("许科员")
    roles.give(person=who, role=Role.PROVIDER, organisation=a_department(), now=NOW)
    models_in_force("enterprise", "individual_business", now=NOW)
    return who


def a_firm(number: int = 1, kind: SubjectKind = SubjectKind.ENTERPRISE, **penalty: Any) -> tuple[SubjectId, Uscc]:
    """Registered years ago, with one penalty, graded."""
    code = a_code(number)
    row = Introduction(code, "鲁山县示例农产品有限公司", kind, "410423", "13", date(2020, 3, 1), "K")
    firm = registration.introduce([row], now=NOW)[code]
    on_file(firm, "registration_basics", [REGISTRATION], delivery=number * 10)
    on_file(firm, "administrative_penalty", [PENALTY | penalty], delivery=number * 10 + 1)
    grading.grade(firm, now=NOW)
    return firm, code


def graded(firm: SubjectId) -> GradeView:
    found = results.latest(firm)
    assert found is not None
    return found


def told(by: ByDuty, code: Uscc) -> Mapping[str, Any]:
    [one] = share(by, [code])
    assert one.answer is not None
    return one.answer.report


def test_the_grade_is_told_beside_the_items_and_the_business_reads_that_it_was(clerk: PersonId) -> None:
    firm, code = a_firm()
    basis = a_sharing_basis(persons={clerk}, items=ITEMS, grade=True)
    report = told(asked(clerk, basis), code)
    given, grade = graded(firm), report["grade"]
    assert report["grade_state"] == "given"
    for name in ("grade", "score", "model", "version", "position", "event", "note"):
        assert grade[name] == getattr(given, name), name
    [item, _] = report["items"]
    assert item["item"] == "administrative_penalty"
    assert any("行政处罚" in reason for reason in grade["reasons"])
    assert {one["item"] for one in grade["not_told"]} >= {"registration_basics", "judgment_defaulter"}
    assert not any("登记" in reason for reason in grade["reasons"]), "the register is not in the basis"
    [look] = queries.who_looked(firm).looks
    assert look.shared is not None
    assert look.shared.grade
    body = receipts.receipt(look.number, of=a_department())["receipt"]
    assert (body["grade"], body["items"]) == (True, sorted(ITEMS))
    assert body["facts"] == [line["fact"] for line in item["lines"]]
    registered = next(one for one in given.indicators() if one.name == "registered_days").facts
    assert {look.number in queries.recipients_of(fact) for fact in registered} == {True}, "a correction finds it"


def test_only_the_grade_is_told_to_whoever_asks_for_only_that_and_no_reason_with_it(clerk: PersonId) -> None:
    firm, code = a_firm()
    basis = a_sharing_basis(persons={clerk}, items=ITEMS, grade=True)
    report = told(asked(clerk, basis, items=frozenset(), grade=True), code)
    assert (report["items"], report["sources"]) == ([], [])
    assert report["grade"]["grade"] == graded(firm).grade
    assert [report["grade"][name] for name in ("reasons", "indicators", "limits", "missing")] == [[], [], [], []]
    assert "罚" not in json.dumps({**report["grade"], "not_told": []}, ensure_ascii=False)
    assert {one["item"] for one in report["grade"]["not_told"]} >= {"administrative_penalty"}
    [look] = queries.who_looked(firm).looks
    assert look.items == ()


def test_a_basis_that_does_not_name_the_grade_tells_none_whatever_is_asked(clerk: PersonId) -> None:
    """Those made before there was the choice among them: neither the answer nor its receipt has a word more."""
    _, code = a_firm()
    before = a_sharing_basis(persons={clerk}, items=ITEMS)
    names_it = a_sharing_basis(persons={clerk}, items=ITEMS, grade=True)
    report = told(asked(clerk, before), code)
    assert not OF_THE_GRADE & report.keys()
    body = receipts.receipt(queries.looks_of(a_department()).looks[0].number, of=a_department())["receipt"]
    assert "grade" not in body
    with_it: tuple[dict[str, Any], ...] = ({"items": frozenset()}, {}, {"items": frozenset(ITEMS)})
    for only in with_it:
        with pytest.raises(BeyondBasis):
            told(asked(clerk, before, grade=True, **only), code)
    left_out: tuple[dict[str, Any], ...] = ({"grade": False}, {"items": frozenset(ITEMS)})
    for other in left_out:
        assert told(asked(clerk, names_it, **other), code).keys() == report.keys(), other
    with pytest.raises(BeyondBasis):
        told(asked(clerk, names_it, items=frozenset()), code)


def test_a_grade_that_rests_on_what_has_changed_is_withheld_from_departments_too_and_not_told_again(
    clerk: PersonId,
) -> None:
    firm, code = a_firm()
    program = a_program(a_department(), "market_core")
    basis = a_sharing_basis(clients={program.id}, items=("credit_repair",), grade=True, deferral=GROUND)
    first = by_key(basis, [code], deferred=True)
    assert by_key(basis, [code], deferred=True) == first
    assert queries.who_looked(firm).looks == (), "deferred, the grade with it"
    [penalty] = next(one for one in graded(firm).indicators() if one.name == "general_penalties").facts
    standing.mark(penalty, Standing.REPAIRED, because="信用修复", by="operator", now=NOW)
    [(number, text)] = by_key(basis, [code], deferred=True)
    report = json.loads(text)["report"]
    assert number != first[0][0]
    assert (report["grade"], report["grade_state"]) == (None, "renewing")
    wrong = Wrong(firm, (FactId(penalty),), Outcome.REPAIRED, "repair", "信用修复管理办法")
    with transaction.atomic():
        [notice] = tell_recipients(wrong, now=NOW)
    assert queries.who_looked(firm).looks == (), "and what is told of it"
    kept = receipts.receipt(notice, of=a_department())["receipt"]
    assert kept["items"] == [], "not of which kind it was: the basis does not name penalties"
    sequencing.sequence(NOW)
    grading.grade(firm, now=NOW)
    [(_, anew)] = by_key(basis, [code], deferred=True, now=NOW + timedelta(days=8))
    assert json.loads(anew)["report"]["grade"]["score"] == graded(firm).score
    deferring.show_due(NOW + timedelta(days=60))
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_what_two_operators_say_beside_a_grade_is_told_without_the_words_that_could_name_what_is_not_told(
    clerk: PersonId,
) -> None:
    firm, code = a_firm()
    first, second = an_operator("甲"), an_operator("乙")
    said = Said(firm, "C", BECAUSE, TODAY + timedelta(days=30))
    overriding.approve(overriding.propose(said, by=first, now=NOW), by=second, now=NOW)
    everything = {one.item for one in catalogue.city().whole_items() if shareable(one)}
    reasons = [
        told(asked(clerk, a_sharing_basis(persons={clerk}, items=items, grade=True)), code)["grade"]["override"]
        for items in (ITEMS, everything)
    ]
    assert [(one["grade"], one["reason"]) for one in reasons] == [("C", None), ("C", BECAUSE)]


def test_that_something_counted_is_disputed_is_told_though_not_what(clerk: PersonId) -> None:
    firm, code = a_firm()
    basis = a_sharing_basis(persons={clerk}, items=("credit_repair",), grade=True)
    [penalty] = next(one for one in graded(firm).indicators() if one.name == "general_penalties").facts
    standing.mark(penalty, Standing.DISPUTED, because="异议受理", by="operator", now=NOW)
    sequencing.sequence(NOW)
    grading.grade(firm, now=NOW)
    grade = told(asked(clerk, basis), code)["grade"]
    assert grade["without_disputed"]["title"] != grade["title"]
    assert (grade["indicators"], "处罚" in json.dumps(grade["reasons"], ensure_ascii=False)) == ([], False)


def test_a_line_that_is_closed_to_the_department_is_in_no_reason(
    clerk: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of an open item may be closed (a slight penalty), and an item may be shut to it since its basis was made."""
    _, code = a_firm()
    basis = a_sharing_basis(persons={clerk}, items=ITEMS, grade=True)
    monkeypatch.setattr(type(catalogue.city()), "written_consent", lambda *_: frozenset({"administrative_penalty"}))
    report = told(asked(clerk, basis), code)
    assert "administrative_penalty" in {one["item"] for one in report["grade"]["not_told"]}
    assert not any("罚" in reason for reason in report["grade"]["reasons"])


def test_a_natural_persons_grade_says_that_it_alone_decides_nothing_and_a_thin_file_is_no_low_grade(
    clerk: PersonId,
) -> None:
    basis = a_sharing_basis(persons={clerk}, items=ITEMS, grade=True)
    cases = [(SubjectKind.ENTERPRISE, False), (SubjectKind.INDIVIDUAL_BUSINESS, True)]
    for number, (kind, cautioned) in enumerate(cases, start=1):
        grade = told(asked(clerk, basis), a_firm(number, kind)[1])["grade"]
        assert bool(grade["caution"]) is cautioned, kind
    code = a_code(9)
    row = Introduction(code, "新办的店", SubjectKind.ENTERPRISE, "410423", "13", TODAY, "K")
    firm = registration.introduce([row], now=NOW)[code]
    assert told(asked(clerk, basis), code)["grade_state"] == "none"
    grading.grade(firm, now=NOW)
    thin = told(asked(clerk, basis), code)["grade"]
    assert (thin["state"], thin["score"], thin["title"]) == ("thin", None, "数据不足")
    assert "这不是低等级" in thin["reasons"][0]


def test_a_grade_is_opened_to_a_department_only_once_that_was_thought_through(city_db: str) -> None:
    department = institutions.admit(
        id="tax_bureau", name="税务局", kind=InstitutionKind.DEPARTMENT, contact="12366", now=NOW
    )
    clerk = a_person("许科员")
    roles.give(person=clerk, role=Role.PROVIDER, organisation=department, now=NOW)
    text = "为核对申请人守法情况所必需，只给列明的经办人看，企业当时看得到是谁为什么查的。"

    def assessed(*, grade: bool) -> None:
        said = Assessed(department, frozenset({"honour"}), frozenset(), text, text, text, TODAY + timedelta(90), grade)
        number = assessing.assess(said, by=an_operator("甲"), today=TODAY, now=NOW)
        assessing.approve(number, by=an_operator("乙"), now=NOW)

    with pytest.raises(ScopeInvalid):
        a_sharing_basis(department=department, persons={clerk}, items=())
    assessed(grade=False)
    with pytest.raises(NotAssessed):
        a_sharing_basis(department=department, persons={clerk}, items=(), grade=True)
    assessed(grade=True)
    [basis] = sharing_queries.bases_of(department)
    sharing.approve(basis.id, by=an_operator("丙"), now=NOW)
    assert sharing_queries.bases_of(department)[0].grade
