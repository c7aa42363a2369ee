"""One call to a stranger's server: its name is resolved once, and the connection goes to the very address that was
judged, so that a name which leads elsewhere a moment later (DNS rebinding) leads nowhere.

No redirect is followed, little of the answer is read, and the whole of it has a few seconds.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Timer
from typing import Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from xinqiao.notices.addresses import Bounds, Target, may_call, read
from xinqiao.notices.errors import AddressRefused

CONNECT: Final = 5.0  # seconds
WHOLE: Final = 10.0  # seconds for all of a call: a receiver takes the event and answers; it works afterwards
LARGEST_ANSWER: Final = 16 * 1024  # bytes; of what is beyond the call is a failure
RECEIVED: Final = range(200, 300)
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[Address]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call. `fault` is a stable word where there was no answer: address-refused, unreachable,
    too-slow, too-large."""

    status: int | None
    fault: str = ""

    @property
    def received(self) -> bool:
        return self.status in RECEIVED


def resolved(host: str, port: int) -> list[Address]:
    """What the name leads to. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def call(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    bounds: Bounds,
    *,
    resolve: Resolve = resolved,
    within: float = WHOLE,
) -> Answer:
    """POST it. Never raises for what the other side does."""
    try:
        target = read(url, bounds)
        address = _judged(target, bounds, resolve)
    except AddressRefused:
        return Answer(None, "address-refused")
    except OSError:
        return Answer(None, "unreachable")
    with closing(_connection(target, address)) as connection:
        return _posted(connection, target, body, headers, within)


def _judged(target: Target, bounds: Bounds, resolve: Resolve) -> Address:
    """The address to connect to. One closed address among several refuses them all: a name that leads to both a public
    and a private machine is no honest one."""
    found = resolve(target.host, target.port)
    if not found or not all(may_call(one, bounds) for one in found):
        raise AddressRefused
    return found[0]


def _connection(target: Target, address: Address) -> HTTPConnection:
    """To the address; the certificate has to be the name's."""
    timeout = Timeout(connect=CONNECT, read=WHOLE).connect_timeout
    if target.scheme == "http":
        return HTTPConnection(str(address), target.port, timeout=timeout)
    return HTTPSConnection(
        str(address),
        target.port,
        timeout=timeout,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


def _posted(
    connection: HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str], within: float
) -> Answer:
    overdue: list[bool] = []

    def stop() -> None:
        overdue.append(True)
        if (sock := connection.sock) is not None:
            _shut(sock)

    clock = Timer(within, stop)
    clock.daemon = True
    clock.start()
    try:
        return _exchanged(connection, target, body, headers)
    except (HTTPError, HTTPException, OSError, ValueError):
        return Answer(None, "too-slow" if overdue else "unreachable")
    finally:
        clock.cancel()


def _exchanged(connection: HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection.request("POST", target.path, body, {**headers, "Host": target.named}, preload_content=False)
    if connection.sock is not None:
        connection.sock.settimeout(WHOLE)
    answer = connection.getresponse()
    if len(answer.read(LARGEST_ANSWER + 1, decode_content=False)) > LARGEST_ANSWER:
        return Answer(None, "too-large")
    return Answer(answer.status)


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        sock.close()
