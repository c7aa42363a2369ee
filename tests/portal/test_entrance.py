"""Who gets in, who is kept out, and what a stranger learns by trying."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.portal.builders import BANK, PASSWORD, a_bank, a_business_on_its_phone, a_person, signed_in
from xinqiao.ledger import checking
from xinqiao.parties import roles
from xinqiao.parties.rules import Role
from xinqiao.portal import limits
from xinqiao.portal.errors import TooManyTries
from xinqiao.portal.sessions import _kept_as

WRONG = "wrong"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

pytestmark = pytest.mark.usefixtures("db")


def tried(client: Client, username: str, password: str = WRONG, address: str = "10.0.0.1") -> tuple[int, str]:
    answer = client.post("/sign-in/", {"username": username, "password": password}, REMOTE_ADDR=address)
    return answer.status_code, answer.content.decode()


def test_a_wrong_name_and_a_wrong_password_sound_the_same() -> None:
    a_person("zhou", "周经理", Role.OPERATOR)
    known, unknown = tried(Client(), "zhou"), tried(Client(), "nobody")
    assert known[0] == unknown[0] == 400
    assert "登录名或密码不对" in known[1]
    assert "登录名或密码不对" in unknown[1]


def test_after_five_wrong_passwords_even_the_right_one_waits() -> None:
    a_person("zhou", "周经理", Role.OPERATOR)
    assert [tried(Client(), "zhou")[0] for _ in range(5)] == [400] * 5
    status, page = tried(Client(), "zhou", PASSWORD)
    assert status == 429
    assert "暂停 15 分钟" in page


def test_a_lock_at_one_desk_leaves_the_same_person_free_at_another() -> None:
    a_person("zhou", "周经理", Role.OPERATOR)
    for _ in range(6):
        tried(Client(), "zhou")
    assert tried(Client(), "zhou", PASSWORD, address="10.0.0.2")[0] == 302


def test_one_name_cannot_be_tried_from_a_hundred_places() -> None:
    a_person("zhou", "周经理", Role.OPERATOR)
    outcomes = {tried(Client(), "zhou", address=f"10.0.1.{n}")[0] for n in range(limits.SIGN_IN_NAME.times)}
    assert outcomes == {400}
    assert tried(Client(), "zhou", PASSWORD, address="10.0.2.1")[0] == 429


def test_a_forgotten_password_remembered_begins_the_count_anew() -> None:
    a_person("zhou", "周经理", Role.OPERATOR)
    for _ in range(4):
        tried(Client(), "zhou")
    assert tried(Client(), "zhou", PASSWORD)[0] == 302
    assert [tried(Client(), "zhou")[0] for _ in range(4)] == [400] * 4


def test_a_count_is_over_when_its_time_is() -> None:
    now, limit = timezone.now(), limits.Limit("test", 2, timedelta(minutes=15))
    for _ in range(2):
        limits.count(limit, "somebody", now=now)
    with pytest.raises(TooManyTries) as refusal:
        limits.count(limit, "somebody", now=now + timedelta(minutes=10))
    assert refusal.value.wait == timedelta(minutes=5)
    limits.count(limit, "somebody", now=now + timedelta(minutes=15))


def same_as_nowhere(client: Client, address: str) -> bool:
    """Whether a page that is there is answered like one that is not."""
    nowhere = "/no/such/page/"
    answers = [client.get(one) for one in (address, nowhere)]
    pages = [
        TOKEN.sub("", answer.content.decode()).replace(one, "")
        for answer, one in zip(answers, (address, nowhere), strict=True)
    ]
    return {answer.status_code for answer in answers} == {404} and pages[0] == pages[1]


@pytest.mark.parametrize("address", ["/my/", "/institution/", "/provider/", "/operator/", "/my/grants/1/revoke/"])
def test_a_stranger_is_asked_to_sign_in_first(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in/?next={address}"


@pytest.mark.parametrize(
    ("role", "organisation", "home"),
    [
        (Role.BUSINESS, "", "/my/"),
        (Role.OFFICER, BANK, "/institution/"),
        (Role.PROVIDER, "tax_bureau", "/provider/"),
        (Role.OPERATOR, "", "/operator/"),
    ],
)
def test_everybody_lands_at_their_own_desk_and_at_no_other(role: Role, organisation: str, home: str) -> None:
    a_bank()
    a_person("somebody", "某人", role, organisation)
    client = signed_in("somebody")
    assert client.get("/").headers["Location"] == home
    others = {"/my/grants/", "/institution/", "/provider/", "/operator/deliveries/"} - {home, f"{home}grants/"}
    if role is Role.OPERATOR:
        others.discard("/operator/deliveries/")
    for other in others:
        assert same_as_nowhere(client, other)


def test_a_session_is_kept_so_that_its_row_opens_nothing() -> None:
    a_person("operator", "值班员", Role.OPERATOR)
    a_person("clerk", "报送员", Role.PROVIDER, "tax_bureau")
    operator, clerk = signed_in("operator"), signed_in("clerk")
    key = operator.cookies["session"].value
    assert not Session.objects.filter(session_key=key).exists(), "whoever reads the table has no key to come in with"
    theirs = Session.objects.exclude(session_key=_kept_as(clerk.cookies["session"].value)).get()
    Session.objects.filter(session_key=_kept_as(clerk.cookies["session"].value)).update(
        session_data=theirs.session_data
    )
    assert clerk.get("/operator/").status_code == 302, "what another session holds is worth nothing under one's own key"
    assert operator.get("/operator/").status_code == 200
    operator.post("/sign-out/")
    assert not Session.objects.filter(session_key=_kept_as(key)).exists()


def test_a_password_set_behind_our_back_is_named() -> None:
    a_person("operator", "值班员", Role.OPERATOR)
    user = get_user_model().objects.get()
    user.set_password("a forger's own")
    user.save()
    found = [f for f in checking.compare().found if f.table == "auth_user"]
    assert [(f.table, f.key, f.what.value) for f in found] == [("auth_user", str(user.pk), "altered")]


def test_signing_in_changes_nothing_the_log_answers_for() -> None:
    a_person("operator", "值班员", Role.OPERATOR)
    client = Client()
    assert tried(client, "operator", PASSWORD)[0] == 302
    assert [f for f in checking.compare().found if f.table == "auth_user"] == []


def test_a_role_that_ended_closes_the_page_with_the_next_click() -> None:
    person = a_person("zhou", "周经理", Role.OPERATOR)
    client = signed_in("zhou")
    assert client.get("/operator/deliveries/").status_code == 200
    number = roles.give(person=person, role=Role.INSPECTOR, now=timezone.now())
    from xinqiao.parties.queries import scopes_of

    assert len(scopes_of(person, timezone.now())) == 2
    roles.end(number - 1, now=timezone.now())
    assert same_as_nowhere(client, "/operator/deliveries/")


def test_only_a_role_really_held_can_be_chosen() -> None:
    a_business_on_its_phone("li")
    client = signed_in("li")
    client.post("/account/as/", {"as": "operator::"})
    assert same_as_nowhere(client, "/operator/")


def test_whoever_holds_a_role_at_another_desk_is_told_how_to_change_desks() -> None:
    person = a_person("zhou", "周经理", Role.OPERATOR)
    roles.give(person=person, role=Role.PROVIDER, organisation="tax_bureau", now=timezone.now())
    client = signed_in("zhou")
    assert client.get("/operator/").status_code == 200
    answer = client.get("/provider/")
    assert answer.status_code == 403
    assert "换一个身份" in answer.content.decode()
    client.post("/account/as/", {"as": "provider:tax_bureau:"})
    assert client.get("/provider/").status_code == 200


def test_the_way_back_never_leads_to_another_host() -> None:
    a_business_on_its_phone("li")
    answer = Client().post("/sign-in/", {"username": "li", "password": PASSWORD, "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"
    answer = Client().post("/language/", {"language": "en", "next": "//example.org/"})
    assert answer.headers["Location"] == "/"


def test_the_language_is_the_readers_own_choice_and_chinese_before_it() -> None:
    client = Client()
    assert "首页" in client.get("/", headers={"Accept-Language": "en"}).content.decode()
    client.post("/language/", {"language": "en", "next": "/"})
    page = client.get("/")
    assert "Who sees your credit information is your decision" in page.content.decode()
    assert page.headers["Content-Language"] == "en"


def test_a_form_without_its_token_is_told_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "zhou", "password": "x"})
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.content.decode()


def test_a_page_nobody_made_says_so_and_nothing_more() -> None:
    answer = Client().get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()
