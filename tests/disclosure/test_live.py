"""Sources that keep their data themselves: asked while the question is open, by their own gate, and told honestly."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import a_grant
from tests.disclosure.builders import World, a_world
from tests.parties.builders import NOW
from xinqiao import catalogue
from xinqiao.authorisation import changing
from xinqiao.disclosure import breaking, interfaces
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.breaking import Line, Outcome, Past
from xinqiao.disclosure.errors import AddressRefused, GrantRevoked
from xinqiao.disclosure.models import Call, Receipt
from xinqiao.ledger import checking, identity, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.parties.errors import KeyInvalid
from xinqiao_city import interface
from xinqiao_city.interface import Department
from xinqiao_verify.gate import Agreed, NotGiven, judge
from xinqiao_verify.notes import read_trust

FUND, ITEM = "housing_fund", "housing_fund_monthly"
DEPOSIT = {"unit_account": "037500012345", "paid_on": "2026-04-15", "amount": "12800.00", "members": "10", "ratio": "8"}


def a_world_with_a_live_source() -> World:
    return a_world(items=["tax_declared_sales", ITEM])


pytestmark = pytest.mark.furnished(by=a_world_with_a_live_source)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


@pytest.fixture
def fund(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Department]:
    """The housing fund's own system, with its own gate; it knows one deposit of everybody."""
    monkeypatch.setitem(interface.RECORDS, ITEM, lambda uscc, _: [DEPOSIT | {"uscc": uscc}])
    trust = read_trust([identity.key().line, house.key().line])
    fields = frozenset(catalogue.city().item(ITEM).fields)
    agreed = Agreed(FUND, {ITEM: fields}, frozenset({"loan_review"}))
    department = Department(FUND, Ed25519PrivateKey.generate(), trust, agreed, clock=lambda: NOW)
    with serving(department) as address:
        interfaces.set_up(source=FUND, address=address, key_line=department.key.line, now=NOW)
        yield department


