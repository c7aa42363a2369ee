"""A bank's program tells what became of whom it looked at, under a key; every wrong entry is named by its place."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.api.test_interface import Caller
from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, a_program
from xinqiao.api.v1.feedback import Taken

PATH = "/api/v1/feedback"
PAID = {"became": "performing", "since": "2026-06-01", "until": "2026-06-01", "known_on": "2026-06-01"}
RESULT = {"model": "小微快贷", "version": "3", "decision": "refused", "decided_on": "2026-06-01", "score": "512.5"}


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def sent(caller: Caller, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
    method = "GET" if body is None else "POST"
    headers = caller.header(method, path) | ({"Idempotency-Key": key} if key else {})
    text = "" if body is None else json.dumps(body)
    answer: Any = Client().generic(method, path, text, content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_a_batch_is_taken_told_again_under_its_key_and_taken_back(world: World) -> None:
    receipt, caller = world.ask().number, Caller(a_program(BANK, "core"))
    whose = {"uscc": str(world.code), "receipt": receipt}
    entries = {"entries": [whose | {"outcome": PAID}, whose | {"result": RESULT}]}
    status, taken = sent(caller, PATH, entries, key="k")
    assert status == 200, taken
    Taken.model_validate(taken)
    assert sent(caller, PATH, entries, key="k") == (200, taken)
    assert sent(caller, PATH, {"entries": entries["entries"][:1]}, key="k")[0] == 422
    assert [one["by"] for one in sent(caller, PATH)[1]["entries"]] == ["core", "core"]
    first = f"{PATH}/{taken['entries'][0]['feedback']}"
    gone = sent(caller, f"{first}/withdrawal", {"because": "录错了"})[1]
    assert (gone["withdrawn_because"], sent(caller, first)[1]) == ("录错了", gone)
    assert sent(caller, f"{first}/withdrawal", {"because": "录错了"})[1]["type"] == "wrong-state"


def test_wrong_entries_are_named_by_their_place(world: World) -> None:
    receipt, caller = world.ask().number, Caller(a_program(BANK, "core"))
    whose = {"uscc": str(world.code), "receipt": receipt}
    unseen = whose | {"receipt": receipt + 1, "outcome": PAID}
    early = whose | {"result": RESULT | {"decided_on": "2026-05-31"}}
    status, refused = sent(caller, PATH, {"entries": [whose | {"outcome": PAID}, unseen, early]})
    assert (status, refused["type"]) == (400, "evidence-mismatch")
    assert [one["field"] for one in refused["errors"]] == ["entries.1", "entries.2"]
    for wrong in (whose, whose | {"outcome": PAID, "result": RESULT}, whose | {"outcome": PAID | {"became": "gone"}}):
        assert sent(caller, PATH, {"entries": [wrong]})[0] == 400
    assert sent(caller, PATH)[1] == {"entries": []}
