"""The interface over HTTP, from a token to a told report, against a bare read-and-insert over the same server.

One web server as production runs it, one keep-alive connection, short turns in alternation. What is counted is the CPU
of the web server's processes and of its database's backends; the caller's own (it signs a proof for each call) is not.
A report is told of an enterprise with 40 lines, a third of them sealed, under a grant: token, grant, masking, receipt,
signatures, log. A verification answers one claim over a secret item under a grant. Goals: at most three times and two
and a half times the bare call.

Beside them, without a goal: how many a second come through, and how long one takes, with two callers at once.
"""

import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from joserfc import jwt
from joserfc.jwk import OKPKey

from xinqiao.cli import serving
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import clients, proofs
from xinqiao_bench import bare, report, scratch
from xinqiao_bench.measures import Measure

SUBJECTS: Final = 200
TURN: Final = 25  # calls before the other has its turn
ROUNDS: Final = 8
CALLERS: Final = 2
CALLS: Final = 200  # of both callers together, for rates and times
REPORT_GOAL: Final = 3.0
VERIFICATION_GOAL: Final = 2.5
CLAIM: Final = "declared_sales_in_a_year"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TICK: Final = os.sysconf("SC_CLK_TCK")
OK: Final = 200
TOO_MANY: Final = 429
OVERLOAD: Final = 5.0
CROWD: Final = 40  # callers at once
PROGRAMS: Final = 20  # whose they are, so that no program's own limit is in the way
CROWDED: Final = 6.0  # seconds

Call = tuple[str, str, str | None, dict[str, str]]  # method, path, body, headers


def run(subjects: int = SUBJECTS) -> dict[str, Measure]:
    with scratch.database() as address:
        usccs = list(report.fill(subjects, granted=subjects).values())
        with connection.cursor() as cursor:
            cursor.execute(bare.MAKE)
        with _serving(address) as server:
            kinds = {name: server.asking(name, usccs) for name in ("bare", "report", "verification")}
            cost = _costs(server, kinds)
            paces = {name: server.pace([next(calls) for _ in range(CALLS)]) for name, calls in kinds.items()}
            crowd = _overload(server, usccs)
    told: dict[str, Measure] = {}
    for name, goal in (("report", REPORT_GOAL), ("verification", VERIFICATION_GOAL)):
        told[f"{name}-http"] = Measure(cost[name], "ms CPU", cost["bare"], cost[name] / cost["bare"], goal)
        told[f"{name}-http-rate"] = Measure(paces[name][0], "per second", paces["bare"][0])
        told[f"{name}-http-median"] = Measure(paces[name][1], "ms", paces["bare"][1])
        told[f"{name}-http-p95"] = Measure(paces[name][2], "ms", paces["bare"][2])
    return told | crowd


def _costs(server: "_Server", kinds: Mapping[str, Iterator[Call]]) -> dict[str, float]:
    """CPU milliseconds a call of each kind costs the server and its database: the median of its turns."""
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for turn in range(ROUNDS + 1):
        for name, calls in kinds.items():
            mine = [next(calls) for _ in range(TURN)]
            before = server.cpu()
            server.each(mine)
            if turn:  # the first only warms up
                spent[name].append((server.cpu() - before) * 1000 / TURN)
    return {name: statistics.median(costs) for name, costs in spent.items()}


