"""Which program is calling: by the token it was given, and the proof that the token is its own (RFC 9449)."""

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

LONGEST_TOKEN = 200  # characters; ours have 43


class ClientRequest(HttpRequest):
    """A request whose program is known."""

    auth: Holder


class DPoP(HttpAuthBase):
    """A token shown as a bearer's is refused whosever it is. A body too large is refused before it is read."""

    openapi_scheme = "DPoP"

    def __call__(self, request: HttpRequest) -> Holder:
        limits.declared(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            raise BadProof(Saying("令牌须以 {scheme} 方式出示，并带 DPoP 证明", scheme="Authorization: DPoP"))
        if scheme.lower() != "dpop" or not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
            raise SessionExpired
        client = tokens.holder(token, call=call(request), now=timezone.now())
        if client is None:
            raise SessionExpired
        return client


def call(request: HttpRequest) -> Call:
    """What a proof has to name: the address as it was called, whose host the framework has checked."""
    address = request.build_absolute_uri(request.path)
    return Call(request.method or "", address, request.headers.get("DPoP"))
