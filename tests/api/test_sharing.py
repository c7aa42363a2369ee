"""A department's program asks by law: what it is told, and what of others' it never learns."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.test_interface import Caller, token_of
from tests.api.test_two_institutions import UNKNOWN, Side, operations, two_sides
from tests.authorisation.builders import a_code
from tests.disclosure.builders import REGISTRATION, a_world, on_file
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import DEPARTMENT, NOW, a_department, a_program, a_sharing_basis
from xinqiao.api.v1.sharing import SharingBasesTold, SharingsTold
from xinqiao.evaluation import grading
from xinqiao.kernel.ids import InstitutionId

OTHER = InstitutionId("tax_bureau")
MATTER = "平许〔2026〕17号"
PATH = "/api/v1/sharings"


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


def a_departments_program(department: InstitutionId = DEPARTMENT, **declared: Any) -> tuple[Caller, int]:
    program = a_program(a_department(department), f"{department}_core")
    return Caller(program), a_sharing_basis(department=department, clients={program.id}, **declared)


def sent(caller: Caller, body: Any, path: str = PATH, key: str = "") -> tuple[int, Any, int]:
    headers = caller.header("POST", path) | ({"Idempotency-Key": key} if key else {})
    with CaptureQueriesContext(connection) as asked:
        answer: Any = Client().post(path, json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content), len(asked)


def test_a_program_is_told_of_several_businesses_and_of_the_code_nobody_has(city_db: str) -> None:
    world = a_world()
    caller, basis = a_departments_program()
    said = {"basis": basis, "usccs": [world.code, a_code(999)], "matter": MATTER, "on_behalf": "许科员"}
    status, told, _ = sent(caller, said)
    assert status == 200
    SharingsTold.model_validate(told, by_alias=True)
    first, second = told["answers"]
    assert first["answer"]["report"]["items"][0]["item"] == "administrative_penalty"
    assert (second["answer"], second["refused"]["type"]) == (None, "not-found")
    mine = json.loads(caller.get("/api/v1/sharing-bases").content)
    SharingBasesTold.model_validate(mine)
    assert [one["basis"] for one in mine["bases"]] == [basis]


def test_an_answer_lost_on_the_way_is_had_again_under_its_key(city_db: str) -> None:
    world = a_world()
    caller, basis = a_departments_program()
    said = {"basis": basis, "usccs": [world.code], "matter": MATTER}
    first, again = (sent(caller, said, key="0d9c-1")[:2] for _ in range(2))
    assert first[0] == 200
    assert again == first
    status, other, _ = sent(caller, said | {"matter": "平许〔2026〕18号"}, key="0d9c-1")
    assert (status, other["type"]) == (422, "conflict")
    assert sent(caller, said, key="with spaces")[1]["type"] == "malformed"


def test_the_grade_is_told_where_the_basis_names_it_and_alone_where_only_that_is_asked(city_db: str) -> None:
    world = a_world()
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    models_in_force(now=NOW)
    grading.grade(world.business, now=NOW)
    caller, basis = a_departments_program(grade=True)
    said: dict[str, Any] = {"basis": basis, "usccs": [world.code], "matter": MATTER}
    asks: list[tuple[dict[str, Any], int]] = [({}, 1), ({"grade": True}, 1), ({"items": [], "grade": True}, 0)]
    for other, items in asks:
        status, told, _ = sent(caller, said | other)
        assert status == 200, told
        SharingsTold.model_validate(told, by_alias=True)
        answer = told["answers"][0]["answer"]
        assert (len(answer["report"]["items"]), answer["report"]["grade_state"]) == (items, "given")
        assert answer["receipt"]["grade"] is True
    assert "grade" not in sent(caller, said | {"grade": False})[1]["answers"][0]["answer"]["report"]
    assert json.loads(caller.get("/api/v1/sharing-bases").content)["bases"][0]["grade"] is True
    without, basis = a_departments_program(OTHER)
    said["basis"] = basis
    assert json.loads(without.get("/api/v1/sharing-bases").content)["bases"][0]["grade"] is False
    assert sent(without, said | {"grade": True})[1]["type"] == "scope-exceeded"
    assert sent(without, said | {"items": []})[1]["type"] == "malformed"


def test_each_refusal_has_its_name(city_db: str) -> None:
    world = a_world()
    caller, basis = a_departments_program()
    cases: list[tuple[dict[str, Any], str]] = [
        ({"usccs": []}, "malformed"),
        ({"usccs": ["9141"]}, "subject-invalid"),
        ({"usccs": [str(a_code(n)) for n in range(21)]}, "malformed"),
        ({"items": ["tax_declared_sales"]}, "scope-exceeded"),
        ({"deferred": True}, "scope-exceeded"),
        ({"matter": ""}, "malformed"),
        ({"usccs": [str(a_code(999))]}, "not-found"),
    ]
    for other, refused in cases:
        _, told, _ = sent(caller, {"basis": basis, "usccs": [world.code], "matter": MATTER} | other)
        assert told["type"] == refused, other


def test_a_token_of_less_reach_asks_about_its_business_and_its_items_alone(city_db: str) -> None:
    world = a_world()
    whole, basis = a_departments_program()
    item = "administrative_penalty"
    detail = {"type": "xinqiao_sharing", "uscc": str(world.code), "items": [item]}
    caller = Caller(whole.program, [detail])
    said = {"basis": basis, "usccs": [world.code], "matter": MATTER, "items": [item]}
    assert sent(caller, said)[0] == 200
    for other in ({"usccs": [world.code, a_code(2)]}, {"items": None}):
        assert sent(caller, said | other)[1]["type"] == "scope-exceeded", other
    not_to_be_had: list[dict[str, Any]] = [
        {"purpose": "loan_review"},
        {"grant": 1},
        {"items": ["tax_declared_sales"]},
        {"items": []},
        {"grade": True},
        {"items": [], "grade": True},  # no basis of its department names the grade
    ]
    for wrong in not_to_be_had:
        answer = token_of(whole.program, [{"type": "xinqiao_sharing"} | wrong])
        assert json.loads(answer.content)["error"] == "invalid_authorization_details", wrong


def test_a_token_of_named_items_reaches_the_grade_only_where_it_names_that_too(city_db: str) -> None:
    world = a_world()
    whole, basis = a_departments_program(grade=True)
    item = "administrative_penalty"
    said = {"basis": basis, "usccs": [world.code], "matter": MATTER}
    of_the_item, of_the_grade = (
        Caller(whole.program, [{"type": "xinqiao_sharing", "items": items} | other])
        for items, other in (([item], {}), ([], {"grade": True}))
    )
    asks: list[tuple[Caller, dict[str, Any]]] = [
        (of_the_item, {"items": [item]}),
        (of_the_grade, {"items": [], "grade": True}),
    ]
    for caller, only in asks:
        assert sent(caller, said | only)[0] == 200, only
        assert sent(caller, said | {"items": [item], "grade": True})[1]["type"] == "scope-exceeded", only


def test_neither_another_department_nor_an_institution_learns_of_a_basis_by_its_number(city_db: str) -> None:
    world = a_world()
    mine, basis = a_departments_program()
    theirs, _ = a_departments_program(OTHER)
    bank = Caller(a_program("pds_sample_bank", "one_core"))
    receipt = sent(mine, {"basis": basis, "usccs": [world.code], "matter": MATTER})[1]["answers"][0]["answer"]
    number = receipt["receipt"]["number"]
    for stranger in (theirs, bank):
        said = {"usccs": [world.code], "matter": MATTER}
        assert sent(stranger, said | {"basis": basis}) == sent(stranger, said | {"basis": 10**9})
        assert sent(stranger, said | {"basis": basis})[0] == 404
        at = f"/api/v1/receipts/{number}"
        nobodys = stranger.get(f"/api/v1/receipts/{10**9}")
        assert (stranger.get(at).status_code, stranger.get(at).content) == (404, nobodys.content)
    assert mine.get(f"/api/v1/receipts/{number}").status_code == 200


def test_a_department_sees_nothing_of_an_institutions_whatever_it_calls(city_db: str) -> None:
    bank, _ = two_sides()
    caller, basis = a_departments_program()
    department = Side(caller, {"basis": basis, "grant": 10**9, "monitoring": 10**9})
    tried = 0
    for one in operations():
        for name in one.asked & set(UNKNOWN) - {"basis", "usccs"}:
            own = {**UNKNOWN, **department.own}
            answer = one.call(department, {**own, name: bank.own[name]})
            assert answer == one.call(department, own), (one.path, name)
            assert answer[0] in {403, 404}, (one.path, name)
            tried += 1
    assert tried >= 20
