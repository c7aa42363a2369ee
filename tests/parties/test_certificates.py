"""Tokens bound to the certificate of a connection (RFC 8705): whoever finds one cannot use it over another."""

import pytest

from tests.parties.builders import BANK, NOW, TODAY, TOKEN_ADDRESS, Program, a_bank, a_program
from xinqiao.parties import proofs, tokens
from xinqiao.parties.errors import BadProof
from xinqiao.parties.models import SpentProof
from xinqiao.parties.proofs import Call

HERE = "https://xinqiao.test/api/v1/reports"
OURS, ANOTHER = b"the bank's certificate", b"a thief's certificate"


@pytest.fixture
def program(db: None) -> Program:
    a_bank()
    return a_program()


def over(certificate: bytes | None, address: str = HERE, proof: str | None = None) -> Call:
    return Call("POST", address, proof, certificate)


def a_token(program: Program) -> str:
    issued = tokens.issue(assertion=program.assertion(), call=over(OURS, TOKEN_ADDRESS), today=TODAY, now=NOW)
    assert issued.scheme == "Bearer"
    return issued.token


def test_it_works_over_connections_with_its_certificate_and_needs_no_proofs(program: Program) -> None:
    token = a_token(program)
    for _ in range(2):
        holder = tokens.holder(token, call=over(OURS), now=NOW)
        assert holder is not None
        assert holder.institution == BANK
    assert not SpentProof.objects.exists()


def test_over_another_or_none_it_is_refused(program: Program) -> None:
    token = a_token(program)
    for call in (over(ANOTHER), over(None), program.call("POST", HERE, token)):
        with pytest.raises(BadProof):
            tokens.holder(token, call=call, now=NOW)


def test_a_token_bound_to_a_key_does_not_work_by_a_certificate(program: Program) -> None:
    token = tokens.issue(assertion=program.assertion(), call=program.call(), today=TODAY, now=NOW).token
    with pytest.raises(BadProof):
        tokens.holder(token, call=over(OURS), now=NOW)


def test_where_a_proof_is_there_too_the_token_is_bound_to_its_key(program: Program) -> None:
    call = over(OURS, TOKEN_ADDRESS, program.proof())
    assert tokens.issue(assertion=program.assertion(), call=call, today=TODAY, now=NOW).scheme == "DPoP"


def test_no_key_can_pass_for_a_certificate() -> None:
    """A key's thumbprint is base64url, where no colon is; so neither kind is ever taken for the other."""
    assert ":" not in proofs.hash_of("any")
