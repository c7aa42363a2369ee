"""A bank asks, the shopkeeper decides; later she lets it wait, go on, or takes it back. Both read what happened."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.portal.builders import BANK, Business, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in, today
from xinqiao.authorisation import asking, grants, notices, queries
from xinqiao.authorisation.errors import AlreadyAsked, NotFound, NotLive, NotParty, SignerNotAuthorised
from xinqiao.authorisation.rules import Fetch, State
from xinqiao.kernel.ids import PersonId
from xinqiao.parties import agreements
from xinqiao.parties.rules import Role

HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    return a_business_on_its_phone("li")


@pytest.fixture
def zhou(li: Business) -> PersonId:
    return a_person("zhou", "周经理", Role.OFFICER, BANK)


def requested(bank: Client, li: Business, **changed: str) -> object:
    form = {
        "uscc": li.uscc,
        "way": "loan_review_once",
        "items": "tax_declared_sales",
        "until": today().isoformat(),
    }
    return bank.post("/institution/request/", form | changed)


def answered(client: Client, number: int, **said: str) -> object:
    page = client.get(f"/my/grants/{number}/answer/").content.decode()
    return client.post(f"/my/grants/{number}/answer/", dict(HIDDEN.findall(page)) | said)


def test_a_bank_asks_and_the_business_finds_it_on_its_home_page_and_agrees(li: Business, zhou: PersonId) -> None:
    bank, client = signed_in("zhou"), signed_in("li")
    assert "请求授权" in bank.get(f"/institution/?q={li.uscc}").content.decode()
    assert requested(bank, li).status_code == 302  # type: ignore[attr-defined]
    assert "等企业答复的" in bank.get("/institution/").content.decode()
    [asked] = queries.grants_of(li.subject)
    home = client.get("/my/").content.decode()
    assert "平顶山示例银行请您授权" in home
    assert f"/my/grants/{asked.id}/answer/" in home
    page = client.get(f"/my/grants/{asked.id}/answer/").content.decode()
    for said in ("周经理", "纳税申报销售收入信息", "只能看一次，看过即失效", "已经看到的内容收不回来", "最多 5 年"):
        assert said in page
    assert bank.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"}).status_code == 403
    assert answered(client, asked.id, answer="yes", read="yes").status_code == 302  # type: ignore[attr-defined]
    given = queries.known(asked.id)
    assert (given.state(timezone.now()), given.fetch) == (State.GIVEN, Fetch.ONCE)
    assert bank.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"}).status_code == 200
    again = bank.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"})
    assert "授权的次数已经用完" in again.content.decode()
    assert "已用完" in client.get("/my/grants/").content.decode()


def test_a_request_is_agreed_to_days_later_and_goes_as_far_back_as_it_may_then(li: Business, zhou: PersonId) -> None:
    client = signed_in("li")
    requested(signed_in("zhou"), li, until=(today() + timedelta(days=20)).isoformat())
    [asked] = queries.grants_of(li.subject)
    later = timezone.now() + timedelta(days=5)
    given = grants.agree(asked.id, notice=notices.current("loan_review"), by=li.person, now=later)
    assert given.state(later) is State.GIVEN
    assert given.terms.range.since == asked.terms.range.since + timedelta(days=5)  # type: ignore[operator]
    assert client.get(f"/my/grants/{asked.id}/answer/").status_code == 302


def test_what_can_no_longer_be_agreed_to_can_still_be_declined(li: Business, zhou: PersonId) -> None:
    client = signed_in("li")
    requested(signed_in("zhou"), li)
    [asked] = queries.grants_of(li.subject)
    agreements.end(asked.agreement, because="机构退出", now=timezone.now())
    page = client.get(f"/my/grants/{asked.id}/answer/").content.decode()
    assert "这个请求现在不能同意了" in page
    assert "同意授权</button>" not in page
    assert answered(client, asked.id, answer="no").status_code == 302  # type: ignore[attr-defined]


def test_saying_no_leaves_the_bank_with_nothing_and_is_final(li: Business, zhou: PersonId) -> None:
    bank, client = signed_in("zhou"), signed_in("li")
    requested(bank, li)
    [asked] = queries.grants_of(li.subject)
    page = client.get(answered(client, asked.id, answer="no").headers["Location"])  # type: ignore[attr-defined]
    assert "没有同意平顶山示例银行的请求" in page.content.decode()
    assert queries.known(asked.id).state(timezone.now()) is State.DECLINED
    with pytest.raises(NotLive):
        grants.agree(asked.id, notice=notices.current("loan_review"), by=li.person, now=timezone.now())
    refused = bank.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"})
    assert "没有查到可用的授权" in refused.content.decode()


def test_nobody_agrees_without_having_read_the_risks(li: Business, zhou: PersonId) -> None:
    client = signed_in("li")
    requested(signed_in("zhou"), li)
    [asked] = queries.grants_of(li.subject)
    answer = answered(client, asked.id, answer="yes")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert queries.known(asked.id).state(timezone.now()) is State.ASKED


def test_one_question_at_a_time_and_it_lapses_unanswered(li: Business, zhou: PersonId) -> None:
    bank, now = signed_in("zhou"), timezone.now()
    requested(bank, li, way="loan_review", until=(today() + timedelta(days=60)).isoformat())
    assert requested(bank, li).status_code == 409  # type: ignore[attr-defined]
    [asked] = queries.grants_of(li.subject)
    assert asked.state(now + timedelta(days=31)) is State.EXPIRED
    with pytest.raises(AlreadyAsked):
        asking.ask(
            institution=BANK,
            subject_id=li.subject,
            items=["tax_declared_sales"],
            purpose="loan_review",
            until=today(),
            client="core",
            now=now,
        )


def test_only_its_own_people_ask_for_a_bank_and_only_the_businesss_people_answer(li: Business, zhou: PersonId) -> None:
    wang = a_business_on_its_phone("wang", number=2, name="宝丰县示例合作社")
    with pytest.raises(NotParty):
        asking.ask(
            institution=BANK,
            subject_id=li.subject,
            items=["tax_declared_sales"],
            purpose="loan_review",
            until=today(),
            officer=wang.person,
            now=timezone.now(),
        )
    requested(signed_in("zhou"), li)
    [asked] = queries.grants_of(li.subject)
    assert signed_in("wang").get(f"/my/grants/{asked.id}/answer/").status_code == 404
    with pytest.raises((NotFound, SignerNotAuthorised)):
        grants.agree(asked.id, notice=notices.current("loan_review"), by=wang.person, now=timezone.now())
    with pytest.raises(NotFound):
        grants.decline(asked.id, by=wang.person, now=timezone.now())


def test_what_was_changed_between_reading_and_agreeing_is_not_signed(li: Business, zhou: PersonId) -> None:
    client = signed_in("li")
    requested(signed_in("zhou"), li)
    [asked] = queries.grants_of(li.subject)
    answer = answered(client, asked.id, answer="yes", read="yes", statement="0" * 64)
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert queries.known(asked.id).state(timezone.now()) is State.ASKED


def test_a_paused_grant_waits_and_goes_on_with_one_press_each(li: Business, zhou: PersonId) -> None:
    grant, client, bank = a_grant(li), signed_in("li"), signed_in("zhou")
    asked = {"uscc": li.uscc, "purpose": "loan_review"}
    page = client.get(client.post(f"/my/grants/{grant.id}/pause/").headers["Location"]).content.decode()
    assert "授权已暂停" in page
    refused = bank.post("/institution/report/", asked)
    assert "企业暂停了授权" in refused.content.decode()
    assert "已暂停" in client.get("/my/grants/").content.decode()
    client.post(f"/my/grants/{grant.id}/resume/")
    assert bank.post("/institution/report/", asked).status_code == 200
    assert "查询报告" in bank.get("/institution/").content.decode()
    page = client.get(f"/my/grants/{grant.id}/").content.decode()
    assert [step in page for step in ("暂停", "恢复", "已看 1 次")] == [True, True, True]


def test_a_request_that_goes_too_far_or_is_half_filled_in_is_refused(li: Business, zhou: PersonId) -> None:
    bank = signed_in("zhou")
    assert requested(bank, li, items="").status_code == 400  # type: ignore[attr-defined]
    assert requested(bank, li, until="2199-01-01").status_code == 403  # type: ignore[attr-defined]
    assert requested(bank, li, way="curiosity").status_code == 400  # type: ignore[attr-defined]
    assert queries.grants_of(li.subject) == []
