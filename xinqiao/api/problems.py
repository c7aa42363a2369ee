"""The one place where a refusal becomes an HTTP answer: RFC 9457, `application/problem+json`, a stable `type`."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from xinqiao.api import language
from xinqiao.api.refusals import TYPES
from xinqiao.authorisation.errors import KeyOfAnother
from xinqiao.disclosure.errors import FeedbackFaulty, KeyReused
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.ledger import refusals
from xinqiao.parties import jwts
from xinqiao.parties.errors import BadProof, BeyondToken, ReplayedProof, StaleProof, TooOften

trouble: Final = logging.getLogger(__name__)
ADDRESSES: Final = ("/api/", "/oauth/")
MEDIA: Final = "application/problem+json; charset=utf-8"
STATUS: Final = {
    Kind.INVALID: 400,
    Kind.REFUSED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MUCH: 413,
    Kind.TOO_OFTEN: 429,
    Kind.UNAVAILABLE: 503,
}
# Who is asking could not be made out: 401, whatever the domain calls it.
UNIDENTIFIED: Final = frozenset(
    {"unknown-credential", "bad-audience", "bad-proof", "stale-timestamp", "expired", "replay", "session-expired"}
)
OF_PROOFS: Final = (BadProof, StaleProof, ReplayedProof)  # for which RFC 9449 has a word of its own


class Malformed(Problem):
    """The request does not have the form the interface describes. `fields` names what is wrong, `errors` why."""

    type = "malformed"
    kind = Kind.INVALID
    title = "请求格式有误"

    def __init__(self, detail: Saying | None = None, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail)
        self.errors = list(errors)


class SessionExpired(Problem):
    """No token, or one that is unknown or over; which of these is not told."""

    type = "session-expired"
    kind = Kind.REFUSED
    title = "请先取得访问令牌，令牌十分钟有效"


class TooLarge(Problem):
    type = "malformed"
    kind = Kind.TOO_MUCH
    title = "请求超过大小上限"


class WrongMethod(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "这个地址不接受这种请求方法"


class NotReady(Problem):
    """Something broke, or something of the house's own is not as it should be; the act was rolled back whole."""

    type = "not-ready"
    kind = Kind.UNAVAILABLE
    title = "平台出了差错"

    def __init__(self) -> None:
        super().__init__(Saying("这次请求没有生效，也没有丢失任何数据。请稍后再试。"))


class NoSuchPath(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个地址"


def wrong(field: str, detail: Saying, reason: str = "value") -> Malformed:
    """One field is wrong."""
    return Malformed(detail, [{"field": field, "reason": reason}])


def faults(errors: Iterable[Mapping[str, Any]], *, within: str = "body") -> list[dict[str, str]]:
    """The fields that are wrong and why; values are not repeated."""
    return [_fault(one, within) for one in errors]


def _fault(error: Mapping[str, Any], within: str) -> dict[str, str]:
    where = [str(part) for part in error["loc"] if part not in {"body", "query", "path", "header", "ask"}]
    named = where if within == "body" and where else [within, *where]
    return {"field": ".".join(named), "reason": str(error["type"])}


# What has a status of its own: a wrong method, and a key used again for another body
# (draft-ietf-httpapi-idempotency-key-header §2.7).
PARTICULAR: Final[dict[type[Problem], int]] = {KeyReused: 422, KeyOfAnother: 422, WrongMethod: 405}


def answered(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer to a request that was refused. Those nobody can be named for are counted, not logged one by one.

    What is not on the one list is no answer to anybody outside: it is written into our own log and told as `NotReady`.
    """
    if problem.type not in TYPES:
        trouble.error("refused by the house itself: %s", problem.type)
        problem = NotReady()
    status = status_of(type(problem))
    spoken = language.preferred(request)
    with translation.override(spoken):
        told: dict[str, Any] = {
            "type": problem.type,
            "title": said(problem.title),
            "detail": said(problem.detail),
            "status": status,
        }
    if errors := _errors(problem):
        told["errors"] = errors
    if status == 401 or isinstance(problem, Malformed | TooLarge | TooOften):  # noqa: PLR2004 — RFC 9110 §15.5.2
        refusals.count(problem.type, now=timezone.now())
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), status=status, content_type=MEDIA)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Language"] = "en" if spoken == language.ENGLISH else "zh-Hans"
    answer.headers["Vary"] = language.HEADER
    if isinstance(problem, TooOften):
        answer.headers["Retry-After"] = str(problem.seconds)
    if status == 401:  # noqa: PLR2004
        answer.headers["WWW-Authenticate"] = _challenge(problem)
    return answer


def status_of(kind: type[Problem]) -> int:
    return 401 if kind.type in UNIDENTIFIED else PARTICULAR.get(kind, STATUS[kind.kind])


def _errors(problem: Problem) -> Sequence[Mapping[str, str]]:
    """Which field is at fault, where one is: faults of form are named with their reasons, others by their type."""
    if isinstance(problem, Malformed):
        return problem.errors
    if isinstance(problem, FeedbackFaulty):
        return [{"field": f"entries.{place}", "reason": said(why)} for place, why in problem.faults]
    fields = ("DPoP",) if isinstance(problem, OF_PROOFS) else TYPES[problem.type].fields
    fields = ("authorization_details",) if isinstance(problem, BeyondToken) else fields
    return [{"field": field, "reason": problem.type} for field in fields]


def _challenge(problem: Problem) -> str:
    """RFC 9449 §7.1: which scheme, which algorithms, and whether it was the proof or the token."""
    error = "invalid_dpop_proof" if isinstance(problem, OF_PROOFS) else "invalid_token"
    return f'DPoP realm="xinqiao", error="{error}", algs="{" ".join(jwts.ALGORITHMS)}"'


def wrong_method_told(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a method the interface does not know is refused like everything else; `Allow` says which it does."""

    def told(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.status_code != PARTICULAR[WrongMethod] or not request.path.startswith(ADDRESSES):
            return answer
        refused = answered(request, WrongMethod())
        refused.headers["Allow"] = answer.headers["Allow"]
        return refused

    return told
