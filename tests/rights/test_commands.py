"""The commands of objections and other cases, as scripts use them."""

import pytest
from django.utils import timezone

from tests.disclosure.test_commands import Said
from tests.parties.builders import NOW
from tests.rights.builders import City, a_city
from xinqiao import home
from xinqiao.cli.main import main
from xinqiao.disclosure import corrected

pytestmark = pytest.mark.furnished(by=a_city)


@pytest.fixture
def city(furnished: City, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return furnished


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def opened(city: City, said: Said) -> int:
    told = said("objection", "open", "--subject", city.world.code, "--fact", city.penalty, "--text", "已撤销", "--json")
    assert (told["objection"], told["state"], told["reference"]) == (1, "asked", "O-20260601-000001")
    assert [clock["due"] for clock in told["clocks"]] == ["2026-06-04", "2026-06-10", "2026-06-22"]
    return int(told["objection"])


def test_a_script_objects_answers_upholds_and_reads_who_was_told(city: City, said: Said) -> None:
    report = city.world.ask()
    number = opened(city, said)
    assert said("objection", "answer", number, "--verdict", "remove", "--json")["answer"] == "remove"
    upheld = said("objection", "uphold", number, "--json")
    assert upheld["state"] == "upheld"
    [notice] = corrected.newest(city.world.grant.institution)
    assert [notice.receipt] == upheld["told"]
    assert [one["receipt"] for one in notice.said["reports"]] == [report.number]
    assert said("objection", "uphold", number, "--json", code=1)["problem"]["type"] == "wrong-state"


def test_a_script_rejects_and_lists(city: City, said: Said) -> None:
    number = opened(city, said)
    assert [one["objection"] for one in said("objection", "list", "--open", "--json")["objections"]] == [number]
    assert said("objection", "reject", number, "--json")["state"] == "rejected"
    assert said("objection", "list", "--open", "--json")["objections"] == []
    [mine] = said("objection", "list", "--subject", city.world.code, "--json")["objections"]
    assert mine["state"] == "rejected"


def test_an_objections_path_is_traced_by_events(city: City, said: Said) -> None:
    number = opened(city, said)
    said("objection", "uphold", number, "--json")
    for thing in (f"objection/{number}", "O-20260601-000001"):
        kinds = [event["kind"] for event in said("trace", thing, "--json")["events"]]
        assert kinds == ["rights:objection:opened", "rights:objection:asked", "rights:objection:upheld"]
    about = [event["kind"] for event in said("trace", f"fact/{city.penalty}", "--json")["events"]]
    assert "rights:objection:upheld" in about


def test_a_script_signs_has_it_broken_by_two_and_traces_every_kind_of_case(city: City, said: Said) -> None:
    signed = said("commitment", "sign", "--subject", city.world.code, "--form", "fair_trade", "--json")
    assert (signed["reference"], signed["state"]) == ("P-20260601-000001", "in_force")
    assert said("commitment", "propose", 1, "--json")["claim"] == "proposed"
    assert said("commitment", "establish", 1, "--json", code=1)["problem"]["type"] == "wrong-state"
    said("commitment", "answer", 1, "--text", "不是这样", "--json")
    assert said("commitment", "establish", 1, "--json")["state"] == "broken"
    assert said("commitment", "mend", 1, "--json", code=1)["problem"]["type"] == "wrong-state"  # too early
    traced = said("trace", "P-20260601-000001", "--json")
    assert (traced["state"], traced["claim"]) == ("broken", "established")
    assert [event["kind"].rpartition(":")[2] for event in traced["events"]] == [
        *("signed", "proposed", "answered", "established")
    ]
    line = ("--source", "public_credit_platform", "--item", "administrative_penalty", "--uscc", city.world.code)
    said(
        "annulment",
        "report",
        *line,
        "--key",
        "平环罚〔2026〕1号",
        "--document",
        "撤1号",
        "--on",
        "2026-05-30",
        "--json",
    )
    assert said("trace", "W-20260601-000001", "--json")["state"] == "reported"
    assert said("trace", "repair/1", "--json", code=1)["problem"]["type"] == "not-found"


def test_nobody_acts_for_others_by_command_in_production(
    city: City, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(city, said)
    monkeypatch.setattr(home, "mode", lambda: home.Mode.PRODUCTION)
    for act in ("uphold", "reject"):
        assert main(["objection", act, str(number), "--json"]) == 1
    assert main(["objection", "answer", str(number), "--verdict", "right", "--json"]) == 1


def test_a_script_declares_takes_it_back_and_traces_it(city: City, said: Said) -> None:
    to = ("--subject", city.world.code)
    values = ("period=2026-04", "revenue=120000", "staff=7")
    make = ("declaration", "make", *to, "--item", "self_declared_operation", *values, "--json")
    assert said(*make, code=1)["problem"]["type"] == "not-ready"  # not committed to be truthful yet
    said("commitment", "sign", *to, "--form", "truthful_declaration", "--json")
    made = said(*make)
    assert (made["reference"], made["state"], len(made["deliveries"])) == ("D-20260601-000001", "standing", 1)
    assert said("declaration", "withdraw", 1, "--json")["state"] == "withdrawn"
    [listed] = said("declaration", "list", *to, "--json")["declarations"]
    assert listed["state"] == "withdrawn"
    events = [event["kind"].rpartition(":")[2] for event in said("trace", "D-20260601-000001", "--json")["events"]]
    assert events == ["made", "withdrawn"]


def test_a_refused_act_on_an_objection_is_in_the_log(city: City, said: Said) -> None:
    number = opened(city, said)
    said("objection", "reject", number, "--json")
    assert said("objection", "uphold", number, "--json", code=1)["problem"]["type"] == "wrong-state"
    last = said("trace", f"objection/{number}", "--json")["events"][-1]
    assert (last["kind"], last["about"]["reason"]) == ("rights:objection:refused", "wrong-state")
