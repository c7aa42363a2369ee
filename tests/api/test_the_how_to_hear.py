"""docs/how-to/hear-of-what-happens.md holds: its receiver takes a real call and nobody else's."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW
from xinqiao.authorisation import changing
from xinqiao.ledger import sequencing
from xinqiao.notices import calling, following, rules, sending, webhooks
from xinqiao.notices.addresses import SAMPLE
from xinqiao.notices.calling import Answer

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/hear-of-what-happens.md"


@pytest.fixture
def receiver() -> Iterator[tuple[dict[str, Any], str]]:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    program: dict[str, Any] = {}
    exec(compile(found[1], str(PAGE), "exec"), program)  # noqa: S102 — our own page
    program["Receiver"].log_message = lambda *_: None
    program["time"] = SimpleNamespace(time=NOW.timestamp)  # its own: the module is everybody's
    with ThreadingHTTPServer(("127.0.0.1", 0), program["Receiver"]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield program, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def test_the_receiver_on_the_page_takes_a_real_call_once_and_refuses_a_strangers(
    world: World, receiver: tuple[dict[str, Any], str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    program, address = receiver
    sequencing.sequence(NOW)
    following.follow(NOW)
    hook = webhooks.register(institution=BANK, url=address, now=NOW)
    program["SECRET"] = hook.secret
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    sequencing.sequence(NOW)
    following.follow(NOW)
    assert sending.run(hook.id, clock=lambda: NOW) == 2
    sending.replay(4, hook.id, institution=BANK, now=NOW)
    assert sending.run(hook.id, clock=lambda: NOW) == 1
    assert program["seen"] == {"pds_sample_bank-3", "pds_sample_bank-4"}
    assert capsys.readouterr().out.splitlines().count(f"stop using grant {world.grant.id}") == 1
    body = json.dumps({"id": "forged", "type": "xinqiao.grant.revoked", "data": {"grant": 1}}).encode()
    marks = {"webhook-id": "forged", "webhook-timestamp": str(int(NOW.timestamp())), "webhook-signature": "v1,AAAA"}
    assert calling.call(address, body, marks, SAMPLE) == Answer(401)
    assert "forged" not in program["seen"]


def test_the_page_says_the_waits_and_names_all_the_news_there_is() -> None:
    said = PAGE.read_text(encoding="utf-8")
    assert "5 seconds, 5 and 30\nminutes, 2, 5, 10, 14, 20 and 24 hours" in said
    assert [int(wait.total_seconds()) for wait in rules.WAITS] == [
        *(5, 5 * 60, 30 * 60),
        *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)),
    ]
    for news in rules.News:
        kind, _, word = str(news).rpartition(".")
        [row] = [line for line in said.splitlines() if line.startswith("|") and f"`{kind}." in line and word in line]
        assert row
