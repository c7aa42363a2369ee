"""人员与网点: an administrator invites, hands on and ends on her page; whoever left finds the door shut at once."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.authorisation.builders import a_business
from tests.parties.builders import sworn
from tests.portal.builders import (
    BANK,
    PASSWORD,
    a_bank,
    a_business_on_its_phone,
    a_grant,
    a_person,
    signed_in,
    today,
)
from xinqiao.authorisation import asking
from xinqiao.kernel.ids import PersonId
from xinqiao.parties import branches, identities, institutions, people, roles, staff_queries
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.parties.sign_on import Vouched, Way


@pytest.fixture
def head(city_db: str) -> PersonId:
    a_bank()
    return a_person("head", "李行长", Role.ADMINISTRATOR, BANK)


def at_the_desk(person: PersonId) -> Client:
    return signed_in(get_user_model().objects.get(pk=parties.user_of(person) or 0).get_username())


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_invited_joined_at_work_ended_and_shut_out_with_her_page_open(head: PersonId) -> None:
    now, admin = timezone.now(), signed_in("head")
    branch = branches.open_(BANK, name="鲁山支行", division="410423", by=head, now=now).id
    said = {"name": "陈立", "role": "officer", "branch": str(branch)}
    assert "鲁山支行" in admin.post("/organisation/invite/", said | {"step": "check"}).content.decode()
    admin.post("/organisation/invite/", said | {"step": "send"})
    [link] = re.findall(r'value="(http[^"]+)" readonly', text_of(admin, "/organisation/"))
    chen = identities.recognise(Vouched(Way.GOV_SERVICE, "1", "陈立", None, None), now=now)
    hers = at_the_desk(chen)
    assert "平顶山示例银行请您做机构经办人" in text_of(hers, link)
    assert hers.post(link).status_code == 302
    assert "平顶山示例银行 · 鲁山支行" in text_of(hers, "/account/")
    assert hers.get("/institution/").headers["Location"] == "/institution/letter/", "her letter comes first"
    sworn(chen, BANK, now=timezone.now())
    assert hers.get("/institution/").status_code == 200
    ask = {"institution": BANK, "items": ["tax_declared_sales"], "purpose": "loan_review", "until": today()}
    asking.ask(subject_id=a_business(), officer=chen, now=timezone.now(), **ask)  # type: ignore[arg-type]
    [role] = [one.role for one in staff_queries.staff(BANK, None, timezone.now()) if one.person == chen]
    page = f"/organisation/people/{role}/"
    assert "陈立手上有 1 件没有办完" in text_of(admin, page)
    ends = {"act": "end", "branch": "", "to": ""}
    assert "没有选人" in admin.post(page, ends | {"step": "check"}).content.decode()
    assert admin.post(page, ends | {"step": "do"}).status_code == 400
    assert hers.get("/institution/").status_code == 200
    zhou = a_person("zhou", "周经理", Role.OFFICER, BANK)
    [colleague] = [one.role for one in staff_queries.staff(BANK, None, timezone.now()) if one.person == zhou]
    done = admin.post(page, ends | {"to": str(colleague), "step": "do"}, follow=True).content.decode()
    assert f"人员变动 {role:06d}" in done
    assert hers.get("/institution/").status_code == 404, "her page was open, and is shut"
    assert hers.post("/institution/report/", {"uscc": "x", "purpose": "loan_review"}).status_code == 404


def test_a_look_names_the_branch_it_came_through_and_is_listed_there_and_at_the_head_office(head: PersonId) -> None:
    now, li = timezone.now(), a_business_on_its_phone("li")
    a_grant(li)
    for name, who in (("鲁山支行", "chen"), ("宝丰支行", "wu")):
        branch = branches.open_(BANK, name=name, by=head, now=now).id
        person = people.add(name=who, username=who, password=PASSWORD, now=now)
        roles.give(person=person, role=Role.OFFICER, organisation=BANK, branch=branch, now=now)
        sworn(person, BANK, now=now)
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    for who in ("chen", "wu"):  # one grant, one recipient: either branch may ask
        asked = signed_in(who).post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"})
        assert asked.status_code == 200
    looks = text_of(signed_in("li"), "/my/looks/")
    assert "平顶山示例银行 · 鲁山支行 · chen" in looks
    assert "平顶山示例银行 · 宝丰支行 · wu" in looks
    near, head_office = (text_of(signed_in(who), "/institution/asked/") for who in ("chen", "zhou"))
    assert "鲁山支行 · chen" in near
    assert "宝丰支行" not in near
    assert {"鲁山支行 · chen" in head_office, "宝丰支行 · wu" in head_office} == {True}
    hers, theirs = (signed_in("chen").get(f"/institution/asked/{number}/receipt/") for number in (1, 2))
    assert hers.status_code == 200
    assert json.loads(hers.content)["receipt"]["recipient"]["branch"] == "鲁山支行"
    assert theirs.status_code == 404


def test_an_administrator_finds_nobody_beyond_her_branch_and_no_business_at_all(head: PersonId) -> None:
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    [role] = [one.role for one in staff_queries.staff(BANK, None, timezone.now()) if one.name == "周经理"]
    a_bank("pds_sample_guarantee", "平顶山示例融资担保公司", InstitutionKind.GUARANTOR)
    a_person("stranger", "陈经理", Role.ADMINISTRATOR, "pds_sample_guarantee")
    stranger = signed_in("stranger")
    assert stranger.get(f"/organisation/people/{role}/").status_code == 404
    assert stranger.get("/organisation/people/999/").status_code == 404
    assert stranger.get("/institution/").status_code == 404
    assert "周经理" not in text_of(stranger, "/organisation/")


def test_two_operators_let_in_a_first_administrator_and_one_ends_a_role_at_once(head: PersonId) -> None:
    a_person("operator", "平台值班员", Role.OPERATOR)
    a_person("reviewer", "平台复核员", Role.OPERATOR)
    one, other = signed_in("operator"), signed_in("reviewer")
    says = {"organisation": "tax_bureau", "name": "孙科长", "document": "平税函〔2026〕3号"}
    assert one.post("/operator/people/", says).status_code == 302
    assert one.post("/operator/people/appointments/1/", {"decision": "confirm"}).status_code == 403
    assert "给他的链接" not in text_of(one, "/operator/people/of/tax_bureau/")
    other.post("/operator/people/appointments/1/", {"decision": "confirm"})
    assert "给他的链接" in text_of(other, "/operator/people/of/tax_bureau/")
    admin = signed_in("head")
    assert admin.get("/organisation/").status_code == 200
    [role] = [held.role for held in staff_queries.administrators(BANK, timezone.now())]
    assert one.post(f"/operator/people/of/{BANK}/{role}/").status_code == 302
    assert admin.get("/organisation/").status_code == 404


def test_an_association_has_people_and_reads_of_no_business(city_db: str) -> None:
    now, kind = timezone.now(), InstitutionKind.ASSOCIATION
    institutions.admit(id="pds_chamber", name="平顶山示例商会", kind=kind, contact="0375-0000008", now=now)
    a_person("associate", "孙秘书", Role.ASSOCIATE, "pds_chamber")
    client = signed_in("associate")
    assert "协会现在能看公开的内容" in client.get("/", follow=True).content.decode()
    assert {client.get(one).status_code for one in ("/institution/", "/my/", "/provider/", "/organisation/")} == {404}
