"""The interface over HTTP: from a signed assertion to a report and its receipt, and everything it refuses."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from joserfc.jwk import OKPKey

from tests.authorisation.builders import a_business, a_code
from tests.disclosure.builders import REGISTRATION, World, a_world, on_file
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import BANK, NOW, Program, a_bank, a_program, an_agreement
from xinqiao.api import pace
from xinqiao.api.v1 import receipt_shapes
from xinqiao.authorisation import changing
from xinqiao.creditfile import annotations, standing
from xinqiao.creditfile.rules import Standing as Disputed
from xinqiao.disclosure import queries
from xinqiao.disclosure.errors import NotAuthorised
from xinqiao.evaluation import grading
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import identity, refusals, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.parties.limits import Limit
from xinqiao_verify import merkle
from xinqiao_verify.notes import open_checkpoint, read_trust
from xinqiao_verify.receipts import Standing, verify

pytestmark = pytest.mark.furnished(by=a_world)

ADDRESS = "http://testserver/oauth/token"
REPORTS = "http://testserver/api/v1/reports"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The interface alone, on the day on which the tests' world lives."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


@pytest.fixture
def program(world: World) -> Program:
    return a_program()


def token_of(program: Program, details: Any = None) -> HttpResponse:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": program.assertion(now=NOW, aud=ADDRESS),
    }
    if details is not None:
        form["authorization_details"] = details if isinstance(details, str) else json.dumps(details)
    return post_form(form, proof=program.proof(address=ADDRESS))


def post_form(
    form: dict[str, str], content: str = "application/x-www-form-urlencoded", proof: str | None = None
) -> HttpResponse:
    proof = proof or Program("whoever", OKPKey.generate_key("Ed25519")).proof(address=ADDRESS)
    return Client().post("/oauth/token", urlencode(form), content_type=content, headers={"DPoP": proof})  # type: ignore[return-value]


class Caller:
    """A program with its token in hand."""

    def __init__(self, program: Program, details: Any = None) -> None:
        self.program = program
        self.token = json.loads(token_of(program, details).content)["access_token"]

    def header(self, method: str, path: str) -> dict[str, str]:
        proof = self.program.proof(method, f"http://testserver{path}", self.token)
        return {"Authorization": f"DPoP {self.token}", "DPoP": proof}

    def get(self, path: str) -> HttpResponse:
        return Client().get(path, headers=self.header("GET", path))  # type: ignore[return-value]

    def ask(
        self, body: Any, content: str = "application/json", language: str = "", key: str | None = None
    ) -> HttpResponse:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = self.header("POST", "/api/v1/reports") | ({"Accept-Language": language} if language else {})
        headers |= {} if key is None else {"Idempotency-Key": key}
        return Client().post("/api/v1/reports", text, content_type=content, headers=headers)  # type: ignore[return-value]


def problem(answer: Any) -> Any:
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code
    assert set(told) >= {"type", "title", "detail", "status"}
    return told


def fields(answer: Any) -> set[str]:
    return {error["field"] for error in problem(answer).get("errors", [])}


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_program_that_proves_itself_gets_a_token_for_ten_minutes(program: Program) -> None:
    answer = token_of(program)
    told = json.loads(answer.content)
    assert answer.status_code == 200
    assert (told["token_type"], told["expires_in"]) == ("DPoP", 600)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_signature_is_refused_as_oauth_and_as_a_problem(program: Program) -> None:
    answer = token_of(Program(program.id, OKPKey.generate_key("Ed25519")))
    assert answer.status_code == 401
    told = problem(answer)
    assert (told["type"], told["error"]) == ("unknown-credential", "invalid_client")
    assert fields(answer) == {"client_assertion"}


def test_an_assertion_for_another_address_is_refused(program: Program) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": program.assertion(now=NOW, aud="https://elsewhere.test/oauth/token"),
    }
    assert problem(post_form(form))["type"] == "bad-audience"


NO_FORMS: list[dict[str, str]] = [
    {},
    {"grant_type": "password", "client_assertion_type": ASSERTION, "client_assertion": "x"},
    {"grant_type": "client_credentials", "client_assertion_type": "secret", "client_assertion": "x"},
    {"grant_type": "client_credentials", "client_assertion_type": ASSERTION},
    {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": "not a token"},
    {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": "x" * 20_000},
]


def test_a_token_request_that_is_none_is_malformed(city_db: str) -> None:
    for form in NO_FORMS:
        answer = post_form(form)
        assert answer.status_code in {400, 413}, form
        another_way = form.get("grant_type") == "password"
        assert problem(answer)["error"] == ("unsupported_grant_type" if another_way else "invalid_request"), form
        assert answer.status_code == 413 or len(fields(answer)) == 1, form


def test_a_token_request_is_a_form_posted_once(city_db: str) -> None:
    assert problem(post_form({}, "application/json"))["type"] == "malformed"
    twice = Client().post("/oauth/token", "grant_type=a&grant_type=b", content_type="application/x-www-form-urlencoded")
    assert "grant_type" in problem(twice)["detail"]
    assert Client().get("/oauth/token").status_code == 405


# ── proofs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_not_given_without_a_proof(program: Program) -> None:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
    form |= {"client_assertion": program.assertion(aud=ADDRESS)}
    bare: Any = Client().post("/oauth/token", urlencode(form), content_type="application/x-www-form-urlencoded")
    assert (bare.status_code, problem(bare)["type"], problem(bare)["error"]) == (400, "bad-proof", "invalid_dpop_proof")
    other = post_form(form, proof=program.proof(address=REPORTS))
    assert problem(other)["type"] == "bad-proof"
    assert post_form(form, proof=program.proof(address=ADDRESS)).status_code == 200  # the refused spent nothing


def test_a_token_shown_as_a_bearers_or_by_another_key_opens_nothing(world: World, program: Program) -> None:
    caller, asked = Caller(program), json.dumps({"uscc": world.code, "purpose": "loan_review"})
    thief = Program(program.id, program.key)  # another key signs its proofs
    stolen = {
        "as a bearer's": {"Authorization": f"Bearer {caller.token}"},
        "as a bearer's, with the proof": {
            **caller.header("POST", "/api/v1/reports"),
            "Authorization": f"Bearer {caller.token}",
        },
        "without a proof": {"Authorization": f"DPoP {caller.token}"},
        "by another key": {"Authorization": f"DPoP {caller.token}", "DPoP": thief.proof("POST", REPORTS, caller.token)},
        "with another call's proof": caller.header("GET", "/api/v1/institutions/me"),
    }
    for how, header in stolen.items():
        answer: Any = Client().post("/api/v1/reports", asked, content_type="application/json", headers=header)
        assert (answer.status_code, problem(answer)["type"]) == (401, "bad-proof"), how
        assert 'error="invalid_dpop_proof"' in answer.headers["WWW-Authenticate"], how
    assert not queries.who_looked(world.business).looks


def test_a_call_taken_down_and_sent_again_is_refused(world: World, program: Program) -> None:
    header = Caller(program).header("GET", "/api/v1/institutions/me")
    first, again = (Client().get("/api/v1/institutions/me", headers=header) for _ in range(2))
    assert first.status_code == 200
    assert (again.status_code, problem(again)["type"]) == (401, "replay")


# ── tokens with details ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_with_details_tells_them_back_and_reaches_no_further(world: World, program: Program) -> None:
    wanted = [{"type": "xinqiao_report", "purpose": "loan_review", "items": ["tax_declared_sales"]}]
    assert json.loads(token_of(program, wanted).content)["authorization_details"] == wanted
    caller, asked = Caller(program, wanted), {"uscc": world.code, "purpose": "loan_review"}
    assert caller.ask(asked | {"items": ["tax_declared_sales"]}).status_code == 200
    for outside in (asked, asked | {"items": ["tax_declared_sales", "tax_arrears"]}, asked | {"purpose": "post_loan"}):
        answer = caller.ask(outside)
        assert (answer.status_code, problem(answer)["type"]) == (403, "scope-exceeded"), outside
    assert len(queries.who_looked(world.business).looks) == 1


def test_a_token_for_one_business_says_the_same_of_every_other(world: World, program: Program) -> None:
    caller = Caller(program, [{"type": "xinqiao_report", "uscc": world.code}])
    a_business(7)
    answers = {caller.ask({"uscc": a_code(n), "purpose": "loan_review"}).content for n in (7, 8)}
    assert len(answers) == 1
    assert caller.ask({"uscc": world.code, "purpose": "loan_review"}).status_code == 200


def test_a_receipt_is_within_sight_of_a_token_for_its_business_and_purpose(world: World, program: Program) -> None:
    asked = {"uscc": world.code, "purpose": "loan_review"}
    number = json.loads(Caller(program).ask(asked).content)["receipt"]["number"]
    near = Caller(program, [{"type": "xinqiao_report", **asked, "items": ["tax_declared_sales"]}])
    far = Caller(program, [{"type": "xinqiao_report", "purpose": "post_loan"}])
    assert near.get(f"/api/v1/receipts/{number}").status_code == 200
    assert problem(far.get(f"/api/v1/receipts/{number}"))["type"] == "scope-exceeded"


BAD_DETAILS: list[tuple[Any, str, str]] = [
    ("", "malformed", "authorization_details"),
    ("{", "malformed", "authorization_details"),
    ("{}", "malformed", "authorization_details"),
    ("[]", "malformed", "authorization_details"),
    ('[{"type": "xinqiao_report", "type": "xinqiao_report"}]', "malformed", "authorization_details"),
    ("1" * 9000, "malformed", "authorization_details"),
    ("[" * 4000, "malformed", "authorization_details"),
    ([{"type": "xinqiao_report"}] * 21, "malformed", "authorization_details"),
    ([{"type": "payment_initiation"}], "malformed", "authorization_details.0.type"),
    ([{"purpose": "loan_review"}], "malformed", "authorization_details.0.type"),
    ([{"type": "xinqiao_report", "actions": ["read"]}], "malformed", "authorization_details.0.actions"),
    ([{"type": "xinqiao_report", "items": []}], "malformed", "authorization_details.0.items"),
    ([{"type": "xinqiao_report", "grant": "1"}], "malformed", "authorization_details.0.grant"),
    ([{"type": "xinqiao_report", "uscc": "91410402MA0000015X"}], "subject-invalid", "authorization_details.uscc"),
    ([{"type": "xinqiao_report", "purpose": "curiosity"}], "purpose-unknown", "authorization_details.purpose"),
    ([{"type": "xinqiao_report", "items": ["enterprise_income"]}], "scope-exceeded", "authorization_details.items"),
]


def test_details_that_cannot_be_had_are_refused_as_such(program: Program) -> None:
    for details, kind, field in BAD_DETAILS:
        answer = token_of(program, details)
        told = problem(answer)
        assert (answer.status_code, told["error"]) == (400, "invalid_authorization_details"), details
        assert told["type"] == kind, details
        assert field in fields(answer), details


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bank_asks_and_gets_a_report_that_verifies_as_it_was_received(world: World, program: Program) -> None:
    answer = Caller(program).ask({"uscc": world.code, "purpose": "loan_review", "on_behalf": "工号 0317"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    trust = read_trust([identity.key().line, house.key().line])
    verdict = verify(answer.content, trust)
    assert verdict.standing is Standing.PROMISED
    [look] = queries.who_looked(world.business).looks
    assert (look.number, look.officer, look.client) == (verdict.receipt["number"], "工号 0317", program.id)


def test_after_a_revocation_the_next_call_is_refused(world: World, program: Program) -> None:
    caller, asked = Caller(program), {"uscc": world.code, "purpose": "loan_review"}
    assert caller.ask(asked).status_code == 200
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    answer = caller.ask(asked)
    assert answer.status_code == 403
    assert problem(answer)["type"] == "grant-revoked"


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"uscc": "91410402MA0000015X", "purpose": "loan_review"}, 400, "subject-invalid", "uscc"),
    ({"uscc": str(a_code()), "purpose": "curiosity"}, 400, "purpose-unknown", "purpose"),
    ({"uscc": str(a_code()), "purpose": "post_loan"}, 403, "purpose-mismatch", "purpose"),
    ({"uscc": str(a_code(7)), "purpose": "loan_review"}, 403, "no-grant", ""),
    ({"uscc": str(a_code()), "purpose": "loan_review", "grant": 99}, 403, "no-grant", ""),
    (
        {"uscc": str(a_code()), "purpose": "loan_review", "items": ["electricity_arrears"]},
        403,
        "scope-exceeded",
        "items",
    ),
]


def test_every_refusal_has_its_status_and_stable_name_and_names_the_field(program: Program) -> None:
    caller = Caller(program)
    for asked, status, kind, field in REFUSED:
        answer = caller.ask(asked)
        assert (answer.status_code, problem(answer)["type"]) == (status, kind), asked
        assert fields(answer) == ({field} if field else set()), asked


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"purpose": "loan_review"}, "uscc"),
    ({"uscc": 7, "purpose": "loan_review"}, "uscc"),
    ({"uscc": str(a_code()), "purpose": "x" * 61}, "purpose"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "fields": "legal_person_id"}, "fields"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "institution": "pds_another_bank"}, "institution"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "items": ["a"] * 201}, "items"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "grant": True}, "grant"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "since": 0}, "since"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "since": "2026-06-01T00:00:00"}, "since"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "until": "2026-02-30"}, "until"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "on_behalf": "a\nb"}, "on_behalf"),
    ({"uscc": str(a_code()), "purpose": "loan_review", "on_behalf": "3170 号\u202e"}, "on_behalf"),
]


def test_a_question_with_anything_wrong_in_it_is_refused_and_the_field_named(program: Program) -> None:
    caller = Caller(program)
    for body, field in WRONG:
        answer = caller.ask(body)
        told = problem(answer)
        assert (answer.status_code, told["type"]) == (400, "malformed"), body
        assert field in {error["field"] for error in told["errors"]}, body


NO_QUESTIONS: list[str | bytes] = [
    "",
    "{",
    "[]",
    "null",
    '{"uscc": "a", "uscc": "b"}',
    '{"grant": NaN}',
    b"\xff\xfe",
    "[" * 100_000,
    "[" * 8_000,
    '{"uscc": "\\ud800"}',
]


def test_what_is_no_question_is_malformed(program: Program) -> None:
    caller = Caller(program)
    for body in NO_QUESTIONS:
        answer = caller.ask(body)
        assert answer.status_code in {400, 413}, body
        assert problem(answer)["type"] == "malformed", body


def test_a_question_in_another_form_or_too_large_is_refused(world: World, program: Program) -> None:
    caller, asked = Caller(program), {"uscc": world.code, "purpose": "loan_review"}
    assert caller.ask(asked, content="text/plain").status_code == 400
    large = caller.ask(json.dumps(asked) + " " * 20_000)
    assert large.status_code == 413
    assert problem(large)["type"] == "malformed"


def test_without_a_live_token_there_is_one_answer(world: World) -> None:
    asked = json.dumps({"uscc": world.code, "purpose": "loan_review"})
    answers = set()
    a_proof = Program("whoever", OKPKey.generate_key("Ed25519")).proof("POST", REPORTS, "made-up")
    for header in ({}, {"Authorization": "DPoP made-up", "DPoP": a_proof}, {"Authorization": "Basic abc"}):
        answer: Any = Client().post("/api/v1/reports", asked, content_type="application/json", headers=header)
        assert (answer.status_code, problem(answer)["type"]) == (401, "session-expired")
        assert answer.headers["WWW-Authenticate"].startswith("DPoP ")
        answers.add(answer.content)
    assert len(answers) == 1


def test_refusals_nobody_can_be_named_for_are_counted_by_the_minute(world: World) -> None:
    refusals.flush(NOW, all_=True)
    for _ in range(3):
        Client().get("/api/v1/institutions/me")
    assert refusals.flush(NOW, all_=True) >= 1


# ── receipts, institution, log ───────────────────────────────────────────────────────────────────────────────────────


def test_a_receipt_is_fetched_by_its_institution_and_no_other(world: World, program: Program) -> None:
    caller = Caller(program)
    number = json.loads(caller.ask({"uscc": world.code, "purpose": "loan_review"}).content)["receipt"]["number"]
    sequencing.sequence(NOW)
    mine = caller.get(f"/api/v1/receipts/{number}")
    trust = read_trust([identity.key().line, house.key().line])
    assert verify(mine.content, trust).standing is Standing.PROVEN
    a_bank("pds_another_bank")
    an_agreement("pds_another_bank", items=["tax_arrears"])
    other = Caller(a_program("pds_another_bank", "another_core"))
    theirs, unknown = other.get(f"/api/v1/receipts/{number}"), other.get(f"/api/v1/receipts/{number + 1}")
    assert (theirs.status_code, theirs.content) == (unknown.status_code, unknown.content) == (404, theirs.content)
    assert problem(caller.get("/api/v1/receipts/0"))["type"] == "malformed"


def test_anybody_may_check_a_report_and_learns_nothing_else(world: World) -> None:
    answer = world.ask()
    digest = json.loads(answer.text)["receipt"]["report_digest"]
    right: Any = Client().get(f"/api/v1/receipts/{answer.number}/check?digest={digest}")
    wrong: Any = Client().get(f"/api/v1/receipts/{answer.number}/check?digest={'0' * 64}")
    unknown: Any = Client().get(f"/api/v1/receipts/{answer.number + 1}/check?digest={digest}")
    assert json.loads(right.content) == {"genuine": True, "proven": False, "changed": 0}
    assert wrong.content == unknown.content
    assert json.loads(wrong.content) == {"genuine": False, "proven": False, "changed": 0}
    assert Client().get(f"/api/v1/receipts/{answer.number}/check?digest=x").status_code == 400


def test_an_institution_is_told_who_it_is_and_how_far_its_agreement_goes(program: Program) -> None:
    me = json.loads(Caller(program).get("/api/v1/institutions/me").content)
    assert (me["institution"], me["client"]) == (BANK, program.id)
    assert me["agreement"]["purposes"] == ["loan_review", "post_loan"]
    assert me["agreement"]["until"] == "2029-05-31"


def test_the_public_tiles_lead_to_the_signed_checkpoint(world: World) -> None:
    world.ask()
    sequencing.sequence(NOW)
    note = Client().get("/api/v1/log/checkpoint").content.decode()
    checkpoint = open_checkpoint(note, identity.key())
    tile: Any = Client().get(f"/api/v1/log/tile/0/000.p/{checkpoint.size}")
    hashes = [tile.content[i : i + 32] for i in range(0, len(tile.content), 32)]
    assert merkle.root(hashes) == checkpoint.root
    assert "immutable" in tile.headers["Cache-Control"]


NO_TILES = [
    "0/000",  # not full yet
    "0/000.p/0",
    "0/000.p/256",
    "0/000.p/9999",
    "0/0",
    "0/x000/000",
    "0/x000/000.p/1",  # the first tile, spelt as no log spells it
    "0/x999/x999/x999/x999/x999/x999/999",  # beyond any number the database holds
    "0/٠٠٠.p/1",
    "9/000.p/1",
    "0/../../etc/passwd",
    "0/000.p/255",
]


def test_a_tile_that_is_not_there_is_not_found(world: World) -> None:
    for path in NO_TILES:
        assert Client().get(f"/api/v1/log/tile/{path}").status_code == 404, path


def test_entries_of_the_log_are_not_public(world: World) -> None:
    assert Client().get("/api/v1/log/tile/entries/000").status_code == 404


def test_a_question_repeated_under_its_key_is_one_look(world: World, program: Program) -> None:
    caller, asked = Caller(program), {"uscc": world.code, "purpose": "loan_review"}
    first, again = (caller.ask(asked, key="0d9c-1") for _ in range(2))
    assert json.loads(first.content)["receipt"] == json.loads(again.content)["receipt"]
    assert len(queries.who_looked(world.business).looks) == 1
    other = caller.ask(asked | {"items": ["tax_declared_sales"]}, key="0d9c-1")
    assert (other.status_code, problem(other)["type"]) == (422, "conflict")
    assert problem(caller.ask(asked, key="with spaces"))["type"] == "malformed"


def test_a_program_that_asks_without_end_is_told_to_wait(
    world: World, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "REPORTS", Limit("api-reports", 2, timedelta(minutes=1)))
    caller, asked = Caller(program), {"uscc": world.code, "purpose": "loan_review"}
    assert [caller.ask(asked).status_code for _ in range(2)] == [200, 200]
    refused = caller.ask(asked)
    assert (refused.status_code, problem(refused)["type"]) == (429, "rate-limited")
    assert int(refused.headers["Retry-After"]) == 60
    assert len(queries.who_looked(world.business).looks) == 2


def test_tokens_and_checks_are_limited_by_address(
    world: World, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOKENS", "CHECKS"):
        monkeypatch.setattr(pace, name, Limit(name.lower(), 1, timedelta(minutes=1)))
    assert [token_of(program).status_code for _ in range(2)] == [200, 429]
    assert problem(token_of(program))["error"] == "temporarily_unavailable"
    check = f"/api/v1/receipts/1/check?digest={'0' * 64}"
    assert [Client().get(check).status_code for _ in range(2)] == [200, 429]


def test_the_key_lines_are_those_receipts_are_checked_with(world: World, program: Program) -> None:
    answer = Caller(program).ask({"uscc": world.code, "purpose": "loan_review"})
    served: Any = Client().get("/api/v1/log/keys")
    trust = read_trust(served.content.decode().splitlines())
    assert verify(answer.content, trust).standing is Standing.PROMISED


# ── the description ──────────────────────────────────────────────────────────────────────────────────────────────────


def described() -> Any:
    return json.loads(Client().get("/api/v1/openapi.json").content)


def test_the_description_is_served_from_here_and_names_every_address(city_db: str) -> None:
    description = described()
    assert description["openapi"].startswith("3.1")
    assert {"/oauth/token", "/api/v1/reports", "/api/v1/receipts/{number}"} <= set(description["paths"])
    moved: Any = Client().get("/api/docs")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/api/v1/docs")


def test_every_answer_and_every_refusal_is_described(city_db: str) -> None:
    for path, operations in described()["paths"].items():
        for operation in operations.values():
            answers = operation["responses"]
            assert "content" in answers["200"], path
            for status, answer in answers.items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_every_refusal_of_a_question_is_named_in_the_description(world: World, program: Program) -> None:
    about = described()["info"]["description"]
    kinds = {kind for _, _, kind, _ in REFUSED} | {
        "grant-revoked",
        "rate-limited",
        "session-expired",
        "log-unavailable",
    }
    kinds |= {str(kind.type) for kind in _kinds_of(NotAuthorised)} | {"agreement-not-in-force"}
    assert {kind for kind in kinds if f"`{kind}`" not in about} == set()


def _kinds_of(root: type[Problem]) -> list[type[Problem]]:
    return [root, *(kind for direct in root.__subclasses__() for kind in _kinds_of(direct))]


def test_a_report_and_its_receipt_are_made_of_what_is_described(world: World, program: Program) -> None:
    """Not a member more, not one less: a report with a grade, a dispute and a note."""
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    caller, asked = Caller(program), {"uscc": world.code, "purpose": "loan_review"}
    told = json.loads(caller.ask(asked).content)
    [penalty] = [i for f in told["report"]["families"] for i in f["items"] if i["item"] == "administrative_penalty"]
    fact = FactId(penalty["lines"][0]["fact"])
    standing.mark(fact, Disputed.DISPUTED, because="异议受理", by="operator", now=NOW)
    annotations.add(fact, kind="statement", text="正在核对", by="subject", now=NOW)
    sequencing.sequence(NOW)
    models_in_force(now=NOW)
    for _ in range(2):
        grading.grade_all(now=NOW)
    told = json.loads(caller.ask(asked).content)
    assert told["report"]["grade"]["without_disputed"]
    receipt_shapes.Promised.model_validate(told)
    sequencing.sequence(NOW)
    kept = json.loads(caller.get(f"/api/v1/receipts/{told['receipt']['number']}").content)
    receipt_shapes.Evidence.model_validate(kept)


def test_no_value_that_was_sent_comes_back_in_a_refusal(program: Program) -> None:
    secret = base64.b64encode(b"something private").decode()
    answer = Caller(program).ask({"uscc": secret, "purpose": secret, "on_behalf": secret * 9})
    assert secret not in answer.content.decode()


def test_a_refusal_is_told_in_english_to_a_program_that_prefers_it(program: Program) -> None:
    bank = Caller(program)
    asked = {"uscc": "9141", "purpose": "loan_review"}
    plain, english = bank.ask(asked), bank.ask(asked, language="fr, en-GB;q=0.9, zh;q=0.2")
    assert problem(plain)["detail"] == "统一社会信用代码应为18位"
    assert problem(english)["detail"] == "A unified social credit code has 18 characters"
    assert problem(english)["type"] == problem(plain)["type"] == "subject-invalid"
    assert (plain.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-Hans", "en")
    assert english.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("language", ["", "*", "zh-CN, en;q=0.8", "fr", "en;q=0", ";;;"])
def test_otherwise_a_refusal_is_told_in_chinese(program: Program, language: str) -> None:
    answer = Caller(program).ask({"uscc": "9141", "purpose": "loan_review"}, language=language)
    assert problem(answer)["title"] == "统一社会信用代码有误"


def test_the_description_says_in_which_language_a_refusal_speaks(city_db: str) -> None:
    told = json.loads(Client().get("/api/v1/openapi.json").content)
    assert "Accept-Language: en" in told["info"]["description"]
