"""docs/how-to/ask-for-a-report.md holds: its program is run here, word for word, against the whole house."""

import io
import json
import re
import uuid
from email.message import Message
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError
from urllib.request import Request

import pytest
from django.test import Client
from joserfc.jwk import OKPKey

from tests.disclosure.builders import a_world
from tests.parties.builders import BANK, NOW
from xinqiao.disclosure import queries
from xinqiao.ledger import identity, receipts, sequencing
from xinqiao.parties import clients
from xinqiao_verify.notes import read_trust
from xinqiao_verify.receipts import Standing, verify

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/ask-for-a-report.md"


def the_program() -> dict[str, Any]:
    """The first block of Python on the page, as a module."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    module: dict[str, Any] = {}
    exec(compile(found[1], str(PAGE), "exec"), module)  # noqa: S102 — our own page
    return module


def through_the_house(request: Request, timeout: float) -> io.BytesIO:
    """`urlopen`, answered by the house itself."""
    path, headers = request.selector, dict(request.header_items())
    content = headers.pop("Content-type", "application/x-www-form-urlencoded")
    http = Client(enforce_csrf_checks=True, headers=headers | {"Host": request.host})
    data = cast("bytes | None", request.data)
    answer: Any = http.get(path) if data is None else http.post(path, data, content_type=content)
    if answer.status_code != 200:
        head = Message()
        for name, value in answer.headers.items():
            head[name] = value
        raise HTTPError(request.full_url, answer.status_code, "", head, io.BytesIO(answer.content))
    return io.BytesIO(answer.content)


def test_the_page_leads_from_a_key_to_a_proven_receipt(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr("time.time", NOW.timestamp)
    world, private = a_world(), OKPKey.generate_key("Ed25519")
    clients.register(id="bank_core", institution=BANK, public_jwk=private.as_dict(private=False), now=NOW)
    program = the_program()
    program["urlopen"] = through_the_house
    access, key = program["token"](private), str(uuid.uuid4())
    answer = program["report"](access, world.code, "loan_review", "工号 0317", key)
    trust = read_trust([identity.key().line, receipts.key().line])
    told = verify(answer, trust)
    assert told.standing is Standing.PROMISED
    again = program["report"](access, world.code, "loan_review", "工号 0317", key)
    assert json.loads(again)["receipt"] == json.loads(answer)["receipt"]
    [look] = queries.who_looked(world.business).looks
    assert look.officer == "工号 0317"
    sequencing.sequence(NOW)
    assert verify(program["receipt"](access, look.number), trust).standing is Standing.PROVEN
    with pytest.raises(program["Refused"]) as refused:
        program["report"](access, world.code, "post_loan", "工号 0317", str(uuid.uuid4()))
    assert refused.value.problem["type"] == "purpose-mismatch"
