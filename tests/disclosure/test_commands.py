"""The stable commands of consent and disclosure, as scripts use them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from joserfc.jwk import OKPKey

from tests.authorisation.builders import a_code
from tests.disclosure.builders import World, a_world
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import BANK, NOW
from xinqiao.cli.main import main
from xinqiao.evaluation import results

pytestmark = pytest.mark.furnished(by=a_world)


@pytest.fixture
def world(furnished: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return furnished


class Said:
    """Runs a command and reads what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object, code: int = 0) -> Any:
        self._capsys.readouterr()
        assert main([str(word) for word in words]) == code
        return json.loads(self._capsys.readouterr().out)

    def text(self, *words: object) -> str:
        self._capsys.readouterr()
        assert main([str(word) for word in words]) == 0
        return self._capsys.readouterr().out


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def test_without_an_agreement_in_force_nothing_is_told_and_a_new_one_opens_the_door_again(
    world: World, said: Said
) -> None:
    ask = ("report", world.code, "--as", BANK, "--purpose", "loan_review", "--json")
    [held] = said("agreement", "list", "--institution", BANK, "--json")["agreements"]
    ended = said("agreement", "end", held["agreement"], "--because", "机构退出", "--json")
    assert ended["ended_at"]
    assert said("agreement", "end", held["agreement"], "--json", code=1)["problem"]["type"] == "wrong-state"
    assert said(*ask, code=1)["problem"]["type"] == "agreement-not-in-force"
    terms = ("--institution", BANK, "--purposes", "loan_review", "--until", "2027-12-31", "--json")
    made = said("agreement", "make", "--items", "tax_arrears", *terms)
    assert made["items"] == ["tax_arrears"]
    told = said(*ask)["report"]  # the grant names the declared sales; the new agreement does not
    assert told["basis"]["agreement"] == made["agreement"]
    assert "tax_declared_sales" in {one["item"] for one in told["not_included"]}
    assert said("agreement", "make", "--items", "tax_arrears", *terms, code=1)["problem"]["type"] == "conflict"


def test_a_script_grants_asks_revokes_and_is_refused(world: World, said: Said) -> None:
    terms = ("--subject", world.code, "--to", BANK, "--items", "electricity_arrears,tax_arrears")
    given = said("grant", *terms, "--purpose", "post_loan", "--until", "2026-12-31", "--json")
    assert given["state"] == "given"
    assert given["items"] == ["electricity_arrears", "tax_arrears"]
    ask = ("report", world.code, "--as", BANK, "--purpose", "post_loan", "--json")
    told = said(*ask)
    assert told["format"] == "xinqiao-receipt/1"
    assert told["report"]["basis"]["grants"] == [given["grant"]]
    assert said("revoke", given["grant"], "--json")["state"] == "revoked"
    assert said("revoke", given["grant"], "--json", code=1)["problem"]["type"] == "wrong-state"
    refused = said(*ask, code=1)
    assert refused["problem"]["type"] == "grant-revoked"
    assert set(refused["problem"]) == {"type", "title", "detail"}


