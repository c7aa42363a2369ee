"""指标和画像 at the pages: the catalogue for everybody, the picture for who is allowed, and the business's own."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.disclosure.builders import REGISTRATION, on_file
from tests.portal.builders import BANK, Business, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in
from tests.portal.test_english import in_english
from xinqiao.disclosure import queries
from xinqiao.ledger.events import Kind
from xinqiao.parties.rules import Role


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    li = a_business_on_its_phone("li")
    on_file(li.subject, "registration_basics", [REGISTRATION], now=timezone.now())
    return li


def test_everybody_may_read_what_is_asked_how_finely_and_in_which_direction(li: Business) -> None:
    page = Client().get("/indicators/").content.decode()
    for words in ("近12个月申报销售收入", "10.00 万元一档", "越高越好", "近1年行政处罚次数", "越高越不好", "要授权"):
        assert words in page
    english = in_english(Client()).get("/indicators/").content.decode()
    assert "Declared sales in the last 12 months" in english
    assert "bands of 100,000.00 yuan" in english


def test_an_officer_reads_the_picture_and_a_group_and_the_business_sees_both(li: Business) -> None:
    a_grant(li)
    asked = {"uscc": li.uscc, "purpose": "loan_review"}
    page = signed_in("zhou").post("/institution/profile/", asked).content.decode()
    assert "经营五年以上" in page
    assert 'class="f-unknown"' in page
    assert "没有授权查询这一项所依据的信息" in page
    group = signed_in("zhou").post("/institution/indicators/", asked | {"group": "registration"}).content.decode()
    assert "登记至今的天数" in group
    looks = queries.who_looked(li.subject).looks
    assert [look.kind for look in looks] == [Kind.INDICATORS_TOLD, Kind.PROFILE_TOLD]
    mine = signed_in("li").get("/my/grants/").content.decode() + signed_in("li").get("/my/").content.decode()
    assert "画像" in mine


def test_without_a_grant_there_is_no_picture(li: Business) -> None:
    answer = signed_in("zhou").post("/institution/profile/", {"uscc": li.uscc, "purpose": "loan_review"})
    assert answer.status_code == 403
    assert "没有查到可用的授权" in answer.content.decode()


def test_a_business_sees_its_own_picture_and_what_is_not_known_in_it(li: Business) -> None:
    page = signed_in("li").get("/my/profile/").content.decode()
    assert "经营五年以上" in page
    assert "来源还没有提供过" in page
    assert queries.who_looked(li.subject).looks == ()
