"""Which addresses we call. Pure: who calls resolves the name once, has the answer judged here, and connects to it.

Whoever registers an address chooses where our machine connects to. It must not lead into the platform's own network, to
the cloud's metadata, or to anybody's machine that only listens inside (SSRF, CWE-918).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from xinqiao.kernel.sayings import Saying
from xinqiao.notices.errors import AddressRefused

LONGEST: Final = 500  # characters
HOST: Final = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
VISIBLE: Final = re.compile(r"[!-~]+")
# Global to the library and yet nobody's public server: IPv6 that carries IPv4 inside it (mapped, NAT64, 6to4, Teredo)
# could be led anywhere by a gateway; then what releases of the library judge differently (IANA's special registries);
# the last one is a cloud's metadata on a public number.
CLOSED: Final = tuple(
    map(
        ip_network,
        (
            "::ffff:0:0/96",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/23",
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "168.63.129.16/32",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be called. The sample may call this machine, so that a programmer can try a receiver at a desk."""

    schemes: frozenset[str]
    ports: frozenset[int] | None  # None: any
    loopback: bool


PRODUCTION: Final = Bounds(frozenset({"https"}), frozenset({443, 8443}), loopback=False)
SAMPLE: Final = Bounds(frozenset({"https", "http"}), None, loopback=True)
PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts. `path` begins with a slash and has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """What the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read(url: str, bounds: Bounds) -> Target:
    """The address, if it is one we would call whatever its name leads to. Raises `AddressRefused`."""
    if len(url) > LONGEST or not VISIBLE.fullmatch(url) or "\\" in url:
        raise AddressRefused(Saying("地址最多 {most} 个字符，只用可见的 ASCII 字符", most=LONGEST))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused from None
    if parts.scheme not in bounds.schemes:
        raise AddressRefused(Saying("地址要以 {schemes} 开头", schemes=[f"{one}://" for one in sorted(bounds.schemes)]))
    if "@" in parts.netloc or "#" in url:
        raise AddressRefused(Saying("地址里不要带账号、密码或者片段"))
    number = PORTS[parts.scheme] if port is None else port
    if number == 0 or (bounds.ports is not None and number not in bounds.ports):
        raise AddressRefused(Saying("端口只能是 {ports}", ports=[str(one) for one in sorted(bounds.ports or ())]))
    _check_host(host, bounds)
    return Target(parts.scheme, host, number, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _check_host(host: str, bounds: Bounds) -> None:
    """A literal address is judged at once; a name when it is called."""
    try:
        literal = ip_address(host)
    except ValueError:
        if not HOST.fullmatch(host):
            raise AddressRefused from None
        return
    if not may_call(literal, bounds):
        raise AddressRefused


def may_call(address: IPv4Address | IPv6Address, bounds: Bounds) -> bool:
    """Whether this is a server open to everybody: not private, loopback, link-local, shared (CGNAT), multicast,
    reserved, nor a way round to one of these."""
    if getattr(address, "scope_id", None):
        return False
    if address.is_loopback:
        return bounds.loopback
    if any(address in network for network in CLOSED if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
