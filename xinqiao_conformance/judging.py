"""What a program's calls say of it. Pure: the calls in the order they came, and which business is for what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xinqiao_conformance.scenarios import PROGRAM, Business

EARLY: Final = 0.2  # seconds a clock may run fast
WAIT: Final = 2.0


@dataclass(frozen=True, slots=True)
class Call:
    """As it passed. `proof` is the proof's `jti`; `type` names a refusal; `uscc` is empty where it asks of nobody."""

    at: float  # seconds
    method: str
    path: str
    uscc: str
    key: str
    proof: str
    status: int
    type: str


Verdict = tuple[str, str]  # passed, failed or unmet; and why
MET: Final[Verdict] = ("passed", "")


def judge(calls: Sequence[Call], businesses: Mapping[str, Business]) -> list[dict[str, Any]]:
    """One verdict a scenario: `passed`, `failed` with what was wrong, or `unmet` with what it would take."""
    told = []
    for scenario in PROGRAM:
        business = businesses.get(scenario.id)
        about = [call for call in calls if business is not None and call.uscc == business.uscc]
        verdict, said = _JUDGES[scenario.id](calls, about)
        told.append({"scenario": scenario.id, "verdict": verdict, "said": said})
    return told


def _fresh_proofs(calls: Sequence[Call], _: Sequence[Call]) -> Verdict:
    shown = [call.proof for call in calls if call.proof]
    if not shown:
        return "unmet", "call the platform through this address"
    if len(shown) < len(calls):
        return "failed", f"{len(calls) - len(shown)} calls without a proof"
    return MET if len(set(shown)) == len(shown) else ("failed", "a proof was sent twice")


def _keys(calls: Sequence[Call], _: Sequence[Call]) -> Verdict:
    asked = [call for call in calls if call.uscc]
    if not asked:
        return "unmet", "ask about a business"
    without = sum(not call.key for call in asked)
    return ("failed", f"{without} questions without an Idempotency-Key") if without else MET


def _repeats(_: Sequence[Call], about: Sequence[Call]) -> Verdict:
    if len(about) < 2:  # noqa: PLR2004 - the question and its repetition
        return "unmet", "ask about this business, and again when the answer does not come" if not about else _ASKED
    first, second = about[:2]
    return MET if first.key and first.key == second.key else ("failed", "asked again under another key: a second look")


_ASKED: Final = "the question was not asked again"


def _waits(calls: Sequence[Call], about: Sequence[Call]) -> Verdict:
    if (repeated := _repeats(calls, about)) != MET:
        return repeated
    waited = about[1].at - about[0].at
    return MET if waited >= WAIT - EARLY else ("failed", f"asked again after {waited:.1f} s, told to wait {WAIT:.0f}")


def _renews(calls: Sequence[Call], about: Sequence[Call]) -> Verdict:
    if (repeated := _repeats(calls, about)) != MET:
        return repeated
    between = [call for call in calls if about[0].at < call.at < about[1].at]
    renewed = any(call.path == "/oauth/token" for call in between)
    return MET if renewed else ("failed", "no new token was asked for")


def _lets_be(_: Sequence[Call], about: Sequence[Call]) -> Verdict:
    if not about:
        return "unmet", "ask about this business"
    refused = next((place for place, call in enumerate(about) if call.type == "grant-revoked"), len(about))
    after = len(about) - refused - 1
    return ("failed", f"asked {after} more times after the refusal") if after > 0 else MET


def _fetches(calls: Sequence[Call], about: Sequence[Call]) -> Verdict:
    if not about:
        return "unmet", "ask about this business, then fetch the receipt"
    later = [call for call in calls if call.at > about[0].at and call.path.startswith("/api/v1/receipts/")]
    return MET if later else ("unmet", "fetch the receipt with its proof")


_JUDGES: Final[dict[str, Callable[[Sequence[Call], Sequence[Call]], Verdict]]] = {
    "XQ-501": _fresh_proofs,
    "XQ-502": _keys,
    "XQ-503": _repeats,
    "XQ-504": _waits,
    "XQ-505": _repeats,
    "XQ-506": _renews,
    "XQ-507": _lets_be,
    "XQ-508": _fetches,
}
