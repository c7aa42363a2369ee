"""The addresses of the interface."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from xinqiao.api import oauth
from xinqiao.api.bearer import Bearer
from xinqiao.api.parsing import StrictJson
from xinqiao.api.problems import Malformed, NoSuchPath, answered
from xinqiao.api.v1 import institutions, log, receipts, reports
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying

DESCRIPTION = """机构的程序凭访问令牌查询已经得到授权的信用报告；任何人可以核对报告和日志。

取令牌：向 `/oauth/token` 提交 `private_key_jwt`（Ed25519 或 ES256）。
拒绝一律是 RFC 9457 的 `application/problem+json`，`type` 不变，程序可以依靠它。
`title` 和 `detail` 写给人看：默认中文；请求带 `Accept-Language: en` 时是英文，`Content-Language` 说明是哪一种。
报告本身只有一种文字（中文），因为它的指纹只有一个；字段、代码、用途和拒绝的名字都是稳定的英文词。

Programs of institutions ask, with an access token, for credit reports that businesses have granted them; anybody can
check reports and the log. A refusal is `application/problem+json` (RFC 9457); programs may rely on its `type`. `title`
and `detail` are for people: in Chinese, or in English with `Accept-Language: en`; `Content-Language` says which. A
report has one text, the Chinese one, since it has one digest; names of fields, codes and purposes are English words."""

api = NinjaAPI(
    title="信桥接口",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api-v1",
    auth=Bearer(),
    parser=StrictJson(),
)
api.add_router("", reports.router)
api.add_router("", receipts.router)
api.add_router("", institutions.router)
api.add_router("", log.router)


@api.exception_handler(Problem)
def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answered(request, problem)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Every field that is wrong is named; values are not repeated."""
    errors = [_fault(one) for one in error.errors]
    return answered(request, Malformed(Saying("{fields}", fields=sorted({e["field"] for e in errors})), errors))


def _fault(error: dict[str, Any]) -> dict[str, str]:
    where = [str(part) for part in error["loc"] if part not in {"body", "query", "path", "ask"}]
    return {"field": ".".join(where) or "body", "reason": str(error["type"])}


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Problem):  # ninja wraps what its parser raises
        return answered(request, error.__cause__)
    return answered(request, Malformed() if error.status_code < 500 else NoSuchPath())  # noqa: PLR2004


urlpatterns = [
    path("oauth/token", oauth.token, name="oauth-token"),
    path("api/v1/", api.urls),
]
