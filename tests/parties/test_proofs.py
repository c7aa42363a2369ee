"""DPoP proofs: which are taken, for which call, and only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from tests.parties.builders import NOW, TODAY, TOKEN_ADDRESS, Program, a_bank, a_program
from xinqiao.kernel.problems import Problem
from xinqiao.parties import proofs, tokens
from xinqiao.parties.errors import BadProof, ReplayedProof, StaleProof
from xinqiao.parties.models import SpentProof, Token
from xinqiao.parties.proofs import Call

HERE = "https://xinqiao.test/api/v1/reports"
TOKEN = "a token"
SENDER = Program("whoever", OKPKey.generate_key("Ed25519"))


def read(proof: str | None, *, now: datetime = NOW, token: str | None = TOKEN, address: str = HERE) -> proofs.Proof:
    return proofs.read(Call("POST", address, proof), now=now, token=token)


def a_proof(**more: Any) -> str:
    return SENDER.proof("POST", HERE, TOKEN, **more)


@pytest.mark.parametrize("key", [OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256")], ids=["Ed25519", "ES256"])
def test_a_proof_names_its_key_by_the_thumbprint(key: OKPKey | ECKey) -> None:
    sender = Program("whoever", key, key)
    assert read(sender.proof("POST", HERE, TOKEN)).key == key.thumbprint()


@pytest.mark.parametrize(
    "spelt",
    [
        "https://XINQIAO.test:443/api/v1/reports",
        f"{HERE}?page=1",
        f"{HERE}#top",
        "https://xinqiao.test/api/v1/%72eports",
    ],
)
def test_one_address_may_be_spelt_in_several_ways(spelt: str) -> None:
    assert read(a_proof(htu=spelt))


@pytest.mark.parametrize(
    "wrong",
    [
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"htu": "https://xinqiao.test/api/v1/receipts/1"},
        {"htu": "http://xinqiao.test/api/v1/reports"},
        {"htu": "https://xinqiao.test:8443/api/v1/reports"},
        {"htu": "https://elsewhere.test/api/v1/reports"},
        {"htu": "https://xinqiao.test:port/api/v1/reports"},
        {"htu": "//[xinqiao"},
        {"htu": 7},
        {"htu": None},
        {"ath": None},
        {"ath": proofs.hash_of("another token")},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 65},
        {"jti": 7},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": 1e300},
        {"iat": float("inf")},
        {"head": {"typ": "JWT"}},
        {"head": {"typ": None}},
        {"head": {"jwk": None}},
        {"head": {"jwk": SENDER.sender.as_dict(private=True)}},  # its owner has to change it
        {"head": {"jwk": OKPKey.generate_key("Ed25519").as_dict(private=False)}},
        {"head": {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "short"}}},
    ],
    ids="-".join,  # by what is wrong, never by the keys in it: those are others in each process
)
def test_a_proof_of_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadProof):
        read(a_proof(**wrong))


def test_no_proof_is_a_bad_one() -> None:
    with pytest.raises(BadProof):
        read(None)


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_proof_nobody_signed_is_refused(algorithm: str) -> None:
    jwk = SENDER.sender.as_dict(private=False)
    claims = {"htm": "POST", "htu": HERE, "iat": int(NOW.timestamp()), "jti": "1", "ath": proofs.hash_of(TOKEN)}
    head = {"alg": algorithm, "typ": "dpop+jwt", "jwk": jwk}
    secret = OctKey.import_key({"kty": "oct", "k": jwk["x"]})
    if algorithm == "none":
        unsigned = jwt.encode(head | {"alg": "HS256"}, claims, secret).rsplit(".", 1)[0] + "."
    else:
        unsigned = jwt.encode(head, claims, secret)
    with pytest.raises(BadProof):
        read(unsigned)


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reading_of_a_proof(text: str) -> None:
    with pytest.raises(BadProof):
        read(text)


@given(st.text(max_size=60))
def test_no_address_whatever_breaks_the_comparing(text: str) -> None:
    assert not proofs._same(text, HERE)


def at(seconds: float) -> float:
    return NOW.timestamp() + seconds


@pytest.mark.parametrize("seconds", [-300, -309, 0, 9])
def test_clocks_that_differ_by_seconds_are_forgiven(seconds: float) -> None:
    assert read(a_proof(iat=at(seconds)))


@pytest.mark.parametrize("seconds", [-360, -311, 11, 360])
def test_six_minutes_are_not(seconds: float) -> None:
    with pytest.raises(StaleProof):
        read(a_proof(iat=at(seconds)))


# ── with a token ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def program(db: None) -> Program:
    a_bank()
    return a_program()


def a_token(program: Program) -> str:
    return tokens.issue(assertion=program.assertion(), call=program.call(), today=TODAY, now=NOW).token


def call(program: Program, token: str, now: datetime = NOW, **more: Any) -> Call:
    return program.call("POST", HERE, token, now=now, **more)


def test_a_token_works_with_the_key_it_was_asked_with_and_no_other(program: Program) -> None:
    token, thief = a_token(program), Program(program.id, program.key)
    assert tokens.holder(token, call=call(program, token), now=NOW)
    with pytest.raises(BadProof):
        tokens.holder(token, call=call(thief, token), now=NOW)


def test_a_token_given_another_key_in_the_database_opens_nothing(program: Program) -> None:
    token, thief = a_token(program), Program(program.id, program.key)
    Token.objects.update(key=thief.sender.thumbprint())
    assert tokens.holder(token, call=call(thief, token), now=NOW) is None


def test_a_proof_is_good_once_and_forgotten_when_it_would_not_be_taken_any_more(program: Program) -> None:
    token = a_token(program)
    once = call(program, token)
    assert tokens.holder(token, call=once, now=NOW)
    later = NOW + timedelta(minutes=5)
    with pytest.raises(ReplayedProof):
        tokens.holder(token, call=once, now=later)
    over = NOW + timedelta(minutes=5, seconds=11)
    with pytest.raises(StaleProof):
        tokens.holder(token, call=once, now=over)
    assert SpentProof.objects.count() == 2
    assert tokens.holder(token, call=call(program, token, over), now=over)
    assert SpentProof.objects.count() == 1


def test_of_a_proof_without_a_live_token_nothing_is_kept(program: Program) -> None:
    assert tokens.holder("made up", call=call(program, "made up"), now=NOW) is None
    assert SpentProof.objects.count() == 0


def test_a_proof_for_a_token_is_good_once(program: Program) -> None:
    once = program.call()
    tokens.issue(assertion=program.assertion(), call=once, today=TODAY, now=NOW)
    with pytest.raises(ReplayedProof):
        tokens.issue(assertion=program.assertion(), call=once, today=TODAY, now=NOW)


def test_of_many_copies_of_a_call_sent_at_the_same_moment_one_is_heard(city_db: str) -> None:
    a_bank()
    program = a_program()
    token = a_token(program)
    copied = call(program, token)

    def heard(_: int) -> bool:
        try:
            return tokens.holder(token, call=copied, now=NOW) is not None
        except Problem:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(heard, range(16))) == 1


def test_an_assertion_is_no_proof_and_a_proof_no_assertion(program: Program) -> None:
    from xinqiao.parties.errors import Malformed

    with pytest.raises(BadProof):
        tokens.issue(
            assertion=program.assertion(), call=Call("POST", TOKEN_ADDRESS, program.assertion()), today=TODAY, now=NOW
        )
    with pytest.raises(Malformed):
        tokens.issue(assertion=program.proof(), call=program.call(), today=TODAY, now=NOW)
