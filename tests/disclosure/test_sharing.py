"""政务共享: departments are told by law, never under a grant, and the business reads it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import a_business, a_code
from tests.disclosure.builders import PENALTY, World, a_world, on_file
from tests.parties.builders import (
    NOW,
    TODAY,
    a_bank,
    a_department,
    a_person,
    a_program,
    a_sharing_basis,
    an_agreement,
    an_officer,
    an_operator,
    assessed,
)
from xinqiao import catalogue
from xinqiao.catalogue.schema import SharingClass
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import deferring, own_file, queries, receipts
from xinqiao.disclosure.corrections import Outcome, Wrong, tell_recipients
from xinqiao.disclosure.deferring import Counted
from xinqiao.disclosure.errors import AccessSuspended, KeyReused, NotFound
from xinqiao.disclosure.rules import By, Reader, open_to, plan
from xinqiao.disclosure.sharing import ByDuty, share
from xinqiao.kernel.ids import FactId, InstitutionId, PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import checking, sequencing
from xinqiao.parties import institutions, roles, sharing, sharing_queries, suspending
from xinqiao.parties.errors import BasisNotInForce, NotAssessed
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.parties.sharing import Declared, Deferral

REPAIRED = {
    "subject_name": "鲁山县示例农产品有限公司",
    "target_kind": "1",
    "target_doc_no": "平环罚〔2024〕9号",
    "decided_on": date(2026, 5, 2),
    "decision": "2",
    "authority": "平顶山市生态环境局",
}
MATTER = "平许〔2026〕17号"
ITEMS = ("administrative_penalty", "credit_repair")
A_WEEK, A_MOMENT = timedelta(days=7), timedelta(microseconds=1)
GROUND = Deferral("中华人民共和国个人信息保护法第三十五条", 30)


def asked(by: PersonId | None, basis: int, **other: Any) -> ByDuty:
    said: dict[str, Any] = {"department": a_department(), "basis": basis, "matter": MATTER, "now": NOW, "officer": by}
    return ByDuty(**(said | other))


def a_shared_world(**declared: Any) -> tuple[World, PersonId, int]:
    world, clerk = a_world(), a_person("许科员")
    on_file(world.business, "credit_repair", [REPAIRED], delivery=4)
    roles.give(person=clerk, role=Role.PROVIDER, organisation=a_department(), now=NOW)
    return world, clerk, a_sharing_basis(persons={clerk}, items=ITEMS, **declared)


def told_of(answer: Any) -> Mapping[str, Any]:
    return {one["item"]: one for one in answer.report["items"]}


def test_a_department_reads_what_is_open_and_shared_and_the_business_reads_who_by_which_law_and_why(
    city_db: str,
) -> None:
    world, clerk, basis = a_shared_world()
    [answered] = share(asked(clerk, basis), [world.code])
    assert answered.answer is not None
    told = told_of(answered.answer)
    assert told["credit_repair"]["lines"][0]["values"]["target_doc_no"] == REPAIRED["target_doc_no"]
    penalty = told["administrative_penalty"]["lines"][0]["values"]
    assert penalty["legal_person_name"] == "王**"
    assert "legal_person_id" not in penalty, "never a secret field, whatever the law"
    [look] = queries.who_looked(world.business).looks
    assert (look.institution, look.officer, look.shared) == (
        a_department(),
        "许科员",
        queries.Shared("河南省社会信用条例第十八条", MATTER),
    )
    receipt = receipts.receipt(answered.answer.number, of=a_department())["receipt"]
    assert receipt["recipient"]["kind"] == "department"
    assert (receipt["basis"]["sharing"], receipt["basis"]["grants"], receipt["matter"]) == (basis, [], MATTER)


@given(by=st.sampled_from(By), classed=st.sampled_from(SharingClass))
def test_each_class_is_opened_by_its_own_key(by: By, classed: SharingClass) -> None:
    opened = {
        By.NOTHING: {SharingClass.OPEN},
        By.DUTY: {SharingClass.OPEN, SharingClass.SHARED},
        By.GRANT: {SharingClass.OPEN, SharingClass.AUTHORISED, SharingClass.SECRET},
    }
    assert open_to(by, classed) is (classed in opened[by])


def test_of_no_item_of_the_catalogue_is_a_field_shared_that_only_the_business_may_open() -> None:
    for item in catalogue.city().whole_items():
        planned = plan(item, Reader(duty=frozenset({item.item})))
        for name in planned.told if planned else ():
            assert catalogue.field_class(item, name) in {SharingClass.OPEN, SharingClass.SHARED}, (item.item, name)


def test_what_the_basis_does_not_say_is_refused_by_name(city_db: str) -> None:
    world, clerk, basis = a_shared_world()
    cases: list[tuple[dict[str, Any], str]] = [
        ({"items": frozenset({"honour"})}, "scope-exceeded"),
        ({"deferred": True}, "scope-exceeded"),
        ({"basis": 999}, "not-found"),
        ({"department": InstitutionId("tax_bureau")}, "not-found"),
        ({"by": None, "client": "somebodys_core"}, "not-party"),
        ({"by": world.officer}, "not-party"),
        ({"now": NOW + timedelta(days=800)}, "agreement-not-in-force"),
        ({"matter": " "}, "purpose-missing"),
    ]
    for other, refused in cases:
        with pytest.raises(Problem) as refusal:
            share(asked(**({"by": clerk, "basis": basis} | other)), [world.code])
        assert refusal.value.type == refused, other
    assert queries.who_looked(world.business).looks == ()


def test_two_operators_make_a_basis_and_one_ends_it_at_once(city_db: str) -> None:
    world, clerk, _ = a_shared_world()
    first, second = an_operator("甲"), an_operator("乙")
    said = Declared(a_department(), "条例第十八条", "许可审查", frozenset(ITEMS), TODAY, TODAY, frozenset({clerk}))
    number = sharing.declare(said, by=first, now=NOW)
    for by, refused in ((first, "four-eyes"), (clerk, "not-party")):
        with pytest.raises(Problem) as refusal:
            sharing.approve(number, by=by, now=NOW)
        assert refusal.value.type == refused
    with pytest.raises(Problem) as waiting:
        share(asked(clerk, number), [world.code])
    assert waiting.value.type == "agreement-not-in-force"
    sharing.approve(number, by=second, now=NOW)
    assert share(asked(clerk, number), [world.code])[0].answer is not None
    suspending.suspend(a_department(), ground="超出职责查询", by=first, today=TODAY, now=NOW)
    with pytest.raises(AccessSuspended):
        share(asked(clerk, number), [world.code])
    suspending.resume(a_department(), because="已经整改", by=second, today=TODAY, now=NOW)
    sharing.end(number, because="职责已划转", by=first, now=NOW)
    with pytest.raises(Problem) as ended:
        share(asked(clerk, number), [world.code])
    assert ended.value.type == "agreement-not-in-force"


def test_what_is_of_natural_persons_is_not_opened_before_its_effect_on_them_was_thought_through(city_db: str) -> None:
    clerk = a_person("许科员")
    department = institutions.admit(
        id="tax_bureau", name="税务局", kind=InstitutionKind.DEPARTMENT, contact="12366", now=NOW
    )
    roles.give(person=clerk, role=Role.PROVIDER, organisation=department, now=NOW)
    with pytest.raises(NotAssessed):
        a_sharing_basis(department=department, persons={clerk})
    assessed(department)
    sharing.approve(sharing_queries.bases_of(department)[0].id, by=an_operator("又一人"), now=NOW)
    assert sharing_queries.bases_of(department)[0].approved


def test_a_basis_that_names_no_law_no_person_or_more_than_the_law_opens_is_not_made(city_db: str) -> None:
    a_bank()
    clerk = a_person("许科员")
    roles.give(person=clerk, role=Role.PROVIDER, organisation=a_department(), now=NOW)
    cases: list[dict[str, Any]] = [
        {"items": {"tax_declared_sales"}},  # only the business may open it
        {"items": set()},
        {"law": ""},
        {"persons": set()},
        {"persons": {PersonId(10**6)}},
        {"until": TODAY + timedelta(days=2000)},
        {"deferral": Deferral("", 30)},
        {"deferral": Deferral("某法", 181)},
        {"department": "pds_sample_bank"},
    ]
    for other in cases:
        with pytest.raises(Problem) as refusal:
            a_sharing_basis(**({"persons": {clerk}} | other))
        assert refusal.value.type in {"scope-invalid", "malformed", "not-found"}, other
    assert a_sharing_basis(persons={clerk}) > 0


def test_several_businesses_are_asked_about_at_once_each_with_a_receipt_and_twenty_are_the_limit(city_db: str) -> None:
    world, clerk, basis = a_shared_world()
    other = a_business(2, "宝丰县示例建材有限公司")
    found = share(asked(clerk, basis), [world.code, a_code(2), a_code(999)])
    assert [one.problem and one.problem.type for one in found] == [None, None, "not-found"]
    assert [len(queries.who_looked(one).looks) for one in (world.business, other)] == [1, 1]
    with pytest.raises(Problem, match="20"):
        share(asked(clerk, basis), [a_code(n) for n in range(21)])


def test_a_program_asks_for_its_department_and_whoever_left_the_office_does_not(city_db: str) -> None:
    world, clerk, _ = a_shared_world()
    program = a_program(a_department(), "market_core")
    basis = a_sharing_basis(persons={clerk}, clients={program.id})
    by_program = asked(None, basis, client=program.id, on_behalf="许科员")
    assert share(by_program, [world.code])[0].answer is not None
    left = a_person("离岗的科员")
    role = roles.give(person=left, role=Role.PROVIDER, organisation=a_department(), now=NOW)
    basis = a_sharing_basis(persons={left})
    roles.end(role, now=NOW)
    with pytest.raises(Problem) as refusal:
        share(asked(left, basis), [world.code])
    assert refusal.value.type == "not-party"


def test_a_deferred_look_is_counted_in_the_log_and_shown_when_its_time_is_over(city_db: str) -> None:
    world, clerk, basis = a_shared_world(deferral=GROUND)
    [one] = share(asked(clerk, basis, deferred=True), [world.code])
    assert one.answer is not None
    with pytest.raises(NotFound):
        receipts.receipt(one.answer.number, of=world.business)
    assert queries.who_looked(world.business).looks == ()
    own = own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)
    assert own.report["uses"]["looks"] == []
    assert deferring.counted() == [Counted(GROUND.law, 1, 1)]
    assert deferring.show_due(NOW + timedelta(days=30)) == 0
    assert deferring.show_due(NOW + timedelta(days=31)) == 1
    looks = queries.who_looked(world.business, own=False).looks
    assert [look.shared and look.shared.deferred for look in looks] == [GROUND.law]
    assert deferring.counted() == [Counted(GROUND.law, 1, 0)]
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_a_correction_reaches_the_department_and_tells_the_business_no_sooner_than_the_look(city_db: str) -> None:
    world, clerk, basis = a_shared_world(deferral=GROUND)
    [one] = share(asked(clerk, basis, deferred=True), [world.code])
    assert one.answer is not None
    fact = FactId(told_of(one.answer)["administrative_penalty"]["lines"][0]["fact"])
    wrong = Wrong(world.business, (fact,), Outcome.WITHDRAWN, "objection", "条例")
    with transaction.atomic():
        [notice] = tell_recipients(wrong, now=NOW)
    told = receipts.receipt(notice, of=a_department())["receipt"]
    assert told["recipient"]["kind"] == "department"
    assert queries.who_looked(world.business).looks == ()


def test_what_of_a_person_takes_a_written_consent_is_shut_to_departments_too(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, clerk, basis = a_shared_world()
    monkeypatch.setattr(type(catalogue.city()), "written_consent", lambda *_: frozenset({"credit_repair"}))
    [one] = share(asked(clerk, basis), [world.code])
    assert one.answer is not None
    assert "credit_repair" not in told_of(one.answer)
    assert [item["item"] for item in one.answer.report["wants_consent"]] == ["credit_repair"]


def test_no_agreement_is_made_with_a_department_and_its_people_are_no_officers(city_db: str) -> None:
    department = a_department()
    with pytest.raises(Problem) as refusal:
        an_agreement(department)
    assert refusal.value.type == "scope-invalid"
    with pytest.raises(Problem) as refusal:
        an_officer(department)
    assert refusal.value.type == "scope-invalid"


def by_key(basis: int, codes: Sequence[str], **other: Any) -> list[tuple[int, str]]:
    """What a program is told of each under its key: the receipt's number, and the answer to the letter."""
    said = {"client": "market_core", "on_behalf": "许科员"} | other
    found = share(asked(None, basis, **said), codes, key="5f0c")
    return [(one.answer.number, one.answer.text) if one.answer else (0, "") for one in found]


