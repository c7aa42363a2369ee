"""A program asks persons within a grant its institution has; what they answer is theirs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from tests.api.test_interface import Caller
from tests.authorisation.builders import ITEMS
from tests.disclosure.builders import PENALTY, World, a_world
from tests.parties.builders import BANK, NOW, a_person, a_program
from xinqiao.api.v1.consents import ConsentsTold, ConsentTold
from xinqiao.authorisation import persons
from xinqiao.ledger.checking import check

PATH = "/api/v1/consents"
NUMBER = str(PENALTY["legal_person_id"])


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@pytest.fixture
def world(city_db: str) -> World:
    return a_world(agreed=[*ITEMS, "administrative_penalty"])


@pytest.fixture
def caller(world: World) -> Caller:
    return Caller(a_program(BANK, "core"))


def sent(caller: Caller, method: str, path: str = PATH, body: Any = None, key: str = "") -> tuple[int, Any]:
    headers = caller.header(method, path) | ({"Idempotency-Key": key} if key else {})
    text = "" if body is None else json.dumps(body)
    answer: Any = Client().generic(method, path, text, content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content)


def asking(world: World, **other: Any) -> dict[str, Any]:
    said = {"grant": world.grant.id, "name": "王小明", "document_number": NUMBER, "capacity": "legal_representative"}
    return said | other


def test_a_person_is_asked_looked_after_and_asked_no_more(world: World, caller: Caller) -> None:
    status, asked = sent(caller, "POST", body=asking(world, on_behalf="工号 0317"))
    assert status == 200
    ConsentTold.model_validate(asked)
    assert (asked["state"], asked["asked_by"], asked["items"]) == ("asked", "工号 0317", ["administrative_penalty"])
    assert asked["invitation"].endswith(persons.page(asked["consent"]))
    one = f"{PATH}/{asked['consent']}"
    assert sent(caller, "GET", one)[1] == asked
    listed = sent(caller, "GET")[1]
    ConsentsTold.model_validate(listed)
    assert listed["consents"] == [asked]
    assert sent(caller, "DELETE", one)[1] == asked | {"state": "withdrawn", "invitation": None}
    assert sent(caller, "DELETE", one)[1]["type"] == "wrong-state"
    assert check().sound


def test_what_she_gave_is_hers_to_take_back_and_the_programs_to_read(world: World, caller: Caller) -> None:
    asked = sent(caller, "POST", body=asking(world))[1]["consent"]
    wang = a_person("王小明")
    persons.take_up(persons.invitation(asked), number=NUMBER, by=wang, now=NOW)
    words, _ = persons.offered(asked, world.grant.until, english=False, now=NOW)
    persons.give(asked, until=world.grant.until, text=words.digest, by=wang, now=NOW)
    assert sent(caller, "GET", f"{PATH}/{asked}")[1]["state"] == "given"
    assert sent(caller, "DELETE", f"{PATH}/{asked}")[1]["type"] == "wrong-state"


def test_a_key_stands_for_one_question_and_a_question_is_asked_once(world: World, caller: Caller) -> None:
    first = sent(caller, "POST", body=asking(world), key="k-1")
    assert sent(caller, "POST", body=asking(world), key="k-1") == first
    status, told = sent(caller, "POST", body=asking(world, document_number="2"), key="k-1")
    assert (status, told["type"]) == (422, "conflict")
    status, told = sent(caller, "POST", body=asking(world), key="k-2")
    assert (status, told["type"]) == (409, "conflict")
    another = Caller(a_program(BANK, "branch"))  # its keys are its own
    status, _ = sent(another, "POST", body=asking(world, document_number="2"), key="k-1")
    assert status == 200


def test_each_refusal_has_its_name_and_none_has_the_number(world: World, caller: Caller) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"grant": 10**9}, "not-found"),
        ({"capacity": "neighbour"}, "scope-invalid"),
        ({"name": " "}, "scope-invalid"),
        ({"document_number": ""}, "malformed"),
    ]
    for other, refused in cases:
        assert sent(caller, "POST", body=asking(world, **other))[1]["type"] == refused, other
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_event WHERE body LIKE %s", [f"%{NUMBER}%"])
        assert cursor.fetchone() == (0,)
