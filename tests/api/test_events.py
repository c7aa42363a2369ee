"""An institution's program reads its events and has itself called with them, over the interface."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.api.test_interface import Caller, problem
from tests.disclosure.builders import World, a_world
from tests.parties.builders import NOW, a_program
from xinqiao.authorisation import changing
from xinqiao.ledger import sequencing
from xinqiao.notices import following

HOOK = {"url": "https://hooks.bank.example/xinqiao"}


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def sent(caller: Caller, method: str, path: str, body: Any = None) -> Any:
    text, headers = "" if body is None else json.dumps(body), caller.header(method, path.partition("?")[0])
    return Client().generic(method, path, text, content_type="application/json", headers=headers)


def told(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_a_program_reads_on_from_where_it_was_page_by_page(world: World) -> None:
    caller = Caller(a_program())
    assert told(sent(caller, "GET", "/api/v1/events")) == {"events": [], "next": 0, "oldest": 1}
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    sequencing.sequence(NOW)
    following.follow(NOW)
    first = told(sent(caller, "GET", "/api/v1/events?size=2"))
    assert [one["type"] for one in first["events"]] == ["xinqiao.agreement.made", "xinqiao.grant.given"]
    second = told(sent(caller, "GET", f"/api/v1/events?size=2&after={first['next']}"))
    assert second["events"] == [
        {
            "specversion": "1.0",
            "id": "pds_sample_bank-3",
            "source": "//410400.xinqiao/log",
            "type": "xinqiao.grant.revoked",
            "subject": f"grant/{world.grant.id}",
            "time": "2026-06-01T01:00:00.000Z",
            "datacontenttype": "application/json",
            "data": {"number": 3, "grant": world.grant.id},
        }
    ]
    assert told(sent(caller, "GET", f"/api/v1/events?after={second['next']}"))["next"] == 3


def test_a_token_for_one_business_reads_no_news_of_others(world: World) -> None:
    narrow = Caller(a_program(), [{"type": "xinqiao_report", "uscc": str(world.code)}])
    for path in ("/api/v1/events", "/api/v1/webhooks"):
        refused = sent(narrow, "GET", path)
        assert (refused.status_code, problem(refused)["type"]) == (403, "scope-exceeded")


def test_a_webhook_from_its_registration_to_its_end(world: World) -> None:
    caller = Caller(a_program())
    made = told(sent(caller, "POST", "/api/v1/webhooks", HOOK))
    place = f"/api/v1/webhooks/{made['webhook']}"
    shown = told(sent(caller, "GET", place))
    assert (shown["url"], shown["state"], shown["client"]) == (HOOK["url"], "live", "sample_bank_core")
    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in json.dumps(shown)
    assert told(sent(caller, "POST", f"{place}/secret"))["secret"] != made["secret"]
    assert told(sent(caller, "GET", f"{place}/calls")) == {"calls": []}
    assert told(sent(caller, "DELETE", place))["state"] == "ended"
    refused = sent(caller, "POST", f"{place}/secret")
    assert (refused.status_code, problem(refused)["type"]) == (409, "wrong-state")


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "gopher://x/"], ids=range(2))
def test_an_address_that_would_lead_inside_is_refused_by_name(world: World, url: str) -> None:
    refused = sent(Caller(a_program()), "POST", "/api/v1/webhooks", {"url": url})
    assert (refused.status_code, problem(refused)["type"]) == (400, "address-refused")
    assert problem(refused)["errors"] == [{"field": "url", "reason": "address-refused"}]
