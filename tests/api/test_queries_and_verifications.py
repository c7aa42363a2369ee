"""Query by item and verification over HTTP: what comes back, what is described, what is refused (abuse case 13)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from tests.api.test_interface import Caller, problem
from tests.authorisation.builders import a_business, a_code
from tests.disclosure.builders import REGISTRATION, World, a_world, on_file
from tests.parties.builders import NOW, Program, a_program
from xinqiao.api.v1.narrow_shapes import PromisedIndicators, PromisedProfile, PromisedQuery, PromisedVerification
from xinqiao.creditfile import annotations, standing
from xinqiao.creditfile.rules import Standing as Disputed
from xinqiao.disclosure import queries
from xinqiao.kernel.ids import FactId
from xinqiao.ledger import identity
from xinqiao.ledger import receipts as house
from xinqiao_verify.notes import read_trust
from xinqiao_verify.receipts import Standing, verify

pytestmark = pytest.mark.furnished(by=a_world)

QUERY = {"purpose": "loan_review", "items": ["administrative_penalty", "tax_declared_sales"], "on_behalf": "工号 0317"}
INDICATORS = {"purpose": "loan_review", "indicators": ["penalties_12m", "declared_sales_12m", "tax_owed_now"]}
VERIFY = {"purpose": "loan_review", "claim": "no_penalty_in_a_year"}


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


@pytest.fixture
def program(world: World) -> Program:
    return a_program()


def post(caller: Caller, path: str, body: Any, key: str | None = None) -> HttpResponse:
    headers = caller.header("POST", f"/api/v1/{path}") | ({} if key is None else {"Idempotency-Key": key})
    return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)  # type: ignore[return-value]


def test_items_and_an_answer_are_told_as_they_are_described_and_verify_as_they_came(
    world: World, program: Program
) -> None:
    caller, trust = Caller(program), read_trust([identity.key().line, house.key().line])
    [fact] = [
        line["fact"]
        for item in json.loads(post(caller, "queries", QUERY | {"uscc": world.code}).content)["report"]["items"]
        for line in item["lines"]
        if item["item"] == "administrative_penalty"
    ]
    standing.mark(FactId(fact), Disputed.DISPUTED, because="异议受理", by="operator", now=NOW)
    annotations.add(FactId(fact), kind="statement", text="正在申请复议。", by="subject", now=NOW)
    for path, body, shape in (
        ("queries", QUERY | {"since": "2024-01-01", "until": "2026-05-31"}, PromisedQuery),
        ("verifications", VERIFY, PromisedVerification),
        ("indicators/ask", INDICATORS, PromisedIndicators),
        ("profiles", {"purpose": "loan_review"}, PromisedProfile),
    ):
        answer = post(caller, path, body | {"uscc": world.code})
        assert answer.status_code == 200, answer.content
        assert answer.headers["Cache-Control"] == "no-store"
        assert verify(answer.content, trust).standing is Standing.PROMISED
        told = shape.model_validate(json.loads(answer.content))
        assert json.loads(answer.content) == told.model_dump(by_alias=True, exclude_unset=True, mode="json")
    _profile, indicators, verification, query = queries.who_looked(world.business).looks[:4]
    assert set(indicators.measured) == set(INDICATORS["indicators"])
    assert query.officer == "工号 0317"
    assert verification.verified == ("no_penalty_in_a_year", "no")


def test_a_question_repeated_under_its_key_is_one_look(world: World, program: Program) -> None:
    caller = Caller(program)
    for path, body in (("queries", QUERY), ("verifications", VERIFY), ("indicators/ask", INDICATORS)):
        first, again = (post(caller, path, body | {"uscc": world.code}, key=f"k-{path}") for _ in range(2))
        assert json.loads(first.content)["receipt"] == json.loads(again.content)["receipt"]
    other = post(caller, "queries", QUERY | {"uscc": world.code}, key="k-verifications")
    assert (other.status_code, problem(other)["type"]) == (422, "conflict")
    assert len(queries.who_looked(world.business).looks) == 3


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("queries", {}, 400, "malformed"),
    ("queries", {"items": []}, 400, "malformed"),
    ("queries", {"items": ["administrative_penalty"], "fields": ["legal_person_id"]}, 400, "malformed"),
    ("queries", {"items": ["legal_person_id"]}, 400, "scope-invalid"),
    ("queries", {"items": ["administrative_penalty.legal_person_id"]}, 400, "malformed"),
    ("queries", {"items": ["administrative_penalty"], "institution": "pds_another_bank"}, 400, "malformed"),
    ("queries", {"items": ["electricity_arrears"]}, 403, "scope-exceeded"),
    ("queries", {"items": ["tax_declared_sales"], "since": "2000-01-01"}, 403, "range-exceeded"),
    ("queries", {"items": ["tax_arrears"], "purpose": "guarantee_review"}, 403, "purpose-mismatch"),
    ("queries", {"items": ["tax_arrears"], "uscc": a_code(9)}, 404, "not-found"),
    ("queries", {"items": ["tax_declared_sales"], "uscc": a_code(9)}, 403, "no-grant"),
    ("verifications", {}, 400, "malformed"),
    ("verifications", {"claim": "no_such"}, 400, "scope-invalid"),
    ("verifications", {"claim": "no_tax_arrears", "at_least": "1"}, 400, "malformed"),
    ("verifications", {"claim": "no_tax_arrears", "value": "1"}, 400, "malformed"),
    ("verifications", {"claim": "legal_representative_is"}, 400, "malformed"),
    ("verifications", {"claim": "legal_representative_is", "value": ""}, 400, "malformed"),
    ("verifications", {"claim": "no_electricity_arrears"}, 403, "scope-exceeded"),
    ("verifications", {"claim": "no_tax_arrears", "uscc": a_code(9)}, 404, "not-found"),
    ("verifications", {"claim": "tax_credit_good", "uscc": a_code(9)}, 403, "no-grant"),
    ("profiles", {"score": True}, 400, "malformed"),
    ("profiles", {"uscc": a_code(9)}, 403, "no-grant"),
    ("indicators/ask", {"indicators": []}, 400, "malformed"),
    ("indicators/ask", {"indicators": ["penalties_12m"], "width": 1}, 400, "malformed"),
    ("indicators/ask", {"indicators": ["no_such"]}, 400, "scope-invalid"),
    ("indicators/ask", {"indicators": ["electricity_owed_now"]}, 403, "scope-exceeded"),
    ("indicators/ask", {"indicators": ["penalties_12m"], "uscc": a_code(9)}, 404, "not-found"),
    ("indicators/ask", {"indicators": ["declared_sales_12m"], "uscc": a_code(9)}, 403, "no-grant"),
]


def test_every_refusal_has_its_status_and_name_and_says_nothing_back(world: World, program: Program) -> None:
    caller = Caller(program)
    for path, body, status, name in REFUSED:
        answer = post(caller, path, {"purpose": "loan_review", "uscc": world.code} | body)
        assert (answer.status_code, problem(answer)["type"]) == (status, name), (path, body)
        assert "王小明" not in answer.content.decode()


def test_guessing_is_told_to_wait(world: World, program: Program) -> None:
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    caller, body = Caller(program), VERIFY | {"claim": "legal_representative_is", "uscc": world.code}
    for name in ("赵一", "钱二", "孙三"):
        assert post(caller, "verifications", body | {"value": name}).status_code == 200
    answer = post(caller, "verifications", body | {"value": "王小明"})
    assert (answer.status_code, problem(answer)["type"]) == (429, "rate-limited")
    assert int(answer.headers["Retry-After"]) > 86400


def test_a_token_for_one_service_does_not_reach_another(world: World, program: Program) -> None:
    for service, path, body in (
        ("xinqiao_query", "queries", QUERY),
        ("xinqiao_verification", "verifications", VERIFY),
        ("xinqiao_indicators", "indicators/ask", INDICATORS),
    ):
        asked = body | {"uscc": world.code}
        assert post(Caller(program, [{"type": service}]), path, asked).status_code == 200
        items = ["tax_arrears"]
        for details in ([{"type": "xinqiao_report"}], [{"type": service, "items": items}]):
            refused = post(Caller(program, details), path, asked)
            assert (refused.status_code, problem(refused)["type"]) == (403, "scope-exceeded")


def test_the_claims_are_listed_with_what_each_needs(program: Program) -> None:
    claims = {c["claim"]: c for c in json.loads(Caller(program).get("/api/v1/claims").content)["claims"]}
    assert claims["no_tax_arrears"]["needs_grant"] is False
    assert claims["declared_sales_in_a_year"] | {"title": ""} == {
        "claim": "declared_sales_in_a_year",
        "version": "2026.1",
        "title": "",
        "title_en": "Declared sales of the last twelve months, in bands",
        "question": "最近报送的十二个月申报销售收入合计在哪一档",
        "item": "tax_declared_sales",
        "needs_grant": True,
        "compares": False,
        "answers": [
            {"answer": "under_1m", "title": "100万元以下"},
            {"answer": "under_5m", "title": "100–500万元"},
            {"answer": "under_20m", "title": "500–2000万元"},
            {"answer": "over_20m", "title": "2000万元以上"},
        ],
    }
    assert claims["legal_representative_is"]["compares"] is True


def test_another_business_without_a_grant_is_open_where_it_is_open(world: World, program: Program) -> None:
    a_business(2, "另一家示例有限公司")
    answer = post(Caller(program), "queries", {"uscc": a_code(2), "purpose": "loan_review", "items": ["tax_arrears"]})
    assert json.loads(answer.content)["report"]["basis"]["grants"] == []