def _overload(server: "_Server", usccs: list[Uscc]) -> dict[str, Measure]:
    """Callers without patience, as many as bring five times what can be answered; then at once one that has it."""
    programs = [server.another() for _ in range(PROGRAMS)]
    until = time.monotonic() + CROWDED
    # Each begins with another business: a grant is good for so many looks a day, and that is not what is measured.
    begins = [n * len(usccs) // CROWD for n in range(CROWD)]
    with ThreadPoolExecutor(CROWD) as pool:
        crowd = list(
            pool.map(lambda n, at: programs[n % PROGRAMS].press(usccs[at:] + usccs[:at], until), range(CROWD), begins)
        )
    last = server.another()
    calls = last.asking("verification", usccs)
    after = statistics.median(last.each([next(calls) for _ in range(TURN)]))
    told = [one for answers in crowd for one in answers]
    answered = sorted(took for status, took in told if status == OK)
    faults = sum(status not in {OK, TOO_MANY} for status, _ in told)
    offered = len(told) / max(1, len(answered))
    return {
        "overload-offered": Measure(offered, "× answered", goal=OVERLOAD, kept="at_least"),
        "overload-errors": Measure(float(faults), "not 200, not 429", goal=0.0),
        "overload-p95": Measure(answered[int(len(answered) * 0.95)] * 1000, "ms, of those answered"),
        "overload-after": Measure(after * 1000, "ms, at once afterwards"),
    }


class _Server:
    """The web server and a program that calls it."""

    def __init__(self, root: int, port: int) -> None:
        self._root, self._port = root, port
        self._key, self._sender = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")
        self._id = f"bench_{uuid4().hex[:8]}"
        clients.register(
            id=self._id, institution=report.BANK, public_jwk=self._key.as_dict(private=False), now=report.NOW
        )
        self._token = self._get_token()

    def asking(self, kind: str, usccs: list[Uscc]) -> Iterator[Call]:
        """Endless calls of one kind, of one business after the other; each signed as it is taken."""
        make: dict[str, Callable[[Uscc], Call]] = {
            "bare": lambda uscc: ("GET", f"/bare/{uscc}", None, {}),
            "report": lambda uscc: self._post("/api/v1/reports", uscc=uscc, purpose="loan_review"),
            "verification": lambda uscc: self._post(
                "/api/v1/verifications", uscc=uscc, purpose="loan_review", claim=CLAIM
            ),
        }
        return (make[kind](uscc) for uscc in itertools.cycle(usccs))

    def each(self, calls: list[Call]) -> list[float]:
        """Make these calls one after the other; the seconds each took."""
        line = http.client.HTTPConnection("127.0.0.1", self._port)
        took = []
        for method, path, body, headers in calls:
            began = time.perf_counter()
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read()
            took.append(time.perf_counter() - began)
            if answer.status != OK:
                raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        line.close()
        return took

    def another(self) -> "_Server":
        """Another program of the bank's at the same server."""
        return _Server(self._root, self._port)

    def press(self, usccs: list[Uscc], until: float) -> list[tuple[int, float]]:
        """Ask for verifications without a pause; the status of each (0: no answer) and its seconds."""
        line, told = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30), list[tuple[int, float]]()
        for method, path, body, headers in self.asking("verification", usccs):
            if (began := time.monotonic()) > until:
                line.close()
                return told
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                answer.read()
                status = answer.status
                if status == TOO_MANY and "Retry-After" not in answer.headers:
                    status = -status  # a refusal that does not say when to come again is no polite one
            except OSError:
                line.close()
                status = 0
            told.append((status, time.monotonic() - began))
        return told

    def pace(self, calls: list[Call]) -> tuple[float, float, float]:
        """Calls a second, their median and their 95th percentile in milliseconds, with some callers at once."""
        parts = [calls[n::CALLERS] for n in range(CALLERS)]
        began = time.perf_counter()
        with ThreadPoolExecutor(CALLERS) as pool:
            took = sorted(one for part in pool.map(self.each, parts) for one in part)
        seconds = time.perf_counter() - began
        return len(calls) / seconds, statistics.median(took) * 1000, took[int(len(took) * 0.95)] * 1000

    def cpu(self) -> float:
        """Seconds used so far by the server's processes and by the backends of its database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            backends = [pid for (pid,) in cursor.fetchall()]
        return sum(map(_ticks, [*_family(self._root), *backends])) / TICK

    def _get_token(self) -> str:
        address = f"http://127.0.0.1:{self._port}/oauth/token"
        now = int(time.time())
        claims = {"iss": self._id, "sub": self._id, "aud": address, "exp": now + 120, "jti": uuid4().hex}
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode({"alg": "Ed25519"}, claims, self._key, algorithms=["Ed25519"]),
        }
        line = http.client.HTTPConnection("127.0.0.1", self._port)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "DPoP": self._proof("POST", "/oauth/token")}
        line.request("POST", "/oauth/token", urlencode(form), headers)
        told: dict[str, Any] = json.loads(line.getresponse().read())
        return str(told["access_token"])

    def _post(self, path: str, **body: str) -> Call:
        proof = self._proof("POST", path, ath=proofs.hash_of(self._token))
        headers = {"Content-Type": "application/json", "Authorization": f"DPoP {self._token}", "DPoP": proof}
        return "POST", path, json.dumps(body), headers

    def _proof(self, method: str, path: str, **more: str) -> str:
        head = {"alg": "Ed25519", "typ": "dpop+jwt", "jwk": self._sender.as_dict(private=False)}
        said = {"htm": method, "htu": f"http://127.0.0.1:{self._port}{path}", "iat": int(time.time())}
        return jwt.encode(head, said | {"jti": uuid4().hex} | more, self._sender, algorithms=["Ed25519"])


@contextmanager
def _serving(address: str) -> Iterator[_Server]:
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    command += [
        "--blocking-threads",
        str(serving.THREADS),
        "--no-ws",
        "--log-level",
        "warning",
        "xinqiao_bench.bare:application",
    ]
    process = subprocess.Popen(command, env=os.environ | {"XINQIAO_DATABASE_URL": address})  # noqa: S603
    try:
        _wait_for(port)
        yield _Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/api/v1/openapi.json")
            line.getresponse().read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _family(root: int) -> list[int]:
    """A process and all that came of it."""
    parents = {int(p.name): _parent(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
    found, new = [root], [root]
    while new := [pid for pid, parent in parents.items() if parent in new]:
        found += new
    return found


def _parent(place: Path) -> int:
    try:
        return int(_fields(place)[1])
    except OSError:
        return 0


def _ticks(pid: int) -> int:
    try:
        fields = _fields(Path(f"/proc/{pid}"))
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _fields(place: Path) -> list[str]:
    """What the kernel tells of a process, from its state on (proc(5))."""
    return (place / "stat").read_text().rpartition(")")[2].split()
