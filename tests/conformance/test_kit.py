"""The kit against the real house: what it says of the platform, of a program that behaves, and of one that does not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from joserfc.jwk import OKPKey

from tests.authorisation.builders import a_code
from tests.browser.serving import served
from tests.parties.builders import assessed
from tests.portal.builders import BANK
from xinqiao import catalogue
from xinqiao.cli.main import main as xinqiao
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger import sequencing
from xinqiao.parties import agreements, institutions
from xinqiao.parties.rules import InstitutionKind
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction
from xinqiao_conformance import cli, scenarios, watching
from xinqiao_conformance.judging import Call, judge
from xinqiao_conformance.program import Program
from xinqiao_conformance.scenarios import Business

CLIENT = "conformance"


@pytest.fixture
def sandbox(city_db: str, tmp_path: Path) -> Iterator[tuple[str, Path, OKPKey]]:
    """The platform's address, the list of prepared businesses, and the key of a program."""
    now, key = timezone.now(), OKPKey.generate_key("Ed25519")
    bank = institutions.admit(
        id=BANK, name="平顶山示例银行", kind=InstitutionKind.BANK, contact="0375-0000000", now=now
    )
    assessed(bank, now=now, today=timezone.localdate())
    agreements.make(
        institution=BANK,
        document="平信共〔2026〕1号",
        items=[item.item for item in catalogue.city().whole_items()],
        purposes=("loan_review", "post_loan"),
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=300),
        now=now,
    )
    day = date(2018, 3, 2)
    made = [
        Introduction(a_code(n), f"示例企业{n}", SubjectKind.ENTERPRISE, "410423", "13", day, "K") for n in range(1, 40)
    ]
    registration.introduce(made, now=now)
    public, private, listed = (tmp_path / name for name in ("public.jwk", "private.jwk", "businesses.json"))
    public.write_text(json.dumps(key.as_dict(private=False)))
    private.write_text(json.dumps(key.as_dict(private=True)))
    assert xinqiao(["client", "register", CLIENT, "--institution", BANK, "--key", str(public), "--json"]) == 0
    assert xinqiao(["sandbox", "prepare", "--institution", BANK, "--out", str(listed), "--json"]) == 0
    with served() as origin, _sequenced():
        yield origin, tmp_path, key


@contextmanager
def _sequenced() -> Iterator[None]:
    """What is written is placed in the log as it comes."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.2):
            sequencing.sequence(timezone.now())
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_the_platform_holds_to_every_scenario(
    sandbox: tuple[str, Path, OKPKey], capsys: pytest.CaptureFixture[str]
) -> None:
    origin, folder, _ = sandbox
    capsys.readouterr()
    words = ["play", "--platform", origin, "--client", CLIENT, "--key", str(folder / "private.jwk")]
    code = cli.main([*words, "--businesses", str(folder / "businesses.json"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [one for one in told if not one["passed"]] == []
    assert [one["scenario"] for one in told] == [one.id for one in scenarios.PLATFORM]
    assert code == 0


def test_a_program_that_behaves_passes_and_one_that_does_not_is_told_why(sandbox: tuple[str, Path, OKPKey]) -> None:
    origin, folder, key = sandbox
    listed = json.loads((folder / "businesses.json").read_text())["businesses"]
    businesses = [Business(one["scenario"], one["uscc"], one["purpose"]) for one in listed]
    ours = [one for one in businesses if one.scenario.startswith("XQ-5")]
    assert _verdicts(origin, businesses, lambda program: _behaves(program, ours), key) == dict.fromkeys(
        (one.id for one in scenarios.PROGRAM), "passed"
    )
    revoked = next(one for one in ours if one.scenario == "XQ-507")
    insisting = _verdicts(origin, businesses, lambda program: [_ask(program, revoked) for _ in range(2)], key)
    assert (insisting["XQ-507"], insisting["XQ-503"], insisting["XQ-501"]) == ("failed", "unmet", "passed")


def _verdicts(origin: str, businesses: list[Business], does: Any, key: OKPKey) -> dict[str, str]:
    watcher = watching.Watcher(origin, businesses)
    with watching.server(watcher) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        does(Program(f"http://127.0.0.1:{server.server_port}", CLIENT, key))
        server.shutdown()
    return {one["scenario"]: one["verdict"] for one in watcher.results()}


def _ask(program: Program, about: Business) -> Any:
    return program.ask_until_told("reports", {"uscc": about.uscc, "purpose": about.purpose})


def _behaves(program: Program, ours: list[Business]) -> None:
    for about in ours:
        answer = _ask(program, about)
        if answer.status == 200:
            number = answer.told["receipt"]["number"]
            assert program.call("GET", f"receipts/{number}").status == 200


USCC = "91410402MA40TE5TXF"


def said(scenario: str, *calls: Call) -> str:
    listed = {scenario: Business(scenario, USCC, "loan_review")}
    return next(f"{one['verdict']}: {one['said']}" for one in judge(calls, listed) if one["scenario"] == scenario)


def call(
    at: float, *, key: str = "k", proof: str | None = None, path: str = "/api/v1/reports", uscc: str = USCC
) -> Call:
    return Call(at, "POST", path, uscc, key, str(at) if proof is None else proof, 200, "")


def test_each_misbehaviour_is_named() -> None:
    assert said("XQ-501", call(1, proof="p"), call(2, proof="p")).startswith("failed: a proof was sent twice")
    assert said("XQ-501", call(1), call(2, proof="")) == "failed: 1 calls without a proof"
    assert said("XQ-502", call(1, key="")) == "failed: 1 questions without an Idempotency-Key"
    assert said("XQ-503", call(1), call(2, key="other")).startswith("failed: asked again under another key")
    assert said("XQ-503", call(1)) == "unmet: the question was not asked again"
    assert said("XQ-504", call(1), call(1.5)).startswith("failed: asked again after 0.5 s")
    assert said("XQ-504", call(1), call(3)) == "passed: "
    assert said("XQ-506", call(1), call(2)) == "failed: no new token was asked for"
    assert said("XQ-506", call(1), call(1.5, path="/oauth/token", uscc=""), call(2)) == "passed: "
    assert said("XQ-508", call(1)) == "unmet: fetch the receipt with its proof"
