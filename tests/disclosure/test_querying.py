"""Query by item: what is open without a grant, what is not, and what is said of the rest (abuse cases 21, 23, 24)."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.authorisation.builders import a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import PENALTY, World, a_world, on_file
from tests.disclosure.test_reports import _counted
from tests.parties.builders import BANK, NOW, TODAY, an_agreement
from xinqiao.authorisation import changing
from xinqiao.authorisation.rules import Range
from xinqiao.disclosure import queries
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.errors import (
    AgreementNotInForce,
    GrantRevoked,
    KeyReused,
    NoSuchSubject,
    NotAuthorised,
    OutOfScope,
    PurposeMismatch,
    RangeExceeded,
    ScopeInvalid,
)
from xinqiao.disclosure.querying import MOST_ITEMS, query
from xinqiao.kernel.problems import Problem
from xinqiao.ledger.events import Kind
from xinqiao.parties import agreements
from xinqiao.parties import queries as parties

pytestmark = pytest.mark.furnished(by=a_world)

OPEN, GRANTED, CLOSED = "administrative_penalty", "tax_declared_sales", "electricity_arrears"
ARREARS = {
    "subject_name": "鲁山县示例农产品有限公司",
    "taxpayer_id": "91410423MA0000001X",
    "tax_kind": "02",
    "arrears_balance": Decimal("8000.00"),
    "notice_on": date(2026, 4, 10),
    "authority": "鲁山县税务局",
}
SLIGHT = PENALTY | {"doc_no": "平环罚〔2026〕3号", "severity": "1"}


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def ask(world: World, *items: str, **other: Any) -> Answer:
    asked: dict[str, Any] = {
        "asker": BANK,
        "officer": world.officer,
        "uscc": world.code,
        "purpose": "loan_review",
        "items": frozenset(items),
        "now": NOW,
    }
    return query(**(asked | other))


def lines(answer: Answer) -> dict[str, list[Any]]:
    return {item["item"]: item["lines"] for item in answer.report["items"]}


def refusals() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_event WHERE kind = 'disclosure:query:refused' ORDER BY id")
        return [json.loads(body)["about"] for (body,) in cursor.fetchall()]


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_named_items_are_told_line_by_line_and_no_other(world: World) -> None:
    answer = ask(world, OPEN, GRANTED)
    told = lines(answer)
    assert list(told) == [OPEN, GRANTED]
    assert told[GRANTED][0]["values"]["sales"] == "1234567.80"
    assert told[OPEN][0] | {"values": None} == {
        "fact": told[OPEN][0]["fact"],
        "values": None,
        "nature": "breach",
        "standing": "good",
        "source": "public_credit_platform",
        "call": None,
        "delivery": 1,
        "line": 2,
        "received_on": "2026-05-20",
        "valid_from": "2026-05-12",
        "valid_to": None,
        "annotations": [],
        "changed": None,
        "pseudonyms": {"legal_person_name": told[OPEN][0]["pseudonyms"]["legal_person_name"]},
    }
    for hidden in ("王小明", "410402199001011234", "0412345678"):
        assert hidden not in answer.text
    assert "grade" not in answer.report
    assert {s["source"] for s in answer.report["sources"]} == {"public_credit_platform", "tax_bureau"}


def test_an_item_with_nothing_in_it_is_there_and_empty(world: World) -> None:
    answer = ask(world, "tax_arrears")
    assert lines(answer) == {"tax_arrears": []}
    [source] = answer.report["sources"]
    assert (source["state"], source["never"][0]["item"]) == ("silent", "tax_arrears")


def test_what_cannot_be_about_this_kind_of_business_is_said_to_be_so(world: World) -> None:
    answer = ask(world, "tax_arrears", "rural_collective")
    assert [one["item"] for one in answer.report["not_about"]] == ["rural_collective"]
    assert list(lines(answer)) == ["tax_arrears"]


def test_what_is_open_needs_an_agreement_and_no_grant(world: World) -> None:
    a_business(2, "另一家示例有限公司")
    on_file(a_business(4, "第三家示例有限公司"), OPEN, [PENALTY], delivery=9)
    told = ask(world, OPEN, uscc=a_code(4)).report
    assert told["basis"] | {"agreement": 0} == {"ground": "依法公开的信息", "agreement": 0, "grants": []}
    assert len(told["items"][0]["lines"]) == 1
    assert lines(ask(world, OPEN, uscc=a_code(2))) == {OPEN: []}


def test_a_row_that_is_not_open_is_told_under_a_named_grant_only_and_that_it_is_kept_back_is_said(world: World) -> None:
    on_file(world.business, OPEN, [SLIGHT], delivery=9)
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="扩大范围", now=NOW)
    an_agreement(items=[OPEN])
    grant = a_grant(world.business, by=world.representative, items=[OPEN])
    openly, under = ask(world, OPEN), ask(world, OPEN, grant=grant.id)
    assert (len(lines(openly)[OPEN]), len(lines(under)[OPEN])) == (1, 2)
    assert {row["class"] for row in openly.report["items"][0]["rows_withheld"]} == {"authorised"}
    assert under.report["items"][0]["rows_withheld"] == []
    without_any = ask(world, OPEN, uscc=_another(2))
    assert without_any.report["items"][0]["rows_withheld"] == openly.report["items"][0]["rows_withheld"]


def _another(number: int) -> str:
    a_business(number, "另一家示例有限公司")
    return a_code(number)


def test_only_the_days_asked_for_are_told_and_no_day_beyond_the_grant(world: World) -> None:
    settled = {"notice_on": date(2025, 9, 1), "settled_on": date(2026, 2, 1)}
    on_file(world.business, "tax_arrears", [ARREARS | {"tax_kind": "01"}, ARREARS | settled], delivery=9)
    assert [len(rows) for rows in lines(ask(world, "tax_arrears", GRANTED)).values()] == [2, 1]
    narrow = ask(world, "tax_arrears", GRANTED, range=Range(date(2026, 5, 1)))
    assert [len(rows) for rows in lines(narrow).values()] == [1, 0]
    assert narrow.report["range"] == {"since": "2026-05-01", "until": None}
    with pytest.raises(RangeExceeded):
        ask(world, GRANTED, range=Range(date(2016, 1, 1)))
    assert ask(world, "tax_arrears", range=Range(date(2016, 1, 1)))


def test_the_business_sees_what_was_looked_at_and_a_use_of_its_grant_is_counted(world: World) -> None:
    openly, under = ask(world, OPEN), ask(world, OPEN, GRANTED)
    newest, before = queries.who_looked(world.business).looks
    assert (newest.kind, newest.items, newest.grants) == (Kind.QUERY_TOLD, (OPEN, GRANTED), (world.grant.id,))
    assert (before.items, before.grants) == ((OPEN,), ())
    assert (openly.number, under.number) == (before.number, newest.number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT receipt FROM authorisation_use")
        assert cursor.fetchall() == [(under.number,)]


def test_a_report_counts_queries_among_the_looks_at_a_file(world: World) -> None:
    ask(world, OPEN)
    assert world.ask().report["uses"]["count"] == 1


def test_a_correction_reaches_whoever_asked_for_the_item(world: World) -> None:
    answer = ask(world, OPEN)
    assert queries.recipients_of(lines(answer)[OPEN][0]["fact"]) == [answer.number]


# ── who is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_than_was_granted_is_refused_and_not_trimmed(world: World) -> None:
    with pytest.raises(OutOfScope):
        ask(world, GRANTED, CLOSED)
    with pytest.raises(OutOfScope):
        ask(world, OPEN, grant=world.grant.id)
    with pytest.raises(PurposeMismatch):
        ask(world, GRANTED, purpose="post_loan")
    assert [one["reason"] for one in refusals()] == ["scope-exceeded", "scope-exceeded", "purpose-mismatch"]


def test_after_a_revocation_what_is_open_is_still_open_and_the_rest_is_closed(world: World) -> None:
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    with pytest.raises(GrantRevoked):
        ask(world, OPEN, GRANTED)
    assert lines(ask(world, OPEN))[OPEN]


def test_without_an_agreement_not_even_what_is_open_is_told(world: World) -> None:
    with pytest.raises(PurposeMismatch):
        ask(world, OPEN, purpose="guarantee_review")
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="机构退出", now=NOW)
    with pytest.raises(AgreementNotInForce):
        ask(world, OPEN)


@pytest.mark.parametrize("items", [(CLOSED,), (OPEN, CLOSED)])
def test_an_unknown_business_and_a_forbidden_one_cannot_be_told_apart(world: World, items: tuple[str, ...]) -> None:
    """Same refusal, same size, same statements; the log names both by a keyed mark."""
    a_business(2, "另一家示例有限公司")
    answers, statements = [], []
    for code in (a_code(2), a_code(3)):
        with _counted() as asked, pytest.raises(NotAuthorised) as refused:
            ask(world, *items, uscc=code)
        answers.append(refused.value.as_dict())
        statements.append(asked)
    assert answers[0] == answers[1]
    assert statements[0] == statements[1]
    forbidden, unknown = refusals()
    assert forbidden | {"uscc": ""} == unknown | {"uscc": ""}


def test_the_register_is_open_so_that_nobody_is_registered_under_a_code_is_said_of_open_items_only(
    world: World,
) -> None:
    with pytest.raises(NoSuchSubject):
        ask(world, OPEN, uscc=a_code(3))
    assert [one["reason"] for one in refusals()] == ["not-found"]


def test_what_is_no_item_is_refused_before_the_business_is_looked_at(world: World) -> None:
    for items in ((), ("no_such_item",), ("shareholder_paid_in",), tuple(f"a{n}" for n in range(MOST_ITEMS + 1))):
        with _counted() as asked, pytest.raises(ScopeInvalid):
            ask(world, *items)
        assert asked == []


def test_another_banks_grant_opens_nothing(world: World) -> None:
    other = a_business(2, "另一家示例有限公司")
    a_grant(other, by=a_representative(other))
    with pytest.raises(NotAuthorised):
        ask(world, GRANTED, grant=world.grant.id, uscc=a_code(2))


# ── asked again ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_query_repeated_under_its_key_is_one_look_and_one_use(world: World) -> None:
    first, again = (ask(world, GRANTED, officer=None, client="core", key="5f0c") for _ in range(2))
    assert (first.number, first.report) == (again.number, again.report)
    assert len(queries.who_looked(world.business).looks) == 1
    with pytest.raises(KeyReused):
        ask(world, GRANTED, OPEN, officer=None, client="core", key="5f0c")
    with pytest.raises(KeyReused):
        world.ask(officer=None, client="core", key="5f0c")


def test_every_refusal_is_in_the_one_list(world: World) -> None:
    listed = {"no-grant", "scope-exceeded", "scope-invalid", "not-found", "purpose-mismatch", "range-exceeded"}
    for wrong in ({"uscc": a_code(9)}, {"items": frozenset({"x"})}, {"purpose": "post_loan"}):
        with pytest.raises(Problem) as refused:
            ask(world, GRANTED, **wrong)
        assert refused.value.type in listed
