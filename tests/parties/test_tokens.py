"""The token endpoint's rules: who signed, for whom, when, and only once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.parties.builders import BANK, NOW, TODAY, TOKEN_ADDRESS, Program, a_bank, a_program
from xinqiao.kernel.problems import Problem
from xinqiao.parties import assertions, clients, tokens
from xinqiao.parties.errors import (
    AlreadyThere,
    BadAudience,
    Expired,
    KeyInvalid,
    Malformed,
    Replay,
    ScopeInvalid,
    StaleTimestamp,
    UnknownCredential,
    UnknownInstitution,
)
from xinqiao.parties.models import Token


@pytest.fixture
def program(db: None) -> Program:
    a_bank()
    return a_program()


HERE = "https://xinqiao.test/api/v1/reports"
SENDER = Program("whoever", OKPKey.generate_key("Ed25519"))


def ask(assertion: str, now: datetime = NOW, sender: Program = SENDER) -> str:
    return tokens.issue(assertion=assertion, call=sender.call(now=now), today=TODAY, now=now).token


def holder(token: str, now: datetime = NOW, sender: Program = SENDER) -> tokens.Holder | None:
    return tokens.holder(token, call=sender.call("POST", HERE, token, now=now), now=now)


@pytest.mark.parametrize("key", [OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256")], ids=["Ed25519", "ES256"])
def test_a_program_that_signs_gets_a_token_for_ten_minutes(db: None, key: OKPKey | ECKey) -> None:
    a_bank()
    token = ask(a_program(key=key).assertion())
    told = holder(token, now=NOW + timedelta(minutes=10) - timedelta(milliseconds=1))
    assert told is not None
    assert (told.id, told.institution) == ("sample_bank_core", BANK)
    assert holder(token, now=NOW + timedelta(minutes=10)) is None


def test_the_older_name_of_the_algorithm_is_understood(program: Program) -> None:
    with pytest.warns(Warning, match="RFC 9864"):
        assertion = program.assertion(algorithm="EdDSA")
    assert ask(assertion)


def test_only_the_hash_of_a_token_is_kept(program: Program) -> None:
    token = ask(program.assertion())
    row = Token.objects.get()
    assert bytes(row.digest) == hashlib.sha256(token.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM parties_token t")
        assert token not in cursor.fetchone()[0]


def test_a_token_row_written_into_the_database_opens_nothing(program: Program) -> None:
    made_up = "a token of my own"
    Token.objects.create(
        digest=hashlib.sha256(made_up.encode()).digest(),
        client_id=program.id,
        key=SENDER.sender.thumbprint(),
        expires_at=NOW + timedelta(days=3650),
        seal=b"\0" * 32,
    )
    assert holder(made_up, now=NOW) is None


def test_a_token_prolonged_in_the_database_opens_nothing(program: Program) -> None:
    token = ask(program.assertion())
    Token.objects.update(expires_at=NOW + timedelta(days=1))
    assert holder(token, now=NOW) is None


def test_a_clients_tokens_end_with_the_client(program: Program) -> None:
    token = ask(program.assertion())
    clients.end(program.id, now=NOW)
    assert holder(token, now=NOW) is None
    with pytest.raises(UnknownCredential):
        ask(program.assertion())


def test_the_same_assertion_is_good_once(program: Program) -> None:
    assertion = program.assertion()
    ask(assertion)
    with pytest.raises(Replay):
        ask(assertion, NOW + timedelta(seconds=30))


def test_of_many_copies_sent_at_the_same_moment_one_gets_a_token(city_db: str) -> None:
    a_bank()
    assertion = a_program().assertion()

    def once(_: int) -> bool:
        try:
            ask(assertion)
        except Replay:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(16))) == 1


def test_an_unknown_client_and_a_wrong_signature_get_the_same_answer(program: Program) -> None:
    stranger = Program("nobody_at_all", OKPKey.generate_key("Ed25519"))
    impostor = Program(program.id, OKPKey.generate_key("Ed25519"))
    answers = []
    for one in (stranger, impostor):
        with pytest.raises(UnknownCredential) as refused:
            ask(one.assertion())
        answers.append(refused.value.as_dict())
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"aud": "https://another.platform/oauth/token"}, BadAudience),
        ({"aud": None}, BadAudience),
        ({"sub": "somebody_else"}, UnknownCredential),
        ({"iss": None}, Malformed),
        ({"iss": "a\x00b"}, Malformed),
        ({"jti": None}, Malformed),
        ({"jti": "x" * 65}, Malformed),
        ({"jti": 7}, Malformed),
        ({"exp": None}, Malformed),
        ({"exp": "soon"}, Malformed),
        ({"exp": True}, Malformed),
        ({"exp": 1e300}, Malformed),
    ],
)
def test_an_assertion_that_does_not_say_what_it_must_is_refused(
    program: Program, claims: dict[str, Any], refusal: type[Problem]
) -> None:
    with pytest.raises(refusal):
        ask(program.assertion(**claims))


def at(seconds: float) -> float:
    return NOW.timestamp() + seconds


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": at(-9)},  # ten seconds between two clocks are nobody's fault
        {"exp": at(300)},
        {"exp": at(309)},
        {"iat": at(9)},
        {"iat": at(-300)},
        {"nbf": at(9)},
        {"aud": ["https://elsewhere.test", TOKEN_ADDRESS]},
    ],
)
def test_clocks_that_differ_by_seconds_are_forgiven(program: Program, claims: dict[str, Any]) -> None:
    assert ask(program.assertion(**claims))


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"exp": at(-10)}, Expired),
        ({"exp": at(-360)}, Expired),
        ({"exp": at(360)}, StaleTimestamp),
        ({"iat": at(-360)}, StaleTimestamp),
        ({"iat": at(360)}, StaleTimestamp),
        ({"iat": at(11)}, StaleTimestamp),
        ({"nbf": at(11)}, StaleTimestamp),
    ],
)
def test_six_minutes_are_not(program: Program, claims: dict[str, Any], refusal: type[Problem]) -> None:
    with pytest.raises(refusal):
        ask(program.assertion(**claims))


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "..", "e30.e30.", "x" * 5000, "é.é.é", "W10.W10.W10"])
def test_what_is_no_assertion_is_malformed(program: Program, text: str) -> None:
    with pytest.raises(Malformed):
        ask(text)


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reading_of_an_assertion(text: str) -> None:
    with pytest.raises(Malformed):
        assertions._claimed_client(text)


def test_no_signature_at_all_is_no_signature(program: Program) -> None:
    head, body, _ = program.assertion().split(".")
    unsigned = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    for assertion in (f"{unsigned}.{body}.", f"{head}.{body}."):
        with pytest.raises(UnknownCredential):
            ask(assertion)


def test_the_public_key_used_as_a_shared_secret_is_refused(program: Program) -> None:
    from joserfc import jwt
    from joserfc.jwk import OctKey

    secret = OctKey.import_key({"kty": "oct", "k": program.key.as_dict(private=False)["x"]})
    claims = {"iss": program.id, "sub": program.id, "aud": TOKEN_ADDRESS, "exp": at(60), "jti": "one"}
    with pytest.raises(UnknownCredential):
        ask(jwt.encode({"alg": "HS256"}, claims, secret))


def test_a_private_key_sent_to_us_is_refused_so_that_it_is_changed(db: None) -> None:
    a_bank()
    key = OKPKey.generate_key("Ed25519")
    with pytest.raises(KeyInvalid, match="私钥"):
        clients.register(id="careless", institution=BANK, public_jwk=key.as_dict(private=True), now=NOW)


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        RSAKey.generate_key(2048).as_dict(private=False),
        ECKey.generate_key("P-384").as_dict(private=False),
        {"kty": "OKP", "crv": "Ed25519", "x": "short"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    ],
)
def test_only_good_public_keys_of_two_kinds_are_taken(db: None, jwk: dict[str, object]) -> None:
    a_bank()
    with pytest.raises(KeyInvalid):
        clients.register(id="sample_core", institution=BANK, public_jwk=jwk, now=NOW)


def test_a_program_needs_its_institution_and_a_name_of_its_own(program: Program) -> None:
    jwk = program.key.as_dict(private=False)
    with pytest.raises(AlreadyThere):
        clients.register(id=program.id, institution=BANK, public_jwk=jwk, now=NOW)
    with pytest.raises(UnknownInstitution):
        clients.register(id="another_core", institution="nobody", public_jwk=jwk, now=NOW)
    with pytest.raises(ScopeInvalid):
        clients.register(id="Über/../core", institution=BANK, public_jwk=jwk, now=NOW)
