"""The description of the interface (OpenAPI 3.1), completed by what the framework cannot know.

The token endpoint is not one of its operations, refusals have a media type of their own, and every refusal is named.
"""

from typing import Any, Final

from xinqiao.api import details, refusals
from xinqiao.api.problems import status_of
from xinqiao.kernel.problems import Problem

PROBLEM: Final = "application/problem+json"
ABOUT: Final = """机构的程序凭访问令牌查询已经得到授权的信用报告；任何人可以核对报告和日志。
For institutions' programs: ask for the credit report a business has allowed you to see. Anybody may check a report.

1. **登记公钥** Give the platform your public key (JWK, Ed25519 or P-256) once; you get a client id. The private key
   stays with you.
2. **取令牌** `POST /oauth/token` with an assertion you sign (`private_key_jwt`). A token lives ten minutes and works
   with one key of yours only: the one that signs the proofs, or the one of your TLS certificate.
3. **每次调用带证明** Every request, that for a token included, carries a proof in its `DPoP` header (RFC 9449): a JWT
   signed anew for this one call. The token goes in `Authorization: DPoP …`. Over connections opened with a client
   certificate (mTLS, RFC 8705) no proofs are needed: the token is bound to the certificate and shown as `Bearer`.
4. **查报告** `POST /api/v1/reports` with the business's code and the purpose it agreed to.
5. **存下原文** Save the answer byte for byte: it is a receipt file, and `xinqiao-verify FILE --trust KEYS` checks it
   without us. A second later `GET /api/v1/receipts/{number}` gives the proof.

拒绝一律是 RFC 9457 的 `application/problem+json`；`type` 不变，程序可以依靠它，`title`、`detail` 给人看。
Every refusal is a problem; rely on `type` and on the status, show `title` and `detail` to people: they are Chinese, or
English with `Accept-Language: en`, and `Content-Language` says which. A report has one text, the Chinese one, since it
has one digest; names of fields, codes and purposes are English words.

{table}
"""
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REFUSED: Final = {
    400: "The form (`error`: `invalid_request`, `unsupported_grant_type`), the proof (`invalid_dpop_proof`) or the"
    " reach (`invalid_authorization_details`) is not as it has to be",
    401: "The assertion is not accepted (`error`: `invalid_client`); `type` says why",
    413: "The body is larger than 16 KB",
    429: "Too many tries; wait `Retry-After` seconds",
}
TOKEN_FORM: Final = {
    "type": "object",
    "required": ["grant_type", "client_assertion_type", "client_assertion"],
    "properties": {
        "grant_type": {"type": "string", "const": "client_credentials"},
        "client_assertion_type": {"type": "string", "const": ASSERTION},
        "client_assertion": {
            "type": "string",
            "maxLength": 4096,
            "description": "A JWT you sign (`alg` `Ed25519` or `ES256`). Claims: `iss` and `sub`, your client id;"
            " `aud`, the full address of this endpoint as you call it; `exp`, at most five minutes ahead; `jti`, new"
            " for every assertion, at most 64 characters. `iat` and `nbf` are looked at where they are there.",
        },
        details.NAME: {
            "type": "string",
            "maxLength": details.LONGEST,
            "contentMediaType": "application/json",
            "contentSchema": details.described()[0],
            "description": "Optional (RFC 9396): a token that can do less. A list of objects, each with a `type` and"
            " what it is limited to; a call then has to name what is limited and stay within one of them, or is"
            " refused `scope-exceeded`. Without it the token reaches as far as its institution may.",
        },
    },
}
TOKEN_ANSWER: Final = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in"],
    "properties": {
        "access_token": {"type": "string", "description": "Opaque; keep it in memory only"},
        "token_type": {
            "type": "string",
            "enum": ["DPoP", "Bearer"],
            "description": "How to show it: beside proofs of the same key, or on connections with the certificate",
        },
        "expires_in": {"type": "integer", "description": "Seconds: 600"},
        details.NAME: {**details.described()[0], "description": "As it was asked for; not there where nothing was"},
    },
}
PROOF: Final = {
    "in": "header",
    "name": "DPoP",
    "required": False,
    "schema": {"type": "string", "maxLength": 4096},
    "description": "Not needed over a connection with a client certificate (RFC 8705), else needed with every call."
    " A proof signed for this call (RFC 9449): a JWT with `typ` `dpop+jwt`, `alg` `Ed25519` or `ES256`"
    " and the public `jwk` in its head. Claims: `htm`, the method; `htu`, the address without its query; `iat`, at"
    " most five minutes old; `jti`, new for every call, at most 64 characters; beside a token `ath`, its"
    " SHA-256 in base64url.",
}


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The framework's description with the token endpoint, proofs, the right media types and the names of refusals."""
    schema["info"]["description"] = ABOUT.replace("{table}", refusals.table(_used()))
    for operations in schema["paths"].values():
        for operation in operations.values():
            _refusals_as_problems(operation["responses"])
            if "security" in operation:
                operation.setdefault("parameters", []).append(PROOF)
    schema["components"]["schemas"] |= details.described()[1]
    schema["paths"] = {"/oauth/token": {"post": _token()}, **schema["paths"]}
    return schema


def _refusals_as_problems(responses: dict[Any, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= 400 and "content" in response:  # noqa: PLR2004 — RFC 9110 §15.5
            response["content"] = {PROBLEM: next(iter(response["content"].values()))}
        if int(status) == 429:  # noqa: PLR2004
            response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}


def _token() -> dict[str, Any]:
    problem = {PROBLEM: {"schema": {"allOf": [{"$ref": "#/components/schemas/ProblemAnswer"}]}}}
    refused = {str(status): {"description": said, "content": problem} for status, said in REFUSED.items()}
    _refusals_as_problems(refused)
    return {
        "operationId": "token",
        "summary": "取访问令牌 Get an access token",
        "description": "OAuth 2 client credentials, proved by a signed assertion (RFC 6749 §4.4, RFC 7523 §2.2) and"
        " bound to the key of the proof (RFC 9449 §5) or to the certificate of the connection (RFC 8705 §3)."
        " A refusal carries the OAuth word in"
        " `error` beside the members of a problem.",
        "tags": ["令牌 Tokens"],
        "parameters": [PROOF],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": TOKEN_FORM}},
        },
        "responses": {
            "200": {"description": "A token", "content": {"application/json": {"schema": TOKEN_ANSWER}}},
            **refused,
        },
    }


def _used() -> dict[str, set[int]]:
    """The types a domain refuses by today, and the statuses they are told with; a page's own are none of them."""
    used: dict[str, set[int]] = {}
    for kind in _kinds(Problem):
        if kind.type in refusals.TYPES and not kind.__module__.startswith(("xinqiao.portal", "xinqiao.cli")):
            used.setdefault(kind.type, set()).add(status_of(kind))
    return used


def _kinds(root: type[Problem]) -> list[type[Problem]]:
    return [kind for direct in root.__subclasses__() for kind in (direct, *_kinds(direct))]
