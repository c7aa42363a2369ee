"""The scenarios that ask whether a platform answers as it must. Each is one short play; what it expects it says."""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from joserfc.jwk import OKPKey

from xinqiao_conformance.program import OK, Answer, Program
from xinqiao_conformance.scenarios import PLATFORM, Business
from xinqiao_verify.notes import Trust
from xinqiao_verify.receipts import Standing, verify

PROVEN_WITHIN: Final = 10.0  # seconds
UNKNOWN: Final = "91410402MA0000007"  # and its check character: nobody is registered under it


class Unexpected(Exception):
    """What came instead."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Who plays, which businesses stand ready, and whose signatures count."""

    program: Program
    businesses: dict[str, Business]  # by scenario
    trust: Trust


@dataclass(frozen=True, slots=True)
class Result:
    scenario: str
    passed: bool
    said: str = ""  # what came instead

    def as_dict(self) -> dict[str, Any]:
        return {"scenario": self.scenario, "passed": self.passed, "said": self.said}


Play = Callable[[Stage, Business | None], None]


def play(stage: Stage, only: Iterable[str] = ()) -> list[Result]:
    """Raises nothing: whatever goes wrong is the result."""
    wanted = set(only) or {one.id for one in PLATFORM}
    return [_played(stage, one.id) for one in PLATFORM if one.id in wanted]


def _played(stage: Stage, scenario: str) -> Result:
    try:
        PLAYS[scenario](stage, stage.businesses.get(scenario))
    except Unexpected as instead:
        return Result(scenario, passed=False, said=str(instead))
    except Exception as error:
        return Result(scenario, passed=False, said=f"{type(error).__name__}: {error}")
    return Result(scenario, passed=True)


def _told(answer: Answer) -> dict[str, Any]:
    if answer.status != OK:
        raise Unexpected(f"{answer.status} {answer.type}")
    return answer.told


def _refused(answer: Answer, status: int, kind: str, field: str = "") -> None:
    if (answer.status, answer.type) != (status, kind):
        raise Unexpected(f"{answer.status} {answer.type or 'no refusal'}, not {status} {kind}")
    if field and field not in [one.get("field") for one in answer.told.get("errors", [])]:
        raise Unexpected(f"errors do not name {field}")


def _about(business: Business | None, **more: Any) -> dict[str, Any]:
    if business is None:
        raise Unexpected("the sandbox has no business for this; prepare it again")
    return {"uscc": business.uscc, "purpose": business.purpose, **more}


def _report(stage: Stage, asked: dict[str, Any], key: str = "") -> Answer:
    return stage.program.ask("reports", asked, key or uuid.uuid4().hex)


def a_signed_assertion_gets_a_token(stage: Stage, _: Business | None) -> None:
    told = _told(stage.program.ask_token())
    if (told.get("token_type"), bool(told.get("access_token"))) != ("DPoP", True):
        raise Unexpected(f"token_type {told.get('token_type')}")


def an_assertion_used_twice(stage: Stage, _: Business | None) -> None:
    assertion = stage.program.assertion()
    _told(stage.program.ask_token(assertion))
    _refused(stage.program.ask_token(assertion), 401, "replay")


def an_assertion_for_another_address(stage: Stage, _: Business | None) -> None:
    elsewhere = stage.program.assertion(aud="https://elsewhere.invalid/oauth/token")
    _refused(stage.program.ask_token(elsewhere), 401, "bad-audience")


def a_token_without_a_proof(stage: Stage, _: Business | None) -> None:
    shown = {"Authorization": f"Bearer {stage.program.token()}", "DPoP": ""}
    _refused(stage.program.call("GET", "institutions/me", headers=shown), 401, "bad-proof")


def _with_proof(stage: Stage, proof: str) -> Answer:
    return stage.program.call("GET", "institutions/me", headers={"DPoP": proof})


def _proof(stage: Stage, **more: Any) -> str:
    return stage.program.proof("GET", f"{stage.program.platform}/api/v1/institutions/me", stage.program.token(), **more)


def a_proof_used_twice(stage: Stage, _: Business | None) -> None:
    proof = _proof(stage)
    _told(_with_proof(stage, proof))
    _refused(_with_proof(stage, proof), 401, "replay")


def a_proof_six_minutes_old(stage: Stage, _: Business | None) -> None:
    _refused(_with_proof(stage, _proof(stage, iat=int(time.time()) - 360)), 401, "stale-timestamp")


def a_proof_by_another_key(stage: Stage, _: Business | None) -> None:
    _refused(_with_proof(stage, _proof(stage, key=OKPKey.generate_key("Ed25519"))), 401, "bad-proof")


def a_report_under_a_grant(stage: Stage, business: Business | None) -> None:
    answer = _report(stage, _about(business))
    number = _told(answer)["receipt"]["number"]
    if verify(answer.text, stage.trust).standing not in {Standing.PROMISED, Standing.PROVEN}:
        raise Unexpected("the receipt does not verify")
    until = time.monotonic() + PROVEN_WITHIN
    while verify(stage.program.call("GET", f"receipts/{number}").text, stage.trust).standing is not Standing.PROVEN:
        if time.monotonic() > until:
            raise Unexpected(f"no proof within {PROVEN_WITHIN:.0f} seconds")
        time.sleep(0.5)


