"""Two institutions never see each other's anything: every address is called with every id of the other's.

Whatever is asked about what is another's, the answer is that for an id nobody has: same status, same words, same number
of questions to the database. The addresses and their ids are read from the description, so that a new one is tried too.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from joserfc import jwt

from tests.api.test_interface import Caller, described
from tests.authorisation.builders import ITEMS, a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import SALES, a_world, on_file
from tests.evaluation.estimates import SALES_ALONE
from tests.parties.builders import BANK, NOW, a_bank, a_program, an_agreement, an_officer
from xinqiao.authorisation import persons
from xinqiao.disclosure import following as changes
from xinqiao.disclosure import pushing, subscribing, watched, watching
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.pushed import Wanted
from xinqiao.evaluation import rule_sets
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import sequencing
from xinqiao.notices import following, webhooks
from xinqiao.subjects import queries as subjects

OTHER = "pds_another_bank"
PERSONS = "administrative_penalty"  # has particulars of persons
PERFORMING = {"became": "performing", "since": "2026-06-01", "until": "2026-06-01", "known_on": "2026-06-01"}
# What an id is called where it is asked for, in a path, a query or a body. What is not on one of these two lists makes
# the test fail: whoever adds it says which it is.
UNKNOWN: Mapping[str, Any] = {
    "number": 10**9,
    "document": 10**9,
    "subscription": 10**9,
    "push": 10**9,
    "webhook": 10**9,
    "watch": 10**9,
    "news": 10**9,
    "grant": 10**9,
    "uscc": str(a_code(999)),
    "basis": 10**9,
    "consent": 10**9,
    "usccs": [str(a_code(999))],
    "feedback": 10**9,
    "rules": "nobodys_rules",
    "entries": [{"uscc": str(a_code(999)), "receipt": 10**9, "outcome": PERFORMING}],
}
NO_IDS = frozenset(
    {
        "purpose",
        "items",
        "claim",
        "indicators",
        "value",
        "on_behalf",
        "since",
        "until",
        "after",
        "size",
        "url",
        "types",
        "event",
        "grade",
        "form",
        "divisions",
        "industries",
        "kinds",
        "sizes",
        "content",
        "attestation",  # the numbers in it are tried as such
        "matter",
        "name",
        "document_number",
        "capacity",
        "deferred",
        "because",
        "before",
        "Idempotency-Key",
        "DPoP",
    }
)
# What a question has to say besides, to be one about something that only a grant opens.
SAID: Mapping[str, Any] = {
    "purpose": "loan_review",
    "items": ["tax_declared_sales"],
    "claim": "declared_sales_in_a_year",
    "indicators": ["declared_sales_12m"],
    "url": "https://hooks.bank.example/xinqiao",
    "types": [],
    "form": "csv",
    "event": 1,  # counted in each institution's own feed
    "matter": "平许〔2026〕17号",
    "name": "王小明",
    "document_number": "410402199001011234",
    "capacity": "spouse",
    "because": "录错了",
    "before": 10**6,
}


# What departments ask by law; institutions have none of it (tests/api/test_sharing.py tries them).
BY_LAW = "/api/v1/sharings"


# A watch needs a grant for monitoring, which is beside the one for loans.
MONITORING: Mapping[str, Any] = {"purpose": "post_loan", "grade": True}


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@dataclass(frozen=True)
class Side:
    """An institution's program, and one of everything that is its own."""

    caller: Caller
    own: Mapping[str, Any]


def two_sides() -> tuple[Side, Side]:
    world = a_world(agreed=[*ITEMS, PERSONS])
    a_bank(OTHER)
    an_agreement(OTHER, items=["tax_arrears", "tax_declared_sales", PERSONS])
    business = a_business(2, "宝丰县示例建材有限公司")
    grant = a_grant(business, to=OTHER, by=a_representative(business), items=["tax_declared_sales"])
    mine = Side(Caller(a_program(BANK, "one_core")), {"grant": world.grant.id, "uscc": str(world.code)})
    theirs = Side(Caller(a_program(OTHER, "another_core")), {"grant": grant.id, "uscc": str(a_code(2))})
    mine, theirs = _with_document(_with_receipt(mine)), _with_document(_with_receipt(theirs))
    sequencing.sequence(NOW)
    following.follow(NOW)
    return mine, theirs


def _with_receipt(side: Side) -> Side:
    told = side.caller.ask({"uscc": side.own["uscc"], "purpose": "loan_review"})
    assert told.status_code == 200, told.content
    number = json.loads(told.content)["receipt"]["number"]
    institution = InstitutionId(BANK if side.caller.program.id == "one_core" else OTHER)
    hook = webhooks.register(institution=institution, url=SAID["url"], now=NOW).id
    side = Side(side.caller, {**side.own, "number": number, "webhook": hook})
    rules = _rules(side, institution)
    side = Side(side.caller, {**side.own, "rules": rules})
    entries = [{"uscc": side.own["uscc"], "receipt": number, "outcome": PERFORMING}]
    side = Side(side.caller, {**side.own, "entries": entries, "feedback": _fed_back(side, entries)})
    by = persons.Program(institution, side.caller.program.id)
    asked = persons.ask(side.own["grant"], persons.Named("李梅", "1", "spouse"), by=by, now=NOW).id
    side = Side(side.caller, {**side.own, "consent": asked})
    return _with_news(_with_push(side, institution), institution)


