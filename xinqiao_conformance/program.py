"""A program as an institution would write it: signs, asks, and behaves when something goes wrong.

The kit plays scenarios with its parts; whoever writes one of his own may read here how it is done. Nothing in it is
needed twice: assertions, proofs and keys are new each time, a question keeps its own `Idempotency-Key`.
"""

import base64
import hashlib
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PATIENCE: Final = 30.0  # seconds for an answer
TRIES: Final = 4
OK: Final = 200
Key = OKPKey | ECKey


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is byte for byte what came: a report's receipt is over it."""

    status: int
    headers: Mapping[str, str]
    text: bytes

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.text)
        return told

    @property
    def type(self) -> str:
        """Of a refusal, its stable name."""
        return "" if self.status == OK else str(self.told.get("type", ""))


@dataclass(slots=True)
class Program:
    platform: str  # the address, without a slash at its end
    client: str
    key: Key  # registered; signs assertions
    sender: Key = field(
        default_factory=lambda: OKPKey.generate_key("Ed25519")
    )  # signs proofs; tokens work with it only
    _token: str = ""

    def assertion(self, **claims: Any) -> str:
        said: dict[str, Any] = {"iss": self.client, "sub": self.client, "aud": f"{self.platform}/oauth/token"}
        said |= {"exp": int(time.time()) + 120, "jti": uuid.uuid4().hex}
        return _signed({}, said | claims, self.key)

    def proof(self, method: str, address: str, token: str = "", *, key: Key | None = None, **claims: Any) -> str:
        key = key or self.sender
        said: dict[str, Any] = {"htm": method, "htu": address, "iat": int(time.time()), "jti": uuid.uuid4().hex}
        if token:
            said["ath"] = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
        return _signed({"typ": "dpop+jwt", "jwk": key.as_dict(private=False)}, said | claims, key)

    def ask_token(self, assertion: str | None = None) -> Answer:
        address = f"{self.platform}/oauth/token"
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
        form["client_assertion"] = assertion or self.assertion()
        return send(Request(address, urlencode(form).encode(), {"DPoP": self.proof("POST", address)}))  # noqa: S310

    def token(self) -> str:
        """Kept in memory while it is good; `forget` makes the next call ask for a new one."""
        if not self._token:
            self._token = self.ask_token().told["access_token"]
        return self._token

    def forget(self) -> None:
        self._token = ""

    def call(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One call with a new proof; `headers` replace our own where they name the same."""
        address, token = f"{self.platform}/api/v1/{path}", self.token()
        ours = {"Authorization": f"DPoP {token}", "DPoP": self.proof(method, address, token)}
        text = None if body is None else json.dumps(body).encode()
        if text is not None:
            ours["Content-Type"] = "application/json"
        return send(Request(address, text, {**ours, **(headers or {})}, method=method))  # noqa: S310

    def ask(self, path: str, body: Any, key: str) -> Answer:
        return self.call("POST", path, body, {"Idempotency-Key": key})

    def ask_until_told(self, path: str, body: Any, wait: Callable[[float], None] = time.sleep) -> Answer:
        """As long as asking again may help: the same question under its key, with a new proof each time."""
        key = uuid.uuid4().hex
        for tried in range(1, TRIES + 1):
            try:
                answer = self.ask(path, body, key)
            except (OSError, HTTPException):  # no answer: it may have been told all the same
                if tried == TRIES:
                    raise
                wait(tried)
                continue
            if answer.type == "session-expired":
                self.forget()
            elif answer.type in {"rate-limited", "not-ready", "log-unavailable"}:
                wait(float(answer.headers.get("Retry-After") or tried))
            else:
                return answer
        return answer


def send(request: Request) -> Answer:
    """Raises `OSError` or `HTTPException` where no whole answer came."""
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the address is whoever's who runs this
            return Answer(answer.status, dict(answer.headers), answer.read())
    except HTTPError as refused:
        with refused:
            return Answer(refused.code, dict(refused.headers), refused.read())


def _signed(head: dict[str, Any], claims: dict[str, Any], key: Key) -> str:
    alg = "Ed25519" if isinstance(key, OKPKey) else "ES256"
    return jwt.encode({"alg": alg, **head}, claims, key, algorithms=[alg])