def without_a_grant(stage: Stage, business: Business | None) -> None:
    _refused(_report(stage, _about(business)), 403, "no-grant")


def a_business_that_does_not_exist(stage: Stage, _: Business | None) -> None:
    known = stage.businesses["XQ-202"]
    of_nobody = _report(stage, _about(known, uscc=with_check_character(UNKNOWN)))
    _refused(of_nobody, 403, "no-grant")
    of_known = _report(stage, _about(known))
    if of_nobody.told.keys() != of_known.told.keys() or len(of_nobody.text) != len(of_known.text):
        raise Unexpected("the two answers can be told apart")


def a_paused_grant(stage: Stage, business: Business | None) -> None:
    _refused(_report(stage, _about(business)), 403, "grant-paused")


def a_revoked_grant(stage: Stage, business: Business | None) -> None:
    _refused(_report(stage, _about(business)), 403, "grant-revoked")


def a_grant_that_is_used_up(stage: Stage, business: Business | None) -> None:
    """Its one look may have been taken when this was played before."""
    if (first := _report(stage, _about(business))).type != "grant-exhausted":
        _told(first)
    _refused(_report(stage, _about(business)), 403, "grant-exhausted")


def another_purpose(stage: Stage, business: Business | None) -> None:
    asked = _about(business)
    if business is None or not business.other:
        raise Unexpected("the institution has no second purpose to try with")
    _refused(_report(stage, asked | {"purpose": business.other}), 403, "purpose-mismatch")


def an_item_beyond_the_grant(stage: Stage, business: Business | None) -> None:
    _refused(_report(stage, _about(business, items=["tax_arrears", "tax_declared_sales"])), 403, "scope-exceeded")


def days_beyond_the_grant(stage: Stage, business: Business | None) -> None:
    _refused(_report(stage, _about(business, since="2015-01-01")), 403, "range-exceeded")


def a_wrong_check_character(stage: Stage, _: Business | None) -> None:
    known = stage.businesses["XQ-202"]
    last = "0" if known.uscc[-1] != "0" else "1"
    _refused(_report(stage, _about(known, uscc=known.uscc[:-1] + last)), 400, "subject-invalid", "uscc")


def the_same_key_and_question(stage: Stage, business: Business | None) -> None:
    key, asked = uuid.uuid4().hex, _about(business)
    first, second = _report(stage, asked, key), _report(stage, asked, key)
    _told(first)
    if first.text != second.text:
        raise Unexpected("the second answer is another one")


def the_same_key_another_question(stage: Stage, business: Business | None) -> None:
    key = uuid.uuid4().hex
    _told(_report(stage, _about(business), key))
    _refused(_report(stage, _about(business, on_behalf="somebody else"), key), 422, "conflict")


def a_claim(stage: Stage, business: Business | None) -> None:
    answer = stage.program.ask("verifications", _about(business, claim="no_tax_arrears"), uuid.uuid4().hex)
    if (said := _told(answer)["report"]["answer"]) not in {"yes", "no", "unknown"}:
        raise Unexpected(f"answer {said}")


def a_few_items(stage: Stage, business: Business | None) -> None:
    asked = _about(business, items=["tax_arrears"])
    answer = stage.program.ask("queries", asked, uuid.uuid4().hex)
    _told(answer)
    if verify(answer.text, stage.trust).standing not in {Standing.PROMISED, Standing.PROVEN}:
        raise Unexpected("the receipt does not verify")


def ones_own_agreement(stage: Stage, _: Business | None) -> None:
    _told(stage.program.call("GET", "institutions/me"))


PLAYS: Final[dict[str, Play]] = {
    "XQ-101": a_signed_assertion_gets_a_token,
    "XQ-102": an_assertion_used_twice,
    "XQ-103": an_assertion_for_another_address,
    "XQ-104": a_token_without_a_proof,
    "XQ-105": a_proof_used_twice,
    "XQ-106": a_proof_six_minutes_old,
    "XQ-107": a_proof_by_another_key,
    "XQ-201": a_report_under_a_grant,
    "XQ-202": without_a_grant,
    "XQ-203": a_business_that_does_not_exist,
    "XQ-204": a_paused_grant,
    "XQ-205": a_revoked_grant,
    "XQ-206": a_grant_that_is_used_up,
    "XQ-207": another_purpose,
    "XQ-208": an_item_beyond_the_grant,
    "XQ-209": days_beyond_the_grant,
    "XQ-210": a_wrong_check_character,
    "XQ-301": the_same_key_and_question,
    "XQ-302": the_same_key_another_question,
    "XQ-401": a_claim,
    "XQ-402": a_few_items,
    "XQ-403": ones_own_agreement,
}
CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
MODULUS: Final = 31


def with_check_character(first17: str) -> str:
    """A code of the right form (GB 32100-2015, 5.2.5)."""
    total = sum(CHARACTERS.index(one) * pow(3, place, MODULUS) for place, one in enumerate(first17))
    return first17 + CHARACTERS[-total % MODULUS]
