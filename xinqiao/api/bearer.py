"""Which program is calling: by the token it was given, looked up for every request."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from xinqiao.api import limits
from xinqiao.api.problems import SessionExpired
from xinqiao.parties import tokens
from xinqiao.parties.clients import ClientView

LONGEST_TOKEN = 200  # characters; ours have 43


class ClientRequest(HttpRequest):
    """A request whose program is known."""

    auth: ClientView


class Bearer(HttpBearer):
    """RFC 6750. Anything but a live token is one refusal; a body too large is refused before it is read."""

    def __call__(self, request: HttpRequest) -> ClientView:
        limits.declared(request)
        client = super().__call__(request)
        if client is None:
            raise SessionExpired
        return cast("ClientView", client)

    def authenticate(self, request: HttpRequest, token: str) -> ClientView | None:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        return tokens.holder(token, now=timezone.now())
