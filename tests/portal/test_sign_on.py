"""Signing on from the sign-in page by the simulator, as a browser does it."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.authorisation.builders import a_code
from xinqiao import home
from xinqiao.parties import sign_on_simulator as simulator
from xinqiao.parties.sign_on import Capacity, Licence
from xinqiao.parties.sign_on_simulator import Card

WANG = Card("王小明", "410402198001010018", Licence(a_code(), "鲁山县示例农产品有限公司", Capacity.REPRESENTATIVE))


@pytest.fixture(autouse=True)
def _a_home_of_its_own(city_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "make_home", lambda: tmp_path)
    simulator.put_roster([WANG])


def off(client: Client, way: str = "e_licence", wanted: str = "/account/") -> str:
    """The address of the simulator's page the browser is sent to."""
    return client.post(f"/sign-on/{way}/", {"next": wanted}).headers["Location"]


def choose(client: Client, address: str, **typed: str) -> str:
    """The address the browser is sent back to."""
    page = client.get(address).content.decode()
    asked = dict(re.findall(r'name="(state|nonce|back)" value="([^"]+)"', page))
    return client.post(address.partition("?")[0], asked | (typed or {"card": "0"})).headers["Location"]


def test_whoever_signs_on_with_a_licence_is_here_by_real_name_and_back_where_they_wanted_to_be() -> None:
    client = Client()
    assert "电子营业执照" in client.get("/sign-in/").content.decode()
    answer = client.get(choose(client, off(client)))
    assert answer.headers["Location"] == "/account/"
    assert answer.cookies["sign-on"].value == ""
    assert client.get("/").headers["Location"] == "/account/", "he has no desk here yet"
    assert "王小明" in client.get("/account/").content.decode()


def test_the_way_back_opens_nothing_twice_elsewhere_or_on_another_host() -> None:
    client, thief = Client(), Client()
    back = choose(client, off(client))
    assert thief.get(back).status_code == 403
    sealed = client.cookies["sign-on"].value
    assert client.get(back).status_code == 302
    client.cookies["sign-on"] = sealed
    assert Client().get(back).status_code == client.get(back).status_code == 403
    assert "/sign-in/" in thief.get("/account/").headers["Location"]
    away = off(client).replace("back=http%3A%2F%2Ftestserver%2Fsign-on", "back=https%3A%2F%2Fevil.example%2Felsewhere")
    assert client.get(away).status_code == 404
    assert choose(client, off(client, wanted="https://evil.example/")).startswith("/sign-on/e_licence/back/?")


def test_whoever_signed_on_shows_it_again_the_same_way_and_is_never_asked_for_a_password() -> None:
    client = Client()
    client.get(choose(client, off(client)))
    page = client.get("/account/confirm/?next=/account/factors/code/").content.decode()
    assert "再登录一次" in page
    assert 'name="password"' not in page
    assert "豫事办" not in page, "only by what she has come before"


def test_in_production_nobody_is_let_in_by_a_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    here = choose(client, off(client))
    monkeypatch.setattr(home, "mode", lambda: home.Mode.PRODUCTION)
    assert client.get(here).status_code == 404
    assert client.get("/simulated/e_licence/").status_code == 404
    assert client.post("/sign-on/e_licence/").status_code == 404
    assert "电子营业执照" not in client.get("/sign-in/").content.decode()
