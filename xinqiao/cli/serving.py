"""The web server: Granian over WSGI with a few blocking threads, as its measurements advise."""

import os
import socket
import sys
from typing import Final

from xinqiao.cli import processes
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

DEFAULT_PORT: Final = 8000
HOST: Final = os.environ.get("XINQIAO_BIND", "127.0.0.1")
# Requests answered at a time (`site.room`): an answer takes some 15 ms of one core, a few wait for others meanwhile.
AT_WORK: Final = 8
# And in line behind them: the last is served within half a second, far below what a caller waits for.
WAITING: Final = 12
THREADS: Final = AT_WORK + WAITING + 4  # the last few only tell whoever is one too many
_BACKLOG: Final = 256


class PortTaken(Problem):
    """Somebody listens there already, or we may not."""

    type = "port-taken"
    kind = Kind.CONFLICT
    title = "端口不可用"


def port() -> int:
    """`PORT`, else 8000. Raises `PortTaken` when it is no port's number."""
    named = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not named.isdecimal() or not 0 < int(named) < 65536:  # noqa: PLR2004 - TCP
        raise PortTaken(Saying("PORT 应是 1 到 65535 的数字，不能是“{named}”。", named=named))
    return int(named)


def refuse_taken(number: int) -> None:
    """Say so before anything is made: nobody should wait for minutes to hear it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            raise PortTaken(
                Saying(
                    "端口 {number} 已被占用或不可用（{error}）。可以换一个：PORT=8001 make run",
                    number=number,
                    error=str(error.strerror),
                )
            ) from None


def answers(number: int) -> bool:
    """Whether somebody could open the portal's page by now."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, number)) == 0


def become_web_server(number: int) -> None:
    """Granian in place of this process; it starts its worker by itself."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(number)]
    command += ["--workers", "1", "--blocking-threads", str(THREADS), "--backlog", str(_BACKLOG), "--no-ws"]
    command += ["--log-level", "error", "--workers-kill-timeout", "10", "--respawn-failed-workers"]
    os.execve(sys.executable, [*command, "xinqiao.site.wsgi:application"], processes.environment())
