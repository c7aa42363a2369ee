"""Whom we believe where a request comes from and what certificate its connection had."""

import base64

import pytest
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings

from xinqiao.api import callers
from xinqiao.site import proxies

CERTIFICATE = b"in DER"
SAID = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7, 10.0.0.2",
    "HTTP_CLIENT_CERT": f":{base64.b64encode(CERTIFICATE).decode()}:",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_HOST": "testserver",
}


def seen(peer: str, **more: str) -> HttpRequest:
    """The request as the house sees it."""
    found: list[HttpRequest] = []

    def house(request: HttpRequest) -> HttpResponse:
        found.append(request)
        return HttpResponse()

    request = HttpRequest()
    request.method, request.path, request.META = "POST", "/oauth/token", {"REMOTE_ADDR": peer, **SAID, **more}
    with override_settings(PROXIES=proxies.listed("10.0.0.0/8")):
        proxies.behind_proxies(house)(request)
    return found[0]


def test_a_proxy_says_who_called_and_with_which_certificate() -> None:
    request = seen("10.0.0.3")
    assert request.META["REMOTE_ADDR"] == "198.51.100.7"  # what stands before it the caller may have written
    assert callers.call(request).certificate == CERTIFICATE


def test_anybody_else_speaks_for_himself_alone() -> None:
    request = seen("198.51.100.7")
    assert request.META["REMOTE_ADDR"] == "198.51.100.7"
    assert callers.call(request).certificate is None
    assert not set(proxies.THEIRS) & set(request.META)


@pytest.mark.parametrize("said", ["", "not an address", "10.0.0.9"])
def test_a_proxy_that_names_nobody_has_called_itself(said: str) -> None:
    assert seen("10.0.0.3", HTTP_X_FORWARDED_FOR=said).META["REMOTE_ADDR"] == "10.0.0.3"


@pytest.mark.parametrize("said", [":", "::", "aGk=", ":aGk:", ":a b=:"])
def test_what_is_no_certificate_is_none(said: str) -> None:
    assert callers.call(seen("10.0.0.3", HTTP_CLIENT_CERT=said)).certificate is None


def test_an_address_that_is_none_is_named_when_the_house_starts() -> None:
    with pytest.raises(ValueError, match="our proxy"):
        proxies.listed("127.0.0.1, our proxy")
