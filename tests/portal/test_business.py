"""A business at its own pages: what it allows, takes back, and sees."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.disclosure.builders import PENALTY, on_file
from tests.evaluation.worlds import models_in_force
from tests.portal.builders import BANK, Business, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in, today
from xinqiao.authorisation import mandates, queries
from xinqiao.authorisation.rules import State
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure import own_prospects
from xinqiao.disclosure.errors import NotParty
from xinqiao.disclosure.querying import query
from xinqiao.disclosure.reports import disclose_report
from xinqiao.disclosure.verification import verify_claim
from xinqiao.kernel.ids import InstitutionId
from xinqiao.parties.rules import Role

HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    return a_business_on_its_phone("li")


def last_page(client: Client, **changed: str) -> list[tuple[str, str]]:
    """The form of the last step, as the browser would send it."""
    until = (today() + timedelta(days=30)).isoformat()
    said = {"to": BANK, "way": "loan_review", "until": until, "items": "tax_declared_sales", **changed}
    page = client.get("/my/grants/new/", {**said, "step": "check", "read": "yes"}).content.decode()
    form = page.split("/my/grants/give/", 1)[1].split("</form>", 1)[0]
    return HIDDEN.findall(form)


def test_a_business_authorises_in_its_own_words_and_gets_a_number(li: Business) -> None:
    client = signed_in("li")
    answer = client.post("/my/grants/give/", dict(last_page(client)))
    [grant] = queries.grants_of(li.subject)
    assert answer.headers["Location"] == f"/my/grants/{grant.id}/?done=given"
    assert grant.state(timezone.now()) is State.GIVEN
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"授权书编号 {grant.id}" in page
    assert "纳税申报销售收入信息" in page


def test_a_step_left_out_is_asked_for_again(li: Business) -> None:
    client = signed_in("li")
    said = {"to": BANK, "way": "loan_review", "step": "check", "read": "yes"}
    assert "给它看哪些" in client.get("/my/grants/new/", said).content.decode()
    until = (today() + timedelta(days=30)).isoformat()
    page = client.get("/my/grants/new/", {**said, "items": "tax_declared_sales", "until": until, "read": ""})
    assert page.status_code == 400
    assert "请先确认已经看过这份提示" in page.content.decode()


def test_terms_changed_behind_the_last_page_are_not_signed(li: Business) -> None:
    """What is sent must be what was shown: the digest of the words does not fit other items."""
    client = signed_in("li")
    form = dict(last_page(client)) | {"items": "real_estate_mortgage"}
    answer = client.post("/my/grants/give/", form)
    assert answer.status_code == 409
    assert "请重新阅读" in answer.content.decode()
    assert queries.grants_of(li.subject) == []


def test_nothing_is_revoked_by_looking_at_the_page_that_says_what_will_happen(li: Business) -> None:
    grant, client = a_grant(li), signed_in("li")
    page = client.get(f"/my/grants/{grant.id}/revoke/").content.decode()
    assert "它立刻查不到需要授权的信息" in page
    assert "它已经看过的内容收不回来" in page
    assert queries.grants_of(li.subject)[0].state(timezone.now()) is State.GIVEN


def test_a_revoked_grant_closes_the_banks_page_at_once(li: Business) -> None:
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    grant, client, bank = a_grant(li), signed_in("li"), signed_in("zhou")
    asked = {"uscc": li.uscc, "purpose": "loan_review"}
    assert bank.post("/institution/report/", asked).status_code == 200
    client.post(f"/my/grants/{grant.id}/revoke/")
    refused = bank.post("/institution/report/", asked)
    assert refused.status_code == 403
    assert "授权已撤回" in refused.content.decode()


def test_another_businesss_grant_is_not_there(li: Business) -> None:
    wang = a_business_on_its_phone("wang", number=2, name="宝丰县示例合作社")
    grant = a_grant(wang)
    client = signed_in("li")
    for address in (f"/my/grants/{grant.id}/", f"/my/grants/{grant.id}/revoke/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/my/grants/{grant.id}/revoke/").status_code == 404
    assert queries.grants_of(wang.subject)[0].state(timezone.now()) is State.GIVEN


def test_a_look_is_on_the_page_the_same_minute_and_its_receipt_can_be_kept(li: Business) -> None:
    officer = a_person("zhou", "周经理", Role.OFFICER, BANK)
    a_grant(li)
    disclose_report(asker=InstitutionId(BANK), officer=officer, uscc=li.uscc, purpose="loan_review", now=timezone.now())
    client = signed_in("li")
    page = client.get("/my/looks/").content.decode()
    assert "平顶山示例银行 · 周经理" in page
    assert "贷款审查" in page
    kept = client.get("/my/looks/1/receipt/")
    assert kept.headers["Content-Disposition"] == 'attachment; filename="xinqiao-receipt-1.json"'
    assert kept.json()["receipt"]["subject"] == li.uscc


def test_a_query_names_its_items_and_a_verification_its_question_and_answer(li: Business) -> None:
    officer = a_person("zhou", "周经理", Role.OFFICER, BANK)
    asked: dict[str, Any] = {
        "asker": InstitutionId(BANK),
        "officer": officer,
        "uscc": li.uscc,
        "purpose": "loan_review",
    }
    query(**asked, items=frozenset({"tax_arrears", "honour"}), now=timezone.now())
    verify_claim(**asked, claim="no_tax_arrears", now=timezone.now())
    page = signed_in("li").get("/my/looks/").content.decode()
    assert "查询：守信激励、表彰荣誉信息" in page
    assert "欠税公告信息" in page
    assert "核验：现在有没有公告的欠税 → 不知道" in page
    mine = signed_in("zhou").get("/institution/asked/").content.decode()
    assert "核验：现在有没有公告的欠税 → 不知道" in mine


def test_ones_own_looks_do_not_hide_the_others(li: Business) -> None:
    client = signed_in("li")
    for _ in range(3):
        client.get("/my/")
    assert "还没有机构看过" in client.get("/my/looks/").content.decode()
    assert client.get("/my/looks/?own=yes").content.decode().count("自己的档案") == 3


def test_another_businesss_receipt_is_not_there(li: Business) -> None:
    a_business_on_its_phone("wang", number=2)
    signed_in("li").get("/my/")
    assert signed_in("li").get("/my/looks/1/receipt/").status_code == 200
    assert signed_in("wang").get("/my/looks/1/receipt/").status_code == 404


def test_a_person_who_left_sees_nothing_of_the_business_any_more(li: Business) -> None:
    client = signed_in("li")
    assert client.get("/my/").status_code == 200
    mandates.end(person=li.person, subject_id=li.subject, now=timezone.now())
    answer = client.get("/my/")
    assert answer.status_code == 403
    assert "您还没有可以代办的企业" in answer.content.decode()


def test_a_person_of_two_businesses_chooses_which_one_the_pages_are_about(li: Business) -> None:
    other = a_business_on_its_phone("wang", number=2, name="宝丰县示例合作社")
    mandates.give(person=li.person, subject_id=other.subject, now=timezone.now())
    client = signed_in("li")
    assert "鲁山县示例种植专业合作社" in client.get("/my/").content.decode()
    client.post("/account/as/", {"as": f"business::/{other.subject}"})
    assert "宝丰县示例合作社" in client.get("/my/").content.decode()


def test_a_business_sees_what_would_change_its_grade_and_nobody_elses(li: Business) -> None:
    day = today()
    models_in_force("cooperative", now=timezone.now())
    penalty = PENALTY | {"decided_on": day - timedelta(days=60), "severity": "2", "is_final": True}
    on_file(li.subject, "registration_basics", [{"established_on": day - timedelta(days=4000), "status": "K"}])
    on_file(li.subject, "administrative_penalty", [penalty])
    page = signed_in("li").get("/my/grade/changes/").content.decode()
    [fact] = creditfile.facts_of(li.subject, items=["administrative_penalty"])
    assert f'href="/my/repairs/line/{fact.id}/"' in page
    assert "过些日子" in page
    assert f"到 {day + timedelta(days=306)}" in page, "a general penalty counts for a year, and the day of it"
    other = a_business_on_its_phone("wang", 2, "另一家商店")
    assert f"/my/repairs/line/{fact.id}/" not in signed_in("wang").get("/my/grade/changes/").content.decode()
    with pytest.raises(NotParty):
        own_prospects.changes(subject_id=li.subject, person=other.person, now=timezone.now())
