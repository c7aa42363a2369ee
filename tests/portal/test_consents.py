"""A person answers for herself, on pages nobody else sees; the bank asks, and hands her the link."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.authorisation.builders import a_code
from tests.portal.builders import BANK, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in, today
from xinqiao.authorisation import mandates, queries
from xinqiao.kernel.ids import GrantId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.parties.rules import Role
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction

NUMBER = "410402199001011234"
pytestmark = pytest.mark.usefixtures("city_db")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def grant(city_db: str) -> GrantId:
    a_bank()
    a_person("officer", "周经理", Role.OFFICER, BANK)
    return a_grant(a_business_on_its_phone("li")).id


def test_from_the_banks_question_to_her_yes_and_back(grant: GrantId) -> None:
    bank, address = signed_in("officer"), f"/institution/grants/{grant}/persons/"
    asked = bank.post(address, {"name": "李秀兰", "number": NUMBER, "capacity": "guarantor"}, follow=True)
    link = re.search(r"/account/consents/asked/[\w-]+/", asked.content.decode())
    assert link is not None
    her = signed_in("li")
    first = her.get(link[0]).content.decode()
    assert "确认是您本人" in first
    assert "平顶山示例银行" not in first  # nothing is said before she has shown who she is
    assert her.post(link[0], {"number": "1"}).status_code == 403
    mine = her.post(link[0], {"number": NUMBER}).headers["Location"]
    assert "问您本人" in her.get("/my/").content.decode()
    page = her.get(mine).content.decode()
    said = {name: _hidden(page, name) for name in ("text", "until")}
    assert her.post(mine, {**said, "answer": "yes"}).status_code == 400  # not without having read it
    given = her.post(mine, {**said, "answer": "yes", "read": "yes"}, follow=True).content.decode()
    assert "您已同意平顶山示例银行看您本人的信息" in given
    assert "有效" in bank.get(address).content.decode()
    assert "已撤回" in her.post(mine, {"answer": "revoke"}, follow=True).content.decode()
    a_person("stranger", "路人", Role.BUSINESS)
    assert signed_in("stranger").get(mine).status_code == 404


def test_a_question_not_answered_yet_can_be_taken_back_and_is_over_for_her(grant: GrantId) -> None:
    bank, address = signed_in("officer"), f"/institution/grants/{grant}/persons/"
    asked = bank.post(address, {"name": "李秀兰", "number": NUMBER, "capacity": "guarantor"}, follow=True)
    page = asked.content.decode()
    code = re.search(r"/account/consents/asked/([\w-]+)/", page)
    assert code is not None
    assert reverse("portal:invitation", args=[code[1]]) == code[0]
    her = signed_in("li")
    mine = her.post(code[0], {"number": NUMBER}).headers["Location"]
    number = re.search(r'name="withdraw" value="(\d+)"', page)
    assert number is not None
    assert "不再询问" in bank.post(address, {"withdraw": number[1]}, follow=True).content.decode()
    assert 'value="yes"' not in her.get(mine).content.decode()
    assert bank.post(address, {"withdraw": "x"}).status_code == 404


def test_an_individual_business_is_asked_apart_and_the_tick_is_not_set_beforehand(city_db: str) -> None:
    a_bank()
    code = a_code(7, "92")
    row = Introduction(code, "王小明小吃店", SubjectKind.INDIVIDUAL_BUSINESS, "410402", "62", date(2020, 3, 1), "K")
    stall = registration.introduce([row], now=timezone.now())[code]
    mandates.give(person=a_person("wang", "王小明", Role.BUSINESS), subject_id=stall, now=timezone.now())
    wang = signed_in("wang")
    chosen = {
        "to": BANK,
        "way": "loan_review",
        "until": today().isoformat(),
        "items": ["tax_credit_level", "tax_declared_sales"],
    }
    page = wang.get("/my/grants/new/", {**chosen, "step": "check", "read": "yes"}).content.decode()
    assert "您是个体工商户" in page
    tick = re.search(r'<input type="checkbox" name="written" value="(\w+)">', page)
    assert tick is not None
    said = {name: _hidden(page, name) for name in ("notice_version", "notice_digest", "statement")}
    without = wang.post("/my/grants/give/", {**chosen, **said}, follow=True).content.decode()
    assert "没有单独同意的" in without
    wang.post("/my/grants/give/", {**chosen, **said, "written": tick[1]})
    assert queries.grants_of(stall)[0].terms.written == {"tax_declared_sales"}
