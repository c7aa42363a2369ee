"""An agreement at the pages: drafted at one desk, read and signed at another, signed again, downloaded, ended."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.parties.builders import assessed
from tests.portal.builders import BANK, GUARANTOR, a_bank, a_person, signed_in, today
from xinqiao.ledger import identity, receipts
from xinqiao.parties import institutions
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao_verify.agreements import check
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
