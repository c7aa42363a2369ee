"""Two officers put their bank's rules in force and one of them asks for an estimate; the business sees that she did."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.evaluation.estimates import RULES
from tests.parties.builders import BANK
from tests.portal.builders import a_bank, a_business_on_its_phone, a_grant, a_person, signed_in
from xinqiao.parties.rules import Role

pytestmark = pytest.mark.usefixtures("city_db")


def text(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def handed_in(client: Any, words: str) -> Any:
    return client.post("/institution/rules/", {"file": SimpleUploadedFile("rules.yml", words.encode())}, follow=True)


def test_rules_go_through_two_hands_and_an_estimate_is_told_and_seen() -> None:
    a_bank()
    li = a_business_on_its_phone("business")
    a_person("bank", "周经理", Role.OFFICER, BANK)
    a_person("colleague", "吴经理", Role.OFFICER, BANK)
    first, second = signed_in("bank"), signed_in("colleague")
    refused = text(handed_in(first, RULES.replace("at_least: 300000", "at_least: 350000")))
    assert "第 12 行" in refused
    assert "整数倍" in refused
    assert "等另一人批准" in text(handed_in(first, RULES))
    assert "请另一位经办人来定" in text(first.post("/institution/rules/1/", {"act": "approve"}))
    assert "生效" in text(second.post("/institution/rules/1/", {"act": "approve"}, follow=True))
    asked = {"uscc": li.uscc, "rules": "quick_loan"}
    assert "没有查到可用的授权" in text(second.post("/institution/estimate/", asked))
    a_grant(li)
    page = text(second.post("/institution/estimate/", asked))
    assert "没有达到准入条件" in page, page
    assert "不是平台的信用评价" in page
    assert "近一年申报销售 30 万元以上 不知道" in re.sub(r" +", " ", page)
    seen = text(signed_in("business").get("/my/looks/"))
    assert "吴经理" in seen
    assert "按它自己的规则测算预授信" in seen
    assert "30 万元" not in seen
