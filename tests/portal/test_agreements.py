"""An agreement at the pages: drafted at one desk, read and signed at another, signed again, downloaded, ended."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.catalogue.builders import a_copy, replaced
from tests.parties.builders import assessed
from tests.portal.builders import (
    BANK,
    GUARANTOR,
    PASSWORD,
    a_bank,
    a_business_on_its_phone,
    a_grant,
    a_person,
    signed_in,
    today,
)
from xinqiao.disclosure.reports import disclose_report
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import identity, receipts
from xinqiao.parties import institutions, roles, texts
from xinqiao.parties import people as people_
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.parties.signing_errors import LetterMissing
from xinqiao_verify.agreements import check, check_letter
from xinqiao_verify.notes import read_trust

FORM = {"items": ["tax_arrears", "honour"], "purposes": ["loan_review"], "change": ""}


def people() -> tuple[Client, Client, Client]:
    """An institution without an agreement: who signs for it, and two operators."""
    now = timezone.now()
    assessed(
        institutions.admit(id=BANK, name="平顶山示例银行", kind=InstitutionKind.BANK, contact="0375", now=now),
        now=now,
        today=today(),
    )
    zhou = a_person("zhou", "周行长", Role.ADMINISTRATOR, BANK)
    a_person("operator", "值班员", Role.OPERATOR)
    a_person("second", "复核员", Role.OPERATOR)
    FORM["signatory"] = str(zhou)
    return signed_in("zhou"), signed_in("operator"), signed_in("second")


def said(answer: Any) -> str:
    return str(answer.content.decode())


def digest_in(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"', maxsplit=1)[0]


def test_it_is_drafted_changed_signed_by_both_and_ended(city_db: str) -> None:
    zhou, operator, second = people()
    days = {"since": today().isoformat(), "until": (today() + timedelta(days=60)).isoformat()}
    drafted = operator.post(f"/operator/agreements/of/{BANK}/", FORM | days)
    assert (drafted.status_code, drafted.headers["Location"]) == (302, "/operator/agreements/drafts/1/")
    assert "有一份协议在办" in said(zhou.get("/institution/agreement/"))
    fewer = FORM | days | {"items": ["tax_arrears"], "change": "1"}
    assert (
        operator.post(f"/operator/agreements/of/{BANK}/", fewer).headers["Location"] == "/operator/agreements/drafts/2/"
    )
    page = said(zhou.get("/institution/agreement/drafts/2/"))
    assert "和上一稿不同的地方" in page
    assert "<del>" in page
    assert 'value="sign"' not in said(zhou.get("/institution/agreement/drafts/1/"))
    sign = {"act": "sign", "digest": digest_in(page)}
    assert zhou.post("/institution/agreement/drafts/2/", sign).status_code == 302
    assert 'value="sign"' not in said(operator.get("/operator/agreements/drafts/2/")), "who drafted does not sign"
    assert operator.post("/operator/agreements/drafts/2/", sign).status_code == 400
    assert second.post("/operator/agreements/drafts/2/", sign).status_code == 302
    held = parties.agreement_in_force(BANK, today())
    assert held is not None
    assert held.items == {"tax_arrears"}
    file = json.loads(zhou.get(f"/institution/agreement/{held.id}/file/").content)
    assert check(file, read_trust([identity.key().line, receipts.key().line])).standing
    assert "还有 60 天到期" in said(second.get("/operator/agreements/"))
    end = {"act": "end", "agreement": str(held.id), "ground": "notice", "because": "不再做这项业务", "when": "now"}
    assert "最早可以是" in said(second.post(f"/operator/agreements/of/{BANK}/", end)), "the platform gives notice"
    assert zhou.post("/institution/agreement/", end).status_code == 302
    assert parties.agreement_in_force(BANK, today()) is None
    assert "机构 周行长 于" in said(second.get(f"/operator/agreements/of/{BANK}/"))


def test_another_institution_finds_neither_draft_nor_agreement_nor_letter(city_db: str) -> None:
    zhou, operator, second = people()
    days = {"since": today().isoformat(), "until": (today() + timedelta(days=60)).isoformat()}
    operator.post(f"/operator/agreements/of/{BANK}/", FORM | days)
    sign = {"act": "sign", "digest": digest_in(said(zhou.get("/institution/agreement/drafts/1/")))}
    zhou.post("/institution/agreement/drafts/1/", sign)
    second.post("/operator/agreements/drafts/1/", sign)
    a_bank(GUARANTOR, "平顶山示例融资担保公司", InstitutionKind.GUARANTOR)
    a_person("chen", "陈经理", Role.OFFICER, GUARANTOR)
    chen = signed_in("chen")
    for address in ("drafts/1/", "1/file/", "letters/1/file/"):
        assert zhou.get(f"/institution/agreement/{address}").status_code == 200
        assert chen.get(f"/institution/agreement/{address}").status_code == 404
    assert chen.post("/institution/agreement/drafts/1/", sign).status_code == 404


def test_an_officer_signs_her_letter_before_her_first_look_and_again_when_its_text_changes(
    city_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_bank()
    li = a_business_on_its_phone()
    a_grant(li)
    now = timezone.now()
    zhou = people_.add(name="周经理", username="zhou", password=PASSWORD, now=now)
    roles.give(person=zhou, role=Role.OFFICER, organisation=BANK, now=now)
    browser = signed_in("zhou")
    ask = {"uscc": li.uscc, "purpose": "loan_review"}

    def look() -> Any:
        return disclose_report(
            asker=InstitutionId(BANK), officer=zhou, uscc=li.uscc, purpose="loan_review", now=timezone.now()
        )

    for address in ("/institution/", "/institution/asked/", "/institution/terms/"):
        assert browser.get(address).headers["Location"] == "/institution/letter/"
    refused = browser.post("/institution/report/", ask)
    assert (refused.status_code, "请先到“协议与承诺”签保密承诺书" in said(refused)) == (403, True)
    with pytest.raises(LetterMissing):
        look()
    page = said(browser.get("/institution/letter/"))
    assert "我，周经理，在平顶山示例银行经办" in page
    assert browser.post("/institution/letter/", {"digest": digest_in(page)}).status_code == 302
    assert browser.get("/institution/").status_code == 200
    assert look().number
    city = a_copy(tmp_path)
    replaced(city, "texts/confidentiality.yml", 'version: "2026.1"', 'version: "2026.2"')
    monkeypatch.setattr(texts, "files", lambda: texts.load(city)[0])
    with pytest.raises(LetterMissing):
        look()


def test_a_source_signs_that_it_answers_for_what_it_hands_in_and_the_operators_see_who_has_not(city_db: str) -> None:
    a_person("operator", "值班员", Role.OPERATOR)
    a_person("wang", "王科员", Role.PROVIDER, "market_regulation")
    a_person("sun", "孙科员", Role.PROVIDER, "tax_bureau")
    wang, sun, operator = signed_in("wang"), signed_in("sun"), signed_in("operator")
    assert "没签责任书" in said(wang.get("/provider/"))
    page = said(wang.get("/provider/letter/"))
    assert "登记基本信息" in page
    assert wang.post("/provider/letter/", {"digest": "0" * 64}).status_code == 400, "not what she read"
    assert wang.post("/provider/letter/", {"digest": digest_in(page)}).status_code == 302
    assert "没签责任书" not in said(wang.get("/provider/"))
    file = json.loads(wang.get("/provider/letters/1/file/").content)
    assert check_letter(file, read_trust([identity.key().line, receipts.key().line])).standing
    assert sun.get("/provider/letters/1/file/").status_code == 404
    owing = said(operator.get("/operator/agreements/")).split('id="h-sources"')[1]
    assert "税务" in owing
    assert "市场监督" not in owing
