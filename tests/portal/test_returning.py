"""A session that ends in the middle of something: nothing typed is lost, and nothing is sent by itself."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.portal.builders import (
    BANK,
    PASSWORD,
    Business,
    a_bank,
    a_business_on_its_phone,
    a_grant,
    a_person,
    signed_in,
)
from tests.portal.test_business import last_page
from tests.portal.test_operator import a_held_delivery
from xinqiao.authorisation import queries as authorisation
from xinqiao.intake import queries
from xinqiao.intake.rules.states import State
from xinqiao.parties import stand_in_codes
from xinqiao.parties.rules import Role

HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')
REASON = "已电话核实：确为集中注销 & 无误"


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    return a_business_on_its_phone("li")


def half_an_hour_passes() -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def signs_in_again(client: Client, page: str, username: str) -> str:
    """By the form on this page, everything in it sent along; gives the address one is led to."""
    form = page.split('action="/sign-in/"', 1)[1].split("</form>", 1)[0]
    said = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
    stand_in_codes.give(username, now=timezone.now())
    back = str(client.post("/sign-in/", {**said, "username": username, "password": PASSWORD}).headers["Location"])
    assert back == "/sign-in/second/"
    code = stand_in_codes.code(username, now=timezone.now()).code
    return str(client.post(back, {"code": code}).headers["Location"])


def test_a_reason_being_typed_is_still_there_and_nothing_was_decided(city_db: str, tmp_path: Path) -> None:
    a_person("ping", "平台值班员", Role.OPERATOR)
    number, client = a_held_delivery(tmp_path), signed_in("ping")
    half_an_hour_passes()
    answer = client.post(f"/operator/held/{number}/", {"decision": "release", "reason": REASON})
    assert answer.status_code == 401
    assert "填的内容还在" in answer.content.decode()
    back = signs_in_again(client, answer.content.decode(), "ping")
    assert back == f"/operator/held/{number}/"
    page = client.get(back).content.decode()
    assert html.escape(REASON) in page
    assert 'value="release" checked' in page
    assert queries.delivery(number).state is State.HELD
    assert html.escape(REASON) not in client.get(back).content.decode()  # told once


def test_what_was_typed_survives_a_wrong_password(city_db: str, tmp_path: Path) -> None:
    a_person("ping", "平台值班员", Role.OPERATOR)
    number, client = a_held_delivery(tmp_path), signed_in("ping")
    half_an_hour_passes()
    page = client.post(f"/operator/held/{number}/", {"decision": "release", "reason": REASON}).content.decode()
    kept = dict(HIDDEN.findall(page.split('action="/sign-in/"', 1)[1]))
    wrong = client.post("/sign-in/", {"kept": html.unescape(kept["kept"]), "next": kept["next"], "username": "ping"})
    assert html.escape(REASON) in client.get(signs_in_again(client, wrong.content.decode(), "ping")).content.decode()


def test_a_grant_about_to_be_given_is_shown_once_more_and_not_given(li: Business) -> None:
    client = signed_in("li")
    form = dict(last_page(client))
    half_an_hour_passes()
    page = client.post("/my/grants/give/", form).content.decode()
    back = client.get(signs_in_again(client, page, "li"))
    shown = client.get(back.headers["Location"]).content.decode()
    assert "核对一遍，再授权" in shown
    assert "纳税申报销售收入信息" in shown
    assert authorisation.grants_of(li.subject) == []


def test_a_period_chosen_for_an_upload_is_still_chosen(city_db: str) -> None:
    a_person("wang", "王科员", Role.PROVIDER, "tax_bureau")
    client = signed_in("wang")
    half_an_hour_passes()
    form = {"period": "2024", "mode": "full", "replace": "yes"}
    page = client.post("/provider/upload/tax_credit_level/", form).content.decode()
    shown = client.get(signs_in_again(client, page, "wang")).content.decode()
    assert '<option value="2024" selected>' in shown
    assert 'name="replace" value="yes" checked' in shown


def test_an_officer_comes_back_to_the_business_that_was_asked_for_and_asks_again(li: Business) -> None:
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    a_grant(li)
    client = signed_in("zhou")
    half_an_hour_passes()
    page = client.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"}).content.decode()
    assert client.get(signs_in_again(client, page, "zhou")).headers["Location"] == f"/institution/?q={li.uscc}"
    assert "信用报告" not in client.get("/my/looks/").content.decode()


def test_a_page_that_asks_again_by_itself_leads_to_the_sign_in_and_back(city_db: str) -> None:
    a_person("ping", "平台值班员", Role.OPERATOR)
    client = signed_in("ping")
    half_an_hour_passes()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/operator/ledger/"}
    answer = client.get("/operator/ledger/", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in/?ended=yes&next=/operator/ledger/"
    assert "半小时没有操作" in client.get(answer.headers["HX-Redirect"]).content.decode()


def test_a_form_left_open_while_signing_in_elsewhere_keeps_its_words(city_db: str, tmp_path: Path) -> None:
    """Signing in changes the token; the form in the other tab has the old one."""
    a_person("ping", "平台值班员", Role.OPERATOR)
    number, client = a_held_delivery(tmp_path), signed_in("ping", Client(enforce_csrf_checks=True))
    said = {"decision": "withdraw", "reason": REASON}
    ours = client.post(f"/operator/held/{number}/", said, headers={"Origin": "http://testserver"})
    assert ours.status_code == 403
    assert "填的内容还在" in ours.content.decode()
    assert html.escape(REASON) in client.get(f"/operator/held/{number}/").content.decode()


@pytest.mark.parametrize("origin", ["https://example.org", "null", None])
def test_what_another_host_sends_fills_nothing(city_db: str, tmp_path: Path, origin: str | None) -> None:
    a_person("ping", "平台值班员", Role.OPERATOR)
    number, client = a_held_delivery(tmp_path), signed_in("ping", Client(enforce_csrf_checks=True))
    headers = {"Origin": origin} if origin else {}
    assert client.post(f"/operator/held/{number}/", {"reason": REASON}, headers=headers).status_code == 403
    assert html.escape(REASON) not in client.get(f"/operator/held/{number}/").content.decode()


def _user(username: str):  # type: ignore[no-untyped-def]
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=username)