def test_what_report_prints_is_a_file_that_verify_takes(world: World, said: Said, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(said.text("report", world.code, "--as", BANK, "--purpose", "loan_review", "--json"))
    assert said("verify", answer, "--json")["standing"] == "promised"
    number = json.loads(answer.read_text())["receipt"]["number"]
    kept = tmp_path / "receipt.json"
    assert said("receipt", number, "--to", kept, "--json")["standing"] == "proven"
    assert said("verify", kept, "--json")["standing"] == "proven"


def test_a_script_asks_for_items_and_verifies_a_claim_and_both_are_files_that_verify_takes(
    world: World, said: Said, tmp_path: Path
) -> None:
    asking = ("--as", BANK, "--purpose", "loan_review")
    query = ("query", world.code, *asking, "--items", "tax_declared_sales,administrative_penalty", "--json")
    claim = ("verify-claim", world.code, *asking, "--claim", "no_penalty_in_a_year", "--json")
    for words, form in ((query, "xinqiao-query/1"), (claim, "xinqiao-verification/1")):
        answer = tmp_path / "answer.json"
        answer.write_text(said.text(*words))
        assert json.loads(answer.read_text())["report"]["format"] == form
        assert said("verify", answer, "--json")["standing"] == "promised"
    assert said(*claim)["report"]["answer"] == "no"
    narrow = said(*query, "--since", "2026-05-01")["report"]["items"]
    assert [len(item["lines"]) for item in narrow] == [1, 0]
    beyond = said("query", world.code, *asking, "--items", "electricity_arrears", "--json", code=1)
    assert beyond["problem"]["type"] == "scope-exceeded"
    name = ("verify-claim", world.code, *asking, "--claim", "legal_representative_is", "--json")
    assert said(*name, code=1)["problem"]["type"] == "malformed"
    assert said(*name, "--value", "王小明")["report"]["unknown_because"] == "source-silent"


def test_a_person_reads_an_answer_in_words(world: World, said: Said) -> None:
    asking = (world.code, "--as", BANK, "--purpose", "loan_review")
    assert "近十二个月有没有公开的行政处罚：有" in said.text("verify-claim", *asking, "--claim", "no_penalty_in_a_year")
    assert "不知道（来源还没有提供过）" in said.text("verify-claim", *asking, "--claim", "no_tax_arrears")
    told = said.text("query", *asking, "--items", "administrative_penalty")
    assert "行政处罚信息（双公示） 1 条" in told


def test_a_person_reads_the_three_key_lines_at_the_terminal(world: World, said: Said) -> None:
    told = said.text("report", world.code, "--as", BANK, "--purpose", "loan_review")
    assert "行政处罚" in told
    assert "仅供参考" in told
    assert "1234567.80" not in told


def test_the_institutions_and_their_agreements_are_listed(world: World, said: Said) -> None:
    [bank] = said("institutions", "--json")["institutions"]
    assert (bank["institution"], bank["kind"]) == (BANK, "bank")
    assert bank["agreement"]["purposes"] == ["loan_review", "post_loan"]
    assert BANK in said.text("institutions")


@pytest.mark.parametrize(
    "words",
    [
        ("grant", "--subject", a_code(), "--to", BANK, "--items", "a", "--purpose", "p", "--until", "2026-12-31"),
        ("revoke", 1),
        ("report", a_code(), "--as", BANK, "--purpose", "loan_review"),
    ],
)
def test_nobody_acts_in_anothers_name_in_production(
    world: World, said: Said, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    monkeypatch.setenv("XINQIAO_MODE", "production")
    assert said(*words, "--json", code=1)["problem"]["type"] == "sample-only"


def test_an_operator_registers_a_program_and_ends_it(world: World, said: Said, tmp_path: Path) -> None:
    key, file = OKPKey.generate_key("Ed25519"), tmp_path / "key.json"
    file.write_text(json.dumps(key.as_dict(private=False)))
    command = ("client", "register", "bank_core", "--institution", BANK, "--key", file, "--json")
    assert said(*command) == {"client": "bank_core", "institution": BANK, "fingerprint": key.thumbprint()}
    assert said(*command, code=1)["problem"]["type"] == "conflict"
    assert said("client", "end", "bank_core", "--json")["state"] == "ended"
    assert said("client", "end", "bank_core", "--json", code=1)["problem"]["type"] == "wrong-state"
    assert said("client", "end", "nobody", "--json", code=1)["problem"]["type"] == "not-found"
    file.write_text(json.dumps(key.as_dict(private=True)))
    private = said("client", "register", "careless", "--institution", BANK, "--key", file, "--json", code=1)
    assert private["problem"]["type"] == "key-invalid"
    assert str(key.as_dict(private=True)["d"]) not in json.dumps(private)


def test_wrong_usage_is_told_apart_from_a_refusal(world: World) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["grant", "--subject", a_code(), "--until", "soon"])
    assert ended.value.code == 2


def test_a_trace_leads_from_a_business_to_its_deliveries_facts_and_receipts(world: World, said: Said) -> None:
    number = world.ask().number
    subject = said("trace", world.code, "--json")
    assert subject["receipts"] == [number]
    assert [grant["grant"] for grant in subject["grants"]] == [world.grant.id]
    told = said("trace", f"receipt/{number}", "--json")
    assert {fact["fact"] for fact in told["facts"]} <= {fact["fact"] for fact in subject["facts"]}
    assert said("trace", f"R-20260601-{number:06d}", "--json") == told
    fact = said("trace", f"fact/{told['facts'][0]['fact']}", "--json")
    assert fact["receipts"] == [number]
    assert len(fact["leaf"]) == 64
    assert fact["position"] is not None
    assert any(event["kind"] == "creditfile:facts:stored" for event in fact["events"])


def test_a_trace_shows_ids_digests_and_events_and_never_a_value(world: World, said: Said) -> None:
    number = world.ask().number
    for thing in (world.code, f"receipt/{number}", "fact/1", "fact/2"):
        for shown in (said.text("trace", thing), json.dumps(said("trace", thing, "--json"), ensure_ascii=False)):
            for value in ("1234567.80", "王小明", "平环罚", "42000", "鲁山县", "周经理"):
                assert value not in shown, (thing, value)


def test_a_trace_of_nothing_is_refused_by_name(world: World, said: Said) -> None:
    wanted = {"7": "malformed", "fact/999": "not-found", "receipt/999": "not-found", "delivery/999": "delivery-unknown"}
    for thing, kind in wanted.items():
        assert said("trace", thing, "--json", code=1)["problem"]["type"] == kind, thing
    assert said("trace", a_code(9), "--json", code=1)["problem"]["type"] == "not-found"


def test_a_fact_and_the_growth_of_the_log_are_proven_without_a_word_of_content(
    world: World, said: Said, tmp_path: Path
) -> None:
    kept, row, growth = tmp_path / "checkpoint", tmp_path / "row.json", tmp_path / "growth.json"
    kept.write_text(said.text("ledger", "checkpoint"))
    terms = ("--subject", world.code, "--to", BANK, "--items", "electricity_arrears", "--purpose", "post_loan")
    said("grant", *terms, "--until", "2026-12-31", "--json")
    fact = said("trace", world.code, "--json")["facts"][0]["fact"]
    assert said("ledger", "prove", fact, "--to", row, "--json")["standing"] == "proven"
    assert "fact" not in json.loads(row.read_text())
    assert said("verify", row, "--json")["standing"] == "proven"
    said.text("ledger", "checkpoint")
    said("ledger", "grown", kept, "--to", growth, "--json")
    assert said("verify", growth, "--json")["standing"] == "proven"
    assert said("ledger", "check", "--checkpoint", kept, "--json")["sound"], (
        "what was printed can be kept and given back"
    )
    origin, size, *rest = kept.read_text().split("\n")
    kept.write_text("\n".join([origin, f"9{size}", *rest]))
    assert said("ledger", "grown", kept, "--to", growth, "--json", code=1)["problem"]["type"] == "evidence-refused"
    assert said("ledger", "prove", 10**9, "--to", row, "--json", code=1)["problem"]["type"] == "not-found"


def test_a_grade_is_tried_under_what_is_supposed_on_the_record_and_nothing_of_it_is_kept(
    world: World, said: Said
) -> None:
    models_in_force(now=NOW)
    found = said("grade", world.code, "--what-if", "--json")
    assert {"now", "changes", "position"} <= found["changes"].keys()
    honour = "honour:granted_on=2026-05-01,level=1,granted_by=省政府"
    told = said("grade", world.code, "--what-if", honour, "on:2026-06-02", "--json")
    assert told["receipt"] == found["receipt"] + 1
    assert told["what_if"]["asked"]["on"] == "2026-06-02"
    assert told["what_if"]["then"]["points"] > told["what_if"]["now"]["points"]
    assert results.history(world.business) == [], "trying gives no grade"
    for nonsense in ("repair:all", "on:tomorrow", "honour", "honour:level", "repair:999"):
        refused = said("grade", world.code, "--what-if", nonsense, "--json", code=1)
        assert refused["problem"]["type"] == "scope-invalid", nonsense
