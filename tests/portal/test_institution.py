"""A bank at its desk: it finds, asks, reads, and is refused in words."""

import html
import json
import re

import pytest
from django.utils import timezone

from tests.authorisation.builders import a_code
from tests.portal.builders import (
    BANK,
    GUARANTOR,
    Business,
    a_bank,
    a_business_on_its_phone,
    a_grant,
    a_person,
    signed_in,
)
from xinqiao.ledger import identity, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao_verify.receipts import Standing, verify

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    return a_business_on_its_phone("li")


def ask(uscc: str, purpose: str = "loan_review") -> tuple[int, str]:
    answer = signed_in("zhou").post("/institution/report/", {"uscc": uscc, "purpose": purpose})
    return answer.status_code, answer.content.decode()


def test_the_report_names_its_number_its_ground_and_who_it_is_about(li: Business) -> None:
    grant = a_grant(li)
    status, page = ask(li.uscc)
    assert status == 200
    assert "鲁山县示例种植专业合作社" in page
    assert f'依据授权书 {grant.id}（贷款审查，至 <span class="nowrap">{grant.until}</span>）' in page
    assert page.count('<li class="') >= 3


def test_the_evidence_in_the_page_is_proof_without_us(li: Business) -> None:
    a_grant(li)
    _status, page = ask(li.uscc)
    evidence = page.split('id="evidence">', 1)[1].split("</script>", 1)[0]
    trust = {key.name: key for key in (house.key(), identity.key())}
    verdict = verify(html.unescape(evidence), trust)
    assert verdict.standing is Standing.PROMISED
    assert json.loads(evidence)["report"]["subject"]["uscc"] == li.uscc


def test_unknown_and_ungranted_get_the_same_page(li: Business) -> None:
    """Nobody learns from a refusal whether a business is on file."""
    known, unknown = ask(li.uscc), ask(a_code(99, category="93"))
    assert known[0] == unknown[0] == 403
    same = [
        TOKEN.sub("", page).replace(code, "")
        for (_, page), code in ((known, li.uscc), (unknown, a_code(99, category="93")))
    ]
    assert same[0] == same[1]
    assert "没有查到可用的授权" in known[1]
    assert "请企业登录平台" in known[1]


def test_another_purpose_is_refused_and_says_what_would_change_it(li: Business) -> None:
    a_grant(li)
    status, page = ask(li.uscc, "post_loan")
    assert status == 403
    assert "请按企业授权时选的用途查询" in page


def test_a_search_finds_by_part_of_the_name_and_offers_only_what_is_granted(li: Business) -> None:
    a_business_on_its_phone("wang", number=2, name="鲁山县示例养殖专业合作社")
    a_grant(li)
    page = signed_in("zhou").get("/institution/?q=示例").content.decode()
    assert "种植" in page
    assert "养殖" in page
    assert page.count('action="/institution/report/"') == 1
    assert page.count("没有授权给本机构") == 1


@pytest.mark.parametrize("after", ["nonsense", "0:x", "9" * 40, "-1"])
def test_nonsense_in_the_address_begins_at_the_beginning(li: Business, after: str) -> None:
    assert signed_in("zhou").get("/institution/", {"q": "示例", "after": after}).status_code == 200


def test_an_institution_sees_its_own_past_reports_and_receipts_alone(li: Business) -> None:
    a_bank(GUARANTOR, "平顶山示例融资担保公司", InstitutionKind.GUARANTOR)
    a_person("chen", "陈经理", Role.OFFICER, GUARANTOR)
    a_grant(li)
    ask(li.uscc)
    sequencing.sequence(timezone.now())
    mine, theirs = signed_in("zhou"), signed_in("chen")
    assert "鲁山县示例种植专业合作社" in mine.get("/institution/asked/").content.decode()
    assert "proof" in mine.get("/institution/asked/1/receipt/").json()
    assert "本机构还没有查过报告" in theirs.get("/institution/asked/").content.decode()
    assert theirs.get("/institution/asked/1/receipt/").status_code == 404


def test_a_code_that_is_none_is_said_to_be_none(li: Business) -> None:
    status, page = ask("91410402MA40TE5TX0")
    assert status == 400
    assert "第18位（校验位）不对" in page