def a_world_with_a_program(**declared: Any) -> tuple[World, int]:
    world = a_shared_world()[0]
    program = a_program(a_department(), "market_core")
    return world, a_sharing_basis(clients={program.id}, items=ITEMS, **declared)


def test_a_question_repeated_under_its_key_is_one_look_at_each_business_and_deferred_once(city_db: str) -> None:
    world, basis = a_world_with_a_program(deferral=GROUND)
    codes = [world.code, a_code(999), a_code(2)]
    other = a_business(2, "宝丰县示例建材有限公司")
    first = by_key(basis, codes, deferred=True)
    on_file(world.business, "administrative_penalty", [PENALTY | {"doc_no": "平环罚〔2026〕9号"}], delivery=9)
    assert by_key(basis, codes, deferred=True, now=NOW + A_WEEK - A_MOMENT) == first
    deferring.show_due(NOW + timedelta(days=60))
    assert [len(queries.who_looked(one).looks) for one in (world.business, other)] == [1, 1]
    assert deferring.counted() == [Counted(GROUND.law, 2, 0)]
    anew = by_key(basis, codes, deferred=True, now=NOW + A_WEEK)
    assert {one for one, _ in anew} & {one for one, _ in first} == {0}


def test_a_departments_key_is_good_for_one_question(city_db: str) -> None:
    world, basis = a_world_with_a_program()
    a_business(2, "宝丰县示例建材有限公司")
    by_key(basis, [world.code])
    for codes, other in (
        ([a_code(2)], {}),
        ([world.code, a_code(2)], {}),
        ([world.code], {"matter": "平许〔2026〕18号"}),
        ([world.code], {"items": frozenset({"credit_repair"})}),
        ([world.code], {"on_behalf": "赵科员"}),
    ):
        with pytest.raises(KeyReused):
            by_key(basis, codes, **other)
    assert len(queries.who_looked(world.business).looks) == 1


def test_what_a_department_may_no_longer_be_told_it_is_not_told_again(city_db: str) -> None:
    world, basis = a_world_with_a_program()
    a_business(2, "宝丰县示例建材有限公司")
    codes = [world.code, a_code(2)]
    first = by_key(basis, codes)
    repaired = json.loads(first[0][1])["report"]["items"][0]["lines"][0]["fact"]
    standing.mark(FactId(repaired), Standing.REPAIRED, because="信用修复", by="operator", now=NOW)
    anew = by_key(basis, codes)
    assert (anew[0][0] != first[0][0], anew[1]) == (True, first[1]), "the other business is not looked at again"
    sharing.end(basis, because="职责已划转", by=an_operator("丙"), now=NOW)
    with pytest.raises(BasisNotInForce):
        by_key(basis, codes)
