"""The interface inside the whole house: behind its middleware, beside its pages."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from tests.disclosure.builders import a_world
from tests.parties.builders import NOW, a_program

ADDRESS = "http://testserver/oauth/token"


def test_a_program_needs_no_page_no_cookie_and_no_form_token(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    world, program, http = a_world(), a_program(), Client(enforce_csrf_checks=True)
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": program.assertion(aud=ADDRESS),
    }
    proof = {"DPoP": program.proof(address=ADDRESS)}
    given: Any = http.post(
        "/oauth/token", urlencode(form), content_type="application/x-www-form-urlencoded", headers=proof
    )
    token = json.loads(given.content)["access_token"]
    proof = {"DPoP": program.proof("POST", "http://testserver/api/v1/reports", token)}
    header = {"Authorization": f"DPoP {token}"} | proof
    asked = {"uscc": world.code, "purpose": "loan_review"}
    told: Any = http.post("/api/v1/reports", json.dumps(asked), content_type="application/json", headers=header)
    assert told.status_code == 200
    assert json.loads(told.content)["format"] == "xinqiao-receipt/1"
    assert not http.cookies
    refused: Any = http.post("/api/v1/reports", json.dumps(asked), content_type="application/json")
    assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json; charset=utf-8")


def test_the_description_needs_no_other_host_and_no_inline_code(city_db: str) -> None:
    page: Any = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", text)
    needed = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert needed
    for address in needed:
        assert address.startswith("/static/"), address
        answer: Any = Client().get(address)
        assert answer.status_code == 200, address
        answer.close()
