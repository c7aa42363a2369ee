"""POST /oauth/token: OAuth 2 client credentials, proved by a signed assertion (RFC 6749 §4.4, RFC 7523 §2.2).

Every token is bound: to a key by the DPoP proof beside the request (RFC 9449 §5), or to the certificate of its
connection (RFC 8705 §3). One that whoever finds it could use is not to be had.
"""

import json
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xinqiao.api import callers, details, limits, pace
from xinqiao.api.details import MalformedDetails
from xinqiao.api.problems import OF_PROOFS, Malformed, TooLarge, answered, wrong
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import NotAUscc
from xinqiao.parties import tokens
from xinqiao.parties.errors import (
    BasisNotInForce,
    BeyondAgreement,
    BeyondBasis,
    NoAgreement,
    PurposeNotAgreed,
    PurposeUnknown,
)
from xinqiao.parties.tokens import Issued

GRANT: Final = "client_credentials"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM: Final = "application/x-www-form-urlencoded"
# RFC 6749 §5.2 has its own word for each refusal; ours stands beside it as `type`.
OAUTH_WORDS: Final = {
    "malformed": "invalid_request",
    "rate-limited": "temporarily_unavailable",
    "log-unavailable": "temporarily_unavailable",
}
# What concerns `authorization_details`, by the types it is refused with (RFC 9396 §5).
OF_DETAILS: Final = (
    MalformedDetails,
    NotAUscc,
    NoAgreement,
    PurposeUnknown,
    PurposeNotAgreed,
    BeyondAgreement,
    BasisNotInForce,
    BeyondBasis,
)
BAD_REQUEST: Final = 400


class GrantUnsupported(Malformed):
    """Another way of OAuth 2 to a token than the one there is."""

    def __init__(self) -> None:
        detail = Saying("{name} 应为 {value}", name="grant_type", value=GRANT)
        super().__init__(detail, [{"field": "grant_type", "reason": "value"}])


@csrf_exempt  # a program signs its request; there is no session a stranger could ride on
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token of ten minutes for a program that proves itself; answers are never to be stored (RFC 6749 §5.1)."""
    try:
        pace.of_address(pace.TOKENS, request)
        issued = _issued(request, timezone.now())
    except Problem as problem:
        return _refused(request, problem)
    told: dict[str, Any] = {"access_token": issued.token, "token_type": issued.scheme, "expires_in": issued.expires_in}
    if issued.reach:
        told[details.NAME] = details.told(issued.reach)
    answer = HttpResponse(json.dumps(told), content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _issued(request: HttpRequest, now: datetime) -> Issued:
    assertion = _assertion(request)
    reach = details.read(request.POST.get(details.NAME))
    return tokens.issue(assertion=assertion, call=callers.call(request), reach=reach, today=day_of(now), now=now)


def _assertion(request: HttpRequest) -> str:
    limits.check(request)
    if request.content_type != FORM:
        raise wrong("Content-Type", Saying("请用 {form} 提交", form=FORM))
    said = {name: request.POST.getlist(name) for name in request.POST}
    if repeated := [name for name, values in said.items() if len(values) > 1]:  # RFC 6749 §3.2
        errors = [{"field": name, "reason": "repeated"} for name in sorted(repeated)]
        raise Malformed(Saying("重复的参数：{repeated}", repeated=sorted(repeated)), errors)
    if request.POST.get("grant_type", GRANT) != GRANT:
        raise GrantUnsupported
    _expect(request, "grant_type", GRANT)
    _expect(request, "client_assertion_type", ASSERTION)
    assertion = request.POST.get("client_assertion", "")
    if not assertion:
        raise wrong("client_assertion", Saying("缺少 client_assertion"), "missing")
    return assertion


def _expect(request: HttpRequest, name: str, value: str) -> None:
    if request.POST.get(name) != value:
        raise wrong(name, Saying("{name} 应为 {value}", name=name, value=value))


PARTICULAR_WORDS: Final = (
    (OF_PROOFS, "invalid_dpop_proof"),
    (OF_DETAILS, "invalid_authorization_details"),
    ((GrantUnsupported,), "unsupported_grant_type"),
)


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem with OAuth's word beside it. Only who cannot be named is 401; all else is the request's fault, 400."""
    answer, word = answered(request, problem), _word(problem)
    told = json.loads(answer.content)
    told["error"] = word
    if errors := _errors(problem, told.get("errors", [])):
        told["errors"] = errors
    if word in {"invalid_dpop_proof", "invalid_authorization_details"}:
        told["status"] = answer.status_code = BAD_REQUEST
        answer.headers.pop("WWW-Authenticate", None)
    answer.content = json.dumps(told, ensure_ascii=False).encode()
    return answer


def _errors(problem: Problem, found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Which parameter is at fault: of what is inside one, the way to it."""
    if isinstance(problem, MalformedDetails | Malformed | TooLarge):
        return found
    if isinstance(problem, OF_DETAILS):
        inside = "".join(f".{one['field']}" for one in found)
        return [{"field": f"{details.NAME}{inside}", "reason": problem.type}]
    return found if isinstance(problem, OF_PROOFS) else [{"field": "client_assertion", "reason": problem.type}]


def _word(problem: Problem) -> str:
    for kinds, word in PARTICULAR_WORDS:
        if isinstance(problem, kinds):
            return word
    return OAUTH_WORDS.get(problem.type, "invalid_client")
