"""What the web servers in front of us may say of a connection, and nobody else.

`XINQIAO_PROXIES` lists their addresses (or networks), comma-separated; none by default. They must put these headers
in place of whatever a caller sent: `X-Forwarded-For`, `X-Forwarded-Proto`, and where they ask for client certificates
`Client-Cert` (RFC 9440). From any other address the headers count as never sent, so that nobody speaks for a proxy.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
Network = IPv4Network | IPv6Network
THEIRS: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_CLIENT_CERT", "HTTP_CLIENT_CERT_CHAIN")


def listed(text: str) -> list[Network]:
    """Raises `ValueError` for what is no address."""
    return [ip_network(one.strip()) for one in text.split(",") if one.strip()]


def behind_proxies(get_response: Answer) -> Answer:
    """Middleware, before all others: where a request really comes from."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        meta, proxies = request.META, settings.PROXIES
        if _among(meta.get("REMOTE_ADDR", ""), proxies):
            meta["REMOTE_ADDR"] = _caller(meta.get("HTTP_X_FORWARDED_FOR", ""), proxies) or meta["REMOTE_ADDR"]
        else:
            for header in THEIRS:
                meta.pop(header, None)
        return get_response(request)

    return answer


def _caller(forwarded: str, proxies: Sequence[Network]) -> str | None:
    """The last one named that is none of ours: whatever stands before it, a caller may have written himself."""
    named = [address.strip() for address in forwarded.split(",")]
    return next((address for address in reversed(named) if _is_address(address) and not _among(address, proxies)), None)


def _among(address: str, networks: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
