"""The commands of whoever watches over others, as scripts use them; and the path of what they did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.disclosure.test_commands import Said
from tests.oversight.builders import City, a_city
from tests.parties.builders import BANK, NOW, TODAY
from xinqiao import home
from xinqiao.cli.rights import SAID as SAID_BY_COMMAND
from xinqiao.parties import queries as parties

REFERRED = ("--regulator", "监管分局", "--reference", "平信移〔2026〕1号")


@pytest.fixture
def city(city_db: str, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return a_city()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def acts_told(said: Said, thing: str) -> list[str]:
    return [event["kind"].split(":")[-1] for event in said("trace", thing, "--json")["events"]]


def test_a_script_opens_a_case_hears_the_institution_and_two_decide_it(city: City, said: Said) -> None:
    opened = said("infringement", "open", "--institution", BANK, "--receipt", city.look, "--json")
    assert (opened["reference"], opened["state"], opened["receipts"]) == ("Q-20260601-000001", "opened", [city.look])
    early = said("infringement", "propose", 1, "--finding", "infringed", "--json", code=1)
    assert early["problem"]["type"] == "wrong-state"
    said("infringement", "suspend", 1, "--json")
    assert parties.suspension_of(BANK, TODAY) is not None
    assert said("infringement", "answer", 1, "--json")["clocks"][0]["met"] == TODAY.isoformat()
    said("infringement", "propose", 1, "--finding", "infringed", "--json")
    said("infringement", "turn-back", 1, "--json")
    said("infringement", "propose", 1, "--finding", "infringed", "--json")
    assert said("infringement", "confirm", 1, "--json")["state"] == "established"
    assert said("infringement", "refer", 1, *REFERRED, "--json")["state"] == "referred"
    assert said("infringement", "close", 1, "--json", code=1)["problem"]["type"] == "wrong-state"
    assert said("infringement", "list", "--open", "--json")["infringements"] == []
    assert [one["finding"] for one in said("infringement", "list", "--json")["infringements"]] == ["infringed"]
    assert acts_told(said, "Q-20260601-000001") == [
        "opened", "suspended", "answered", "proposed", "turned_back", "proposed", "established", "referred",
    ]  # fmt: skip
    traced = said("trace", "infringement/1", "--json")
    assert (traced["receipts"], traced["subjects"]) == ([city.look], [city.world.business])


def test_a_script_inspects_the_operator_and_an_institution(city: City, said: Said) -> None:
    due = (TODAY + timedelta(days=9)).isoformat()
    assert said("inspection", "open", "--json")["institution"] is None
    assert said("inspection", "find", 1, "--mend", "收回账号", "--due", due, "--json")["clocks"][0]["due"] == due
    said("inspection", "report", 1, "--json")
    assert said("inspection", "send-back", 1, "--due", due, "--json")["state"] == "mending"
    said("inspection", "report", 1, "--json")
    assert said("inspection", "close", 1, "--json")["state"] == "closed"
    said("inspection", "open", "--institution", BANK, "--json")
    said("inspection", "find", 2, "--mend", "补登用途", "--due", due, "--json")
    assert said("inspection", "report", 2, "--json")["state"] == "reported"
    assert [one["inspection"] for one in said("inspection", "list", "--open", "--json")["inspections"]] == [2]
    assert acts_told(said, "J-20260601-000001") == ["opened", "found", "reported", "sent_back", "reported", "closed"]
    assert said("trace", "inspection/2", "--json")["institution"] == BANK


def test_a_script_complains_is_answered_and_goes_above(city: City, said: Said) -> None:
    by_business = ("--subject", city.world.code, "--about", "institution", "--name", BANK)
    assert said("complaint", "make", *by_business, "--json")["reference"] == "T-20260601-000001"
    nobodys = said("complaint", "make", "--about", "platform", "--json")
    assert said("complaint", "take-up", 1, "--json")["infringement"] == 1
    assert said("complaint", "escalate", 1, "--json", code=1)["problem"]["type"] == "wrong-state"
    for number in (1, 2):
        said("complaint", "answer", number, "--json")
    assert said("complaint", "list", "--waiting", "--json")["complaints"] == []
    said("complaint", "escalate", 1, "--json")
    assert said("complaint", "refer", 1, *REFERRED, "--json")["state"] == "referred"
    assert said("complaint", "escalate", 2, "--json", code=1)["problem"]["type"] == "not-found"
    said("complaint", "escalate", 2, "--code", nobodys["code"], "--json")
    assert said("complaint", "settle", 2, "--json")["state"] == "settled"
    assert acts_told(said, "complaint/1") == ["made", "taken_up", "answered", "escalated", "referred"]
    traced = said("trace", "T-20260601-000002", "--json")
    assert (traced["subject"], traced["about"]) == (None, "platform")
    assert SAID_BY_COMMAND not in str(traced)


def test_in_a_real_city_nobody_acts_in_anothers_name(city: City, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "mode", lambda: home.Mode.PRODUCTION)
    for words in (("infringement", "list"), ("inspection", "open"), ("complaint", "make", "--about", "platform")):
        assert said(*words, "--json", code=1)["problem"]["type"] == "sample-only"
