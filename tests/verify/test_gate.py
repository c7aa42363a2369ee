"""The source's gate and the platform's own decision, written apart, come to the same of the same grants."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.authorisation.rules import AgreementTerms, Ask, Frequency, GrantTerms, Range, Seen, Used, may_see
from xinqiao.kernel.ids import GrantId, InstitutionId, SubjectId
from xinqiao_verify import merkle
from xinqiao_verify.canonical import canonical
from xinqiao_verify.gate import FORMAT, Agreed, NotGiven, judge
from xinqiao_verify.notes import Key, signature_line

NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)
LOG, SIGNING = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
LOG_KEY = Key("410400.xinqiao/log", LOG.public_key().public_bytes_raw())
HOUSE_KEY = Key("410400.xinqiao/receipts", SIGNING.public_key().public_bytes_raw())
TRUST = {key.line: key for key in (LOG_KEY, HOUSE_KEY)}
BANK, CODE, ITEM, OTHER = "bank", "91410402MA40TE5TXF", "housing_fund_monthly", "electricity_use"
AGREED = Agreed("housing_fund", {ITEM: frozenset({"uscc", "amount"})}, frozenset({"loan_review"}))

DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
# The wrong way round is refused before anybody decides.
RANGES = st.tuples(DAYS, DAYS).map(lambda days: Range(*days)).filter(lambda one: one.touches(one.since, one.until))


@st.composite
def grants(draw: st.DrawFn) -> GrantTerms:
    """Moments a quarter of an hour apart, so that the gate's five minutes of patience decide nothing."""
    start = NOW + timedelta(minutes=15 * draw(st.integers(-8, 1)) - 7)
    most = draw(st.none() | st.integers(1, 3))
    return GrantTerms(
        id=GrantId(draw(st.integers(1, 9))),
        subject_id=SubjectId(draw(st.sampled_from((1, 1, 2)))),
        institution=InstitutionId(draw(st.sampled_from((BANK, BANK, "another")))),
        items=frozenset(draw(st.sampled_from(((ITEM,), (OTHER,), (ITEM, OTHER))))),
        purpose=draw(st.sampled_from(("loan_review", "loan_review", "post_loan"))),
        starts_at=start,
        ends_at=start + timedelta(minutes=15 * draw(st.integers(1, 10))),
        range=draw(RANGES),
        most_uses=most,
        used=Used(draw(st.integers(0, 3))),
        frequency=Frequency(9, 1),
    )


def a_file(held: list[GrantTerms], wanted: Range, other: dict[str, Any] = {}) -> bytes:  # noqa: B006 — only read
    """An ask as the platform signs it, promised a place in the log."""
    body = {
        "ask": 7,
        "log": LOG_KEY.name,
        "asked_at": NOW.isoformat(),
        "good_until": (NOW + timedelta(minutes=1)).isoformat(),
        "audience": "housing_fund",
        "recipient": {"id": BANK, "name": "示例银行"},
        "subject": CODE,
        "purpose": "loan_review",
        "items": {ITEM: {"fields": ["uscc", "amount"], **days(wanted)}},
        "agreement": {"document": "示例协议", "items": [ITEM, OTHER], "purposes": ["loan_review", "post_loan"]},
        "grants": [a_grant(one) for one in held],
        "nonce": "00" * 16,
    } | other
    digest = sha256(canonical(body)).hexdigest()
    event = canonical({"about": {"receipt_digest": digest}, "event": 1}).decode()
    leaf = base64.b64encode(merkle.leaf_hash(event.encode())).decode()
    text = f"xinqiao-promise/1\n{LOG_KEY.name}\n{leaf}\n"
    promise = f"{text}\n{signature_line(LOG_KEY, LOG.sign(text.encode()))}"
    value = base64.b64encode(SIGNING.sign(FORMAT.encode() + b"\n" + canonical(body))).decode()
    signature = {"key": HOUSE_KEY.name, "value": value}
    file = {"format": FORMAT, "receipt": body, "signature": signature, "event": event, "promise": promise}
    return json.dumps(file, ensure_ascii=False).encode()


def a_grant(one: GrantTerms) -> dict[str, Any]:
    return {
        "grant": one.id,
        "recipient": one.institution,
        "subject": CODE if one.subject_id == 1 else "91410402MA0000015P",
        "items": sorted(one.items),
        "purpose": one.purpose,
        "fetch": one.fetch.value,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        **days(one.range),
        "most_uses": one.most_uses,
        "uses": one.used.total,
    }


def days(within: Range) -> dict[str, Any]:
    return {"since": within.since and within.since.isoformat(), "until": within.until and within.until.isoformat()}


def given_by_the_source(content: bytes, agreed: Agreed = AGREED, now: datetime = NOW) -> str:
    try:
        judge(content, TRUST, agreed, now=now, first_time=lambda *_: True)
    except NotGiven as refusal:
        return refusal.type
    return "given"


@settings(max_examples=300)
@given(st.lists(grants(), max_size=3, unique_by=lambda one: one.id), RANGES)
def test_what_the_platform_would_ask_for_the_source_gives_and_nothing_else(held: list[GrantTerms], wish: Range) -> None:
    agreement = AgreementTerms(frozenset({ITEM, OTHER}), frozenset({"loan_review", "post_loan"}))
    ask = Ask(SubjectId(1), InstitutionId(BANK), "loan_review", NOW, frozenset({ITEM}), range=wish)
    decided = may_see(ask, agreement, held)
    if isinstance(decided, Seen):
        used = [one for one in held if one.id in decided.grants]
        assert given_by_the_source(a_file(used, decided.ranges[ITEM])) == "given"
    else:
        assert not any(given_by_the_source(a_file([one], wish.inside(one.range))) == "given" for one in held)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"audience": "tax_bureau"}, "bad-audience"),
        ({"purpose": "post_loan"}, "purpose-mismatch"),
        ({"grants": []}, "no-grant"),
        ({"asked_at": (NOW + timedelta(minutes=6)).isoformat()}, "stale-timestamp"),
        ({"good_until": (NOW + timedelta(hours=1)).isoformat()}, "expired"),
        ({"items": {ITEM: {"fields": ["owner"], "since": None, "until": None}}}, "scope-exceeded"),
        ({"agreement": {"document": "", "items": [], "purposes": ["loan_review"]}}, "scope-exceeded"),
    ],
    ids=["audience", "purpose", "grants", "future", "long", "fields", "agreement"],
)
def test_an_ask_that_is_not_in_order_gets_nothing(changed: dict[str, Any], refusal: str) -> None:
    whole = GrantTerms(
        GrantId(1), SubjectId(1), InstitutionId(BANK), frozenset({ITEM}), "loan_review", NOW - timedelta(days=1),
        NOW + timedelta(days=1),
    )  # fmt: skip
    assert given_by_the_source(a_file([whole], Range())) == "given"
    assert given_by_the_source(a_file([whole], Range(), changed)) == refusal


def test_what_is_open_needs_no_grant_and_no_key_but_the_platforms_opens_anything() -> None:
    open_here = Agreed("housing_fund", AGREED.items, AGREED.purposes, frozenset({ITEM}))
    content = a_file([], Range())
    assert given_by_the_source(content, open_here) == "given"
    forged = content.replace("示例银行".encode(), "另一银行".encode())
    assert given_by_the_source(forged, open_here) == "bad-signature"
