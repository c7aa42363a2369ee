"""Which program is calling: by the token it was given, and what shows that the token is its own.

That is a proof beside the call (DPoP, RFC 9449) or the certificate of its connection (mTLS, RFC 8705).
"""

import base64
import re
from dataclasses import replace
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from ninja.security.http import HttpAuthBase

from xinqiao.api import limits
from xinqiao.api.problems import SessionExpired
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import tokens
from xinqiao.parties.errors import BadProof
from xinqiao.parties.proofs import Call
from xinqiao.parties.tokens import Holder

LONGEST_TOKEN: Final = 200  # characters; ours have 43
CLIENT_CERT: Final = re.compile(r":((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?):")


class ClientRequest(HttpRequest):
    """A request whose program is known."""

    auth: Holder


class Bound(HttpAuthBase):
    """A token shown by itself is refused whosever it is. A body too large is refused before it is read."""

    openapi_scheme = "DPoP"

    def __call__(self, request: HttpRequest) -> Holder:
        limits.declared(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in {"dpop", "bearer"} or not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
            raise SessionExpired
        shown = call(request)
        if scheme.lower() == "bearer":
            shown = _by_certificate(shown)
        client = tokens.holder(token, call=shown, now=timezone.now())
        if client is None:
            raise SessionExpired
        return client


def _by_certificate(shown: Call) -> Call:
    if shown.certificate is None:
        said = Saying("令牌须以 {scheme} 方式出示，并带 DPoP 证明，或经双向 TLS 连接出示", scheme="Authorization: DPoP")
        raise BadProof(said)
    return replace(shown, proof=None)


def call(request: HttpRequest) -> Call:
    """What a proof has to name: the address as it was called, whose host the framework has checked."""
    address = request.build_absolute_uri(request.path)
    return Call(request.method or "", address, request.headers.get("DPoP"), _certificate(request))


def _certificate(request: HttpRequest) -> bytes | None:
    """What the web server in front says the connection was opened with (RFC 9440); `site.proxies` believes no other."""
    named = CLIENT_CERT.fullmatch(request.headers.get("Client-Cert", ""))
    return base64.b64decode(named[1]) if named else None
