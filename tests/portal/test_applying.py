"""入驻申请: made by anybody, read over, followed by a code, admitted by two; the one it named becomes administrator."""

import re
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.parties.builders import an_application, vouched_for
from tests.portal.builders import a_person, signed_in
from xinqiao.ledger import checking
from xinqiao.parties import appointing
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import applied


def form(**other: Any) -> dict[str, Any]:
    said = an_application(**other)
    return {name: getattr(said, name) for name in applied.FIELDS} | {
        "items": sorted(said.items),
        "purposes": sorted(said.purposes),
    }


def text(answer: Any) -> str:
    return str(answer.content.decode())


def sent() -> tuple[Client, dict[str, str]]:
    """Somebody applied; how they follow it."""
    anybody = Client()
    page = text(anybody.post("/apply/", form() | {"act": "send"}))
    [code] = re.findall(r"<code>(\w{12})</code>", page)
    [reference] = set(re.findall(r"E-\d{8}-\d{6}", page))
    return anybody, {"reference": reference, "code": code}


def test_an_application_is_read_over_completed_and_admitted_by_two(city_db: str) -> None:
    for name in ("operator", "second"):
        a_person(name, name, Role.OPERATOR)
    first, second = signed_in("operator"), signed_in("second")
    assert "看一遍再提交" in text(Client().post("/apply/", form()))
    assert 'value="鲁山示例村镇银行"' in text(Client().post("/apply/", form() | {"act": "back"})), (
        "nothing typed is lost"
    )
    assert "没有等办理的入驻申请" in text(first.get("/operator/applications/")), "nothing is sent by reading it over"
    anybody, mine = sent()
    assert "1 份入驻申请等办理" in text(first.get("/operator/applications/"))
    address = "/operator/applications/1/"
    first.post(address, {"act": "ask", "text": "请写明谁负责信息安全"})
    assert "请写明谁负责信息安全" in text(anybody.post("/apply/state/", mine))
    anybody.post("/apply/state/", mine | {"act": "complete", "text": "科技部刘主任"})
    assert "科技部刘主任" in text(first.get(address))
    first.post(address, {"act": "propose", "id": "lushan_village_bank"})
    assert first.post(address, {"act": "admit"}).status_code == 400, "who proposes does not admit"
    assert second.post(address, {"act": "admit"}).status_code == 302
    assert parties.institution("lushan_village_bank").name == "鲁山示例村镇银行"
    page = text(anybody.post("/apply/state/", mine))
    [code] = re.findall(r"(\d+-[0-9a-f]{32})", page)
    sun = vouched_for("孙行长")
    appointing.accept(code, by=sun, now=timezone.now())
    assert parties.acts_as(sun, Role.ADMINISTRATOR, "lushan_village_bank", timezone.now())
    assert checking.check().sound


def test_a_wrong_code_is_as_no_application_and_what_is_wrong_is_said(city_db: str) -> None:
    anybody, mine = sent()
    wrongly = ({"code": "A" * 12}, {"reference": "E-20260601-000009"})
    answers = [anybody.post("/apply/state/", mine | other) for other in wrongly]
    assert [one.status_code for one in answers] == [400, 400]
    assert all("没有这份申请，或者查询码不对" in text(one) for one in answers)
    wrong = {
        "uscc": "91410423000000000X",
        "kind": "nothing",
        "licence": " ",
        "county": "999999",
        "administrator": "",
        "purposes": frozenset({"guarantee_review"}),
        "items": frozenset[str](),
    }
    for name, value in wrong.items():
        assert Client().post("/apply/", form(**{name: value})).status_code == 400, name
    assert Client().post("/apply/", form(kind="association")).status_code == 400, "an association asks about nobody"


def test_a_sixth_application_in_an_hour_from_one_address_is_not_taken(city_db: str) -> None:
    taken = [Client().post("/apply/", form() | {"act": "send"}).status_code for _ in range(6)]
    assert taken == [200] * 5 + [429]


def test_a_refusal_says_its_ground_to_whoever_applied(city_db: str) -> None:
    a_person("operator", "值班员", Role.OPERATOR)
    anybody, mine = sent()
    refused = signed_in("operator").post("/operator/applications/1/", {"act": "refuse", "text": "许可证已经注销"})
    assert refused.status_code == 302
    assert "许可证已经注销" in text(anybody.post("/apply/state/", mine))