class serving:  # noqa: N801 — reads as what it does
    def __init__(self, department: Department) -> None:
        self.server = interface.server(department, 0)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def __exit__(self, *raised: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def asked_of(answer: Answer) -> Any:
    return next(one for one in answer.report["sources"] if one["source"] == FUND)


def lines_of(answer: Answer) -> list[Any]:
    items = [item for family in answer.report["families"] for item in family["items"]]
    return [line for item in items if item["item"] == ITEM for line in item["lines"]]


def test_the_source_is_asked_and_its_rows_are_told_with_four_moments(world: World, fund: Department) -> None:
    answer = world.ask()
    [line] = lines_of(answer)
    assert line["values"]["amount"] == "12800.00"
    assert line["values"]["unit_account"].count("*") > 4, "an account is covered, as ever"
    assert (line["fact"], line["delivery"], line["source"]) == (None, None, FUND)
    told = asked_of(answer)
    assert told["state"] == "answered"
    assert told["asked"]["call"] == line["call"]
    moments = [told["asked"][name] for name in ("sent_at", "received_at", "answered_at", "arrived_at")]
    assert None not in moments
    sequencing.sequence(NOW)
    call = Call.objects.get()
    assert (call.receipt, call.outcome) == (answer.number, "answered")
    assert ITEM in Receipt.objects.get(pk=answer.number).items
    assert checking.check().sound


def test_whoever_has_no_grant_for_it_has_nobody_asked(world: World, fund: Department) -> None:
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    a_grant(world.business, by=world.representative, items=["tax_declared_sales"])
    assert lines_of(world.ask()) == []
    assert not Call.objects.exists()


def test_a_grant_revoked_while_the_source_answers_closes_the_door(
    world: World, fund: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(uscc: str, _: Any) -> list[dict[str, str]]:
        changing.revoke(world.grant.id, by=world.representative, now=NOW)
        connection.close()
        return [DEPOSIT | {"uscc": uscc}]

    monkeypatch.setitem(interface.RECORDS, ITEM, slow)
    with pytest.raises(GrantRevoked):
        world.ask()
    call = Call.objects.get()
    assert (call.outcome, call.receipt, call.answer) == ("answered", None, None), "heard, told to nobody, not kept"
    assert not Receipt.objects.exists()


def test_what_the_source_s_own_gate_refuses_is_said_and_the_rest_is_told(world: World, fund: Department) -> None:
    fund.agreed = replace(fund.agreed, purposes=frozenset({"guarantee"}))
    answer = world.ask()
    assert (asked_of(answer)["state"], asked_of(answer)["state_title"]) == ("refused", "没有提供")
    assert lines_of(answer) == []
    assert answer.report["families"], "what was delivered is told all the same"
    assert Call.objects.get().refused == "purpose-mismatch"


def test_a_source_that_does_not_answer_in_time_is_not_waited_for(
    world: World, fund: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    go_on = threading.Event()
    monkeypatch.setitem(interface.RECORDS, ITEM, lambda *_: go_on.wait(20) and [])
    began = time.monotonic()
    answer = world.ask()
    assert time.monotonic() - began < 10
    go_on.set()
    assert (asked_of(answer)["state"], asked_of(answer)["asked"]["arrived_at"] is not None) == ("silent", True)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second to answer, two failures, a minute of rest."""
    item = catalogue.city().item(ITEM)
    assert item.called is not None
    quick = item.called.model_copy(update={"within_seconds": 1, "failures": 2})
    monkeypatch.setitem(item.__dict__, "called", quick)


def test_an_answer_somebody_else_signed_is_no_answer(world: World, fund: Department) -> None:
    fund.private = Ed25519PrivateKey.generate()
    answer = world.ask()
    assert asked_of(answer)["state"] == "unfit"
    assert lines_of(answer) == []


def test_rows_about_another_business_or_out_of_form_are_not_told(
    world: World, fund: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [DEPOSIT | {"uscc": "91410402MA40TE5TXF"}, DEPOSIT | {"uscc": str(world.code), "amount": "很多"}]
    monkeypatch.setitem(interface.RECORDS, ITEM, lambda *_: rows)
    answer = world.ask()
    assert lines_of(answer) == []
    assert asked_of(answer)["asked"]["rejected"] == 2


def test_a_source_that_keeps_failing_is_left_alone_and_tried_again(
    world: World, fund: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    right, fund.private = fund.private, Ed25519PrivateKey.generate()
    for turn in range(4):
        world.ask(now=NOW + timedelta(seconds=turn))
    assert Call.objects.count() == 2, "after two failures nobody asks for a minute"
    assert [one.line for one in interfaces.standing(NOW + timedelta(seconds=9))] == [Line.OPEN]
    fund.private = right
    answer = world.ask(now=NOW + timedelta(minutes=2))
    assert asked_of(answer)["state"] == "answered"
    assert Call.objects.count() == 3


def test_a_question_repeated_under_its_key_has_the_same_answer_and_asks_nobody_twice(
    world: World, fund: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.ask(client="core", key="k-1")
    monkeypatch.setitem(interface.RECORDS, ITEM, lambda *_: [])
    again = world.ask(client="core", key="k-1", now=NOW + timedelta(minutes=1))
    assert (again.number, again.report) == (first.number, first.report)
    assert Call.objects.count() == 1


def test_an_ask_is_good_once_for_one_source_and_for_a_minute(world: World, fund: Department) -> None:
    answer, sent = fund.answer, list[bytes]()

    def overheard(content: bytes) -> str:
        sent.append(content)
        return answer(content)

    fund.answer = overheard  # type: ignore[method-assign]
    world.ask()
    [ask] = sent

    def refusal(agreed: Agreed = fund.agreed, now: datetime = NOW, content: bytes = ask) -> str:
        with pytest.raises(NotGiven) as refused:
            judge(content, fund.trust, agreed, now=now, first_time=fund._first_time)
        return refused.value.type

    assert refusal() == "replay"
    assert refusal(replace(fund.agreed, source="tax_bureau")) == "bad-audience"
    assert refusal(now=NOW + timedelta(minutes=7)) == "expired"
    assert refusal(now=NOW - timedelta(minutes=6)) == "stale-timestamp"
    assert refusal(replace(fund.agreed, items={ITEM: frozenset({"uscc"})})) == "scope-exceeded"
    assert refusal(content=ask.replace(b"loan_review", b"loan_renews")) == "bad-signature"


def test_an_interface_has_a_safe_address_and_the_source_s_own_key(world: World, fund: Department) -> None:
    line = fund.key.line
    for address in ("http://10.0.0.8/ask", "ftp://fund.gov.cn/", "https://me@fund.gov.cn/", "https:///ask"):
        with pytest.raises(AddressRefused):
            interfaces.set_up(source=FUND, address=address, key_line=line, now=NOW)
    with pytest.raises(KeyInvalid):
        interfaces.set_up(source=FUND, address="https://fund.gov.cn/", key_line=house.key().line, now=NOW)
    interfaces.set_up(source=FUND, address="https://fund.gov.cn/ask", key_line=line, now=NOW)
    assert [one.address for one in interfaces.standing(NOW)] == ["https://fund.gov.cn/ask"]


# ── when a source rests ──────────────────────────────────────────────────────────────────────────────────────────────

CALLED = catalogue.city().item(ITEM).called
MOMENTS = st.integers(0, 600).map(lambda seconds: datetime(2026, 11, 28, tzinfo=UTC) + timedelta(seconds=seconds))


@given(st.lists(st.tuples(st.sampled_from(Outcome), MOMENTS), max_size=12), MOMENTS)
def test_a_source_rests_after_failures_in_a_row_and_for_no_other_reason(
    calls: list[tuple[Outcome, datetime]], now: datetime
) -> None:
    assert CALLED is not None
    past = sorted((Past(outcome, at) for outcome, at in calls), key=lambda one: one.at, reverse=True)
    found = breaking.line(CALLED, past, now)
    heard = [one for one in past if one.outcome is not Outcome.ASKED]
    in_a_row = next((n for n, one in enumerate(heard) if one.outcome not in breaking.FAILED), len(heard))
    if in_a_row < CALLED.failures:
        assert found is Line.CLOSED
    else:
        assert found is not Line.CLOSED
        if now < heard[0].at + timedelta(seconds=CALLED.rest_seconds):
            assert found is Line.OPEN
