"""The way in with more than a password, and being asked once more before what matters."""

import json
import re
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.parties.authenticator import Device
from tests.portal.builders import (
    BANK,
    PASSWORD,
    Business,
    a_bank,
    a_business_on_its_phone,
    a_person,
    signed_in,
    today,
)
from tests.portal.test_business import last_page
from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.ids import EventId, PersonId
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind
from xinqiao.parties import factors, recovery, roles, stand_in_codes
from xinqiao.parties.rules import FRESH, Method, Role, Shown
from xinqiao.portal import limits, proving

SECRET = re.compile(r"<code>([A-Z2-7 ]+)</code>")
DRAFT = re.compile(r'name="draft" value="([^"]+)"')
CODE = re.compile(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>")


@pytest.fixture
def zhou(city_db: str) -> PersonId:
    a_bank()
    return a_person("zhou", "周经理", Role.OFFICER, BANK)


def with_password(username: str, wanted: str = "") -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == "/sign-in/second/"
    return client


def some_time_passes(client: Client) -> None:
    session = client.session
    proving.remember(session, Shown(Method.PASSWORD, timezone.now() - FRESH - timedelta(seconds=1)))
    session.save()


def told(kind: Kind) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_event WHERE kind = %s ORDER BY id", [str(kind)])
        return [dict(ledger.event(EventId(number)).about) for (number,) in cursor.fetchall()]


def test_an_officer_without_a_factor_enrols_one_after_the_password_and_is_in(zhou: PersonId) -> None:
    client = with_password("zhou", "/institution/asked/")
    assert client.get("/institution/").status_code == 302, "the password alone opens nothing"
    assert client.get("/sign-in/second/").headers["Location"] == "/sign-in/enrol/"
    page = client.get("/account/factors/code/").content.decode()
    secret, draft = SECRET.search(page), DRAFT.search(page)
    assert secret
    assert draft
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    done = client.post("/account/factors/code/", {"draft": draft[1], "code": app.now()}).content.decode()
    assert len(CODE.findall(done)) == recovery.COUNT
    assert 'href="/institution/asked/"' in done
    assert client.get("/institution/asked/").status_code == 200


def test_whoever_has_a_factor_shows_it_and_a_wrong_one_five_times_has_to_wait(zhou: PersonId) -> None:
    stand_in_codes.give("zhou", now=timezone.now())
    client = with_password("zhou", "/institution/asked/")
    for address in ("/account/factors/code/", "/account/factors/passkey/"):
        assert client.get(address).status_code == 302, "no new factor without the old one"
    assert client.get("/sign-in/enrol/").headers["Location"] == "/sign-in/second/"
    right = stand_in_codes.code("zhou", now=timezone.now()).code or ""
    assert f"<b>{right}</b>" in client.get("/sign-in/second/").content.decode()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    tries = [client.post("/sign-in/second/", {"code": wrong}).status_code for _ in range(limits.SECOND_FACTOR.times)]
    assert tries == [400] * limits.SECOND_FACTOR.times
    assert client.post("/sign-in/second/", {"code": right}).status_code == 429
    limits.forget(limits.SECOND_FACTOR, f"{zhou}\n127.0.0.1")
    assert client.post("/sign-in/second/", {"code": right}).headers["Location"] == "/institution/asked/"
    assert client.get("/institution/asked/").status_code == 200


def test_a_recovery_code_lets_in_says_so_and_is_spent(zhou: PersonId) -> None:
    stand_in_codes.give("zhou", now=timezone.now())
    [code, *_] = recovery.make(person=zhou, now=timezone.now())
    client = with_password("zhou")
    assert client.post("/sign-in/second/", {"code": code}).headers["Location"] == "/account/factors/"
    assert "还剩 9 个" in client.get("/account/factors/").content.decode()
    assert with_password("zhou").post("/sign-in/second/", {"code": code}).status_code == 400
    assert [one["person"] for one in told(Kind.RECOVERY_CODE_USED)] == [zhou]


def test_a_passkey_alone_signs_in_and_is_asked_for_by_nobody_twice_with_one_challenge(zhou: PersonId) -> None:
    client, phone = signed_in("zhou"), Device(origin="http://testserver", host="testserver")
    asked = client.post("/account/factors/passkey/options/").json()
    sent = {"credential": json.dumps(phone.create(asked)), "name": "我的手机"}
    assert client.post("/account/factors/passkey/", sent).status_code == 200
    assert client.post("/account/factors/passkey/", sent).status_code == 403
    fresh = Client()
    answer = json.dumps(phone.get(fresh.post("/sign-in/passkey/options/").json()))
    said = {"credential": answer, "next": "/institution/asked/"}
    assert fresh.post("/sign-in/passkey/", said).headers["Location"] == "/institution/asked/"
    assert fresh.get("/institution/asked/").status_code == 200
    assert Client().post("/sign-in/passkey/", said).status_code == 403, "nobody asked this browser"
    a_person("li", "李科长", Role.OPERATOR)
    stand_in_codes.give("li", now=timezone.now())
    other = with_password("li")
    theirs = json.dumps(phone.get(other.post("/sign-in/passkey/options/").json()))
    assert other.post("/sign-in/passkey/", {"credential": theirs}).status_code == 403, "another person's second factor"


def test_a_role_that_asks_for_more_closes_its_pages_to_who_came_by_password(city_db: str) -> None:
    li = a_business_on_its_phone("li")
    client = Client()
    assert client.post("/sign-in/", {"username": "li", "password": PASSWORD}).headers["Location"] == "/"
    assert client.get("/my/").status_code == 200
    roles.give(person=li.person, role=Role.OPERATOR, now=timezone.now())
    client.post("/account/as/", {"as": "operator::"})
    assert client.get("/operator/").headers["Location"] == "/account/factors/"
    assert client.get("/my/").status_code == 403, "at the operator's desk"


def test_a_reset_by_two_operators_shows_the_person_out_with_the_next_click(zhou: PersonId) -> None:
    stand_in_codes.give("zhou", now=timezone.now())
    client = with_password("zhou")
    code = stand_in_codes.code("zhou", now=timezone.now()).code
    client.post("/sign-in/second/", {"code": code})
    assert client.get("/institution/").status_code == 200
    for name in ("one", "two"):
        a_person(name, f"值班员{name}", Role.OPERATOR)
    one, two = signed_in("one"), signed_in("two")
    one.post("/operator/resets/", {"login": "zhou", "because": "持身份证到场"})
    assert one.post("/operator/resets/1/", {"decision": "confirm"}).status_code == 403
    assert client.get("/institution/").status_code == 200
    assert "持身份证到场" in two.get("/operator/resets/").content.decode()
    two.post("/operator/resets/1/", {"decision": "confirm"})
    assert client.get("/institution/").status_code == 302
    assert factors.of(zhou) == []
    assert [(one["person"], one["by"] is not None) for one in told(Kind.RESET_CONFIRMED)] == [(zhou, True)]


# ── once more, before what matters ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    return a_business_on_its_phone("li")


def test_before_a_grant_the_page_asks_who_is_there_and_the_grant_s_event_says_how_that_was_shown(li: Business) -> None:
    client = signed_in("li")
    form = dict(last_page(client))
    some_time_passes(client)
    asked = client.post("/my/grants/give/", form, headers={"Origin": "http://testserver"})
    assert asked.headers["Location"] == "/account/confirm/?next=%2Fmy%2Fgrants%2Fgive%2F"
    assert authorisation.grants_of(li.subject) == []
    until = (today() + timedelta(days=30)).isoformat()
    said = {"to": BANK, "way": "loan_review", "until": until, "items": "tax_declared_sales"}
    page = client.get("/my/grants/new/", said | {"step": "check", "read": "yes"})
    assert page.headers["Location"].startswith("/account/confirm/?next=%2Fmy%2Fgrants%2Fnew%2F%3Fto%3D")
    next_ = {"next": "/my/grants/give/"}
    assert client.post("/account/confirm/", {"password": "wrong", **next_}).status_code == 400
    back = client.post("/account/confirm/", {"password": PASSWORD, **next_})
    assert "核对一遍，再授权" in client.get(back.headers["Location"], follow=True).content.decode()
    client.post("/my/grants/give/", form)
    [event] = told(Kind.GRANT_GIVEN)
    assert event["confirmed"] == "password"
    assert event["confirmed_at"]


def test_who_has_a_factor_confirms_with_it_and_not_with_the_password(li: Business) -> None:
    client = signed_in("li")
    stand_in_codes.give("li", now=timezone.now())
    some_time_passes(client)
    assert client.get("/account/factors/code/").headers["Location"].startswith("/account/confirm/")
    [mine] = factors.of(li.person)
    assert client.post(f"/account/factors/{mine.id}/remove/").headers["Location"].startswith("/account/confirm/")
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 400
    code = stand_in_codes.code("li", now=timezone.now()).code
    assert client.post("/account/confirm/", {"code": code, "next": "/account/"}).headers["Location"] == "/account/"
    client.post(f"/account/factors/{mine.id}/remove/")
    assert factors.of(li.person) == []
    assert client.get("/my/").status_code == 200
