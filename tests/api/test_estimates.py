"""A bank's program asks for an estimate by the bank's own rules; what it is told is what the interface describes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.api.test_interface import Caller
from tests.disclosure.builders import a_world
from tests.evaluation.estimates import SALES_ALONE
from tests.parties.builders import BANK, NOW, a_program, an_officer
from xinqiao.api.v1.estimates import RulesListed
from xinqiao.api.v1.narrow_shapes import PromisedEstimate
from xinqiao.evaluation import rule_sets
from xinqiao.kernel.ids import InstitutionId


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


def sent(caller: Caller, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    headers = caller.header(method, path) | {"Idempotency-Key": "one"}
    text = "" if body is None else json.dumps(body)
    answer: Any = Client().generic(method, path, text, content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_an_estimate_is_told_as_it_is_described_and_names_rules_in_force_alone(city_db: str) -> None:
    world, of = a_world(), InstitutionId(BANK)
    made = rule_sets.propose(SALES_ALONE.encode(), of=of, by=world.officer, now=NOW)
    caller, ask = Caller(a_program(BANK, "core")), {"uscc": str(world.code), "rules": "sales_alone"}
    assert sent(caller, "POST", "/api/v1/estimates", ask)[1]["type"] == "not-found"
    rule_sets.approve(made.number, of=of, by=an_officer(name="吴经理"), now=NOW)
    status, told = sent(caller, "POST", "/api/v1/estimates", ask)
    assert status == 200, told
    PromisedEstimate.model_validate(told)
    assert told["report"]["estimate"]["amount"] == "100000"  # the ceiling, a tenth of the sales is more
    assert sent(caller, "POST", "/api/v1/estimates", ask)[1] == told
    listed = sent(caller, "GET", "/api/v1/rules")[1]
    RulesListed.model_validate(listed)
    assert [(one["rules"], one["stage"]) for one in listed["rules"]] == [("sales_alone", "in_force")]
