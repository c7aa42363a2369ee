"""POST /oauth/token: OAuth 2 client credentials, proved by a signed assertion (RFC 6749 §4.4, RFC 7523 §2.2).

Every token is bound to a key by the DPoP proof beside the request (RFC 9449 §5); there are no bearer tokens.
"""

import json
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xinqiao.api import dpop, limits, pace
from xinqiao.api.problems import OF_PROOFS, Malformed, answered
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import tokens

GRANT: Final = "client_credentials"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM: Final = "application/x-www-form-urlencoded"
# RFC 6749 §5.2 has its own word for each refusal; ours stands beside it as `type`.
OAUTH_WORDS: Final = {
    "malformed": "invalid_request",
    "grant-unsupported": "unsupported_grant_type",
    "rate-limited": "temporarily_unavailable",
}


@csrf_exempt  # a program signs its request; there is no session a stranger could ride on
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token of ten minutes for a program that proves itself; answers are never to be stored (RFC 6749 §5.1)."""
    try:
        pace.of_address(pace.TOKENS, request)
        issued = tokens.issue(assertion=_assertion(request), call=dpop.call(request), now=timezone.now())
    except Problem as problem:
        return _refused(request, problem)
    told = {"access_token": issued.token, "token_type": "DPoP", "expires_in": issued.expires_in}
    answer = HttpResponse(json.dumps(told), content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _assertion(request: HttpRequest) -> str:
    limits.check(request)
    if request.content_type != FORM:
        raise Malformed(Saying("请用 {form} 提交", form=FORM))
    said = {name: request.POST.getlist(name) for name in request.POST}
    if repeated := [name for name, values in said.items() if len(values) > 1]:  # RFC 6749 §3.2
        raise Malformed(Saying("重复的参数：{repeated}", repeated=sorted(repeated)))
    _expect(request, "grant_type", GRANT)
    _expect(request, "client_assertion_type", ASSERTION)
    assertion = request.POST.get("client_assertion", "")
    if not assertion:
        raise Malformed(Saying("缺少 client_assertion"))
    return assertion


def _expect(request: HttpRequest, name: str, value: str) -> None:
    if request.POST.get(name) != value:
        raise Malformed(Saying("{name} 应为 {value}", name=name, value=value))


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    answer = answered(request, problem)
    told = json.loads(answer.content)
    if isinstance(problem, OF_PROOFS):  # RFC 9449 §5: the request is at fault, not who sends it
        told |= {"error": "invalid_dpop_proof", "status": 400}
        answer.status_code = 400
        del answer.headers["WWW-Authenticate"]
    else:
        told["error"] = OAUTH_WORDS.get(problem.type, "invalid_client")
    answer.content = json.dumps(told, ensure_ascii=False).encode()
    return answer