def _rules(side: Side, institution: InstitutionId) -> str:
    """Its own rules for an estimate, in force, over what both were granted."""
    name = f"rules_of_{side.caller.program.id}"
    first, second = an_officer(institution, "周经理"), an_officer(institution, "吴经理")
    made = rule_sets.propose(SALES_ALONE.replace("sales_alone", name).encode(), of=institution, by=first, now=NOW)
    rule_sets.approve(made.number, of=institution, by=second, now=NOW)
    return name


def _fed_back(side: Side, entries: object) -> int:
    path = "/api/v1/feedback"
    headers = side.caller.header("POST", path)
    taken: Any = Client().post(path, json.dumps({"entries": entries}), content_type="application/json", headers=headers)
    assert taken.status_code == 200, taken.content
    number: int = json.loads(taken.content)["entries"][0]["feedback"]
    return number


def _with_document(side: Side) -> Side:
    path, headers = "/api/v1/documents", side.caller.header("POST", "/api/v1/documents")
    asked = {"uscc": side.own["uscc"], "purpose": "loan_review", "form": "csv"}
    told: Any = Client().post(path, json.dumps(asked), content_type="application/json", headers=headers)
    return Side(side.caller, {**side.own, "document": json.loads(told.content)["receipt"]["document"]})


def _with_push(side: Side, institution: InstitutionId) -> Side:
    """A file of public information; another subscription whose file is not made yet."""
    asked = Asked(institution, MANY, "loan_review", NOW, client=side.caller.program.id)
    told = subscribing.order(subscribing.begin(asked, Wanted(("honour",))).id, asked, full=True)
    assert told.order is not None
    push = pushing.make(told.order.id, now=NOW)
    waiting = subscribing.begin(asked, Wanted(("administrative_penalty",)))
    return Side(side.caller, {**side.own, "subscription": waiting.id, "push": push})


def _with_news(side: Side, institution: InstitutionId) -> Side:
    """Something watched has changed, under a grant for monitoring beside the one for loans."""
    business, items = subjects.known_as(Uscc.parse(side.own["uscc"])).id, ["tax_declared_sales"]
    by = a_representative(business)
    monitoring = a_grant(business, to=institution, by=by, items=items, purpose="post_loan").id
    watch = watching.begin(
        asker=institution,
        client=side.caller.program.id,
        uscc=side.own["uscc"],
        purpose="post_loan",
        grant=monitoring,
        items=frozenset(items),
        grade=True,
        now=NOW,
    )
    on_file(business, "tax_declared_sales", [{**SALES, "period": "2026-03"}], delivery=9)
    changes.follow(NOW)
    news = watched.of_institution(institution)[0].waiting
    return Side(side.caller, {**side.own, "watch": watch.id, "news": news, "monitoring": monitoring})


@dataclass(frozen=True)
class Operation:
    """An operation that needs a token, with the names of everything it is asked with."""

    method: str
    path: str
    asked_in_body: frozenset[str]
    asked: frozenset[str]

    def call(self, side: Side, said: Mapping[str, Any]) -> tuple[int, bytes, int]:
        path = self.path.format(**said)
        headers = side.caller.header(self.method, path)
        body = {name: value for name, value in said.items() if name in self.asked_in_body}
        body |= {name: value for name, value in SAID.items() if name in self.asked_in_body}
        if path == "/api/v1/watches" and body:
            mine = said["grant"] == side.own["grant"]
            body |= {**MONITORING, "grant": side.own["monitoring"] if mine else said["grant"]}
        if "divisions" in body or path == "/api/v1/subscriptions":
            body |= {"items": ["honour"]} if body else {}
        if "attestation" in self.asked_in_body:
            body = {"attestation": _attested(side, said["number"])}
        with CaptureQueriesContext(connection) as asked:
            sent: Any = Client().generic(
                self.method, path, json.dumps(body), content_type="application/json", headers=headers
            )
        return sent.status_code, sent.getvalue(), len(asked)


def _attested(side: Side, receipt: int) -> str:
    said = {"iss": side.caller.program.id, "iat": int(NOW.timestamp()), "receipts": [receipt], "how": "deleted"}
    return jwt.encode({"alg": "Ed25519"}, said, side.caller.program.key, algorithms=["Ed25519"])


def operations() -> Iterator[Operation]:
    description = described()
    for path, of_path in description["paths"].items():
        for method, one in of_path.items():
            if "security" not in one:
                continue
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            named = description["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            in_body = frozenset(named.get("properties", {}))
            signed_for = {"number"} if "attestation" in in_body else set()
            yield Operation(
                method.upper(), path, in_body, in_body | signed_for | {p["name"] for p in one["parameters"]}
            )


def test_whatever_is_asked_is_known_to_be_an_id_or_none(city_db: str) -> None:
    for one in operations():
        assert one.asked <= set(UNKNOWN) | NO_IDS, (one.method, one.path)


def test_the_others_ids_are_as_unknown_as_any(city_db: str) -> None:
    sides = two_sides()
    tried = 0
    for one in (each for each in operations() if each.path != BY_LAW):
        for side, other in (sides, sides[::-1]):
            for name in one.asked & set(UNKNOWN):
                theirs = one.call(side, {**side.own, name: other.own[name]})
                nobodys = one.call(side, {**side.own, name: UNKNOWN[name]})
                assert theirs == nobodys, (one.path, name)
                assert theirs[0] in {403, 404} or b"evidence-mismatch" in theirs[1], (one.path, name)
                tried += 1
            status, told, _ = one.call(side, side.own)
            assert status == 200, one.path
            assert str(other.own["uscc"]).encode() not in told, one.path
    assert tried >= 6
