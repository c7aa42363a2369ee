"""A go-between before the platform: an institution's program calls it instead, and what the program does is judged.

It passes everything on as it came (the address a proof names is the one that was called, so proofs hold) and lets some
things go wrong on their way, once for each business that is there for it.
"""

import base64
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from xinqiao_conformance.judging import Call, judge
from xinqiao_conformance.scenarios import PROGRAM, Business, Fault

WAIT: Final = 2  # seconds a program is told to wait
RESULTS: Final = "/conformance"
ASKING: Final = ("/api/v1/reports", "/api/v1/queries", "/api/v1/verifications")
HOP: Final = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}
INSTEAD: Final[Mapping[Fault, tuple[int, str, str]]] = {
    Fault.TOO_OFTEN: (429, "rate-limited", "请求太频繁（演练）"),
    Fault.NOT_READY: (503, "not-ready", "平台出了差错（演练）"),
    Fault.SESSION_OVER: (401, "session-expired", "令牌已到期（演练）"),
}


@dataclass(frozen=True, slots=True)
class Passed:
    """What goes back to the program; None: the connection ends without a word."""

    status: int
    headers: Mapping[str, str]
    text: bytes


class Watcher:
    """Passes calls on to `platform`, keeps what it saw, and judges it by the scenarios."""

    def __init__(self, platform: str, businesses: Iterable[Business]) -> None:
        self._to, self._calls, self._lock = urlsplit(platform), list[Call](), threading.Lock()
        self._businesses = {one.scenario: one for one in businesses}
        faults = {one.id: one.fault for one in PROGRAM if one.fault}
        self._faults = {one.uscc: faults[one.scenario] for one in self._businesses.values() if one.scenario in faults}

    def results(self) -> list[dict[str, Any]]:
        with self._lock:
            return judge(list(self._calls), self._businesses)

    def took(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Passed | None:
        at, uscc = time.monotonic(), _uscc(path, body)
        with self._lock:
            fault = self._faults.pop(uscc, None)
        passed = (
            _instead(fault) if fault is not None and fault in INSTEAD else self._passed_on(method, path, headers, body)
        )
        self._keep(Call(at, method, path, uscc, _key(headers), _proof(headers), passed.status, _type(passed)))
        return None if fault is Fault.LOST else passed

    def _keep(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def _passed_on(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Passed:
        secure = self._to.scheme == "https"
        there = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(self._to.netloc, timeout=30)
        try:
            there.request(method, path, body or None, {k: v for k, v in headers.items() if k.lower() not in HOP})
            answer = there.getresponse()
            return Passed(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            there.close()


def server(watcher: Watcher, port: int = 0) -> ThreadingHTTPServer:
    """On this machine alone: what passes is an institution's own."""

    class Between(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass()

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def _pass(self) -> None:
            if self.path == RESULTS:
                self._answer(Passed(200, {"Content-Type": "application/json"}, json.dumps(watcher.results()).encode()))
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = watcher.took(self.command, self.path, dict(self.headers), body)
            if answer is None:
                self.close_connection = True
            else:
                self._answer(answer)

        def _answer(self, passed: Passed) -> None:
            self.send_response(passed.status)
            for name, value in passed.headers.items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(passed.text)))
            self.end_headers()
            self.wfile.write(passed.text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Between)


def _instead(fault: Fault) -> Passed:
    status, kind, title = INSTEAD[fault]
    headers = {"Content-Type": "application/problem+json"}
    if fault is Fault.TOO_OFTEN:
        headers["Retry-After"] = str(WAIT)
    return Passed(
        status, headers, json.dumps({"type": kind, "title": title, "detail": title, "status": status}).encode()
    )


def _read(find: Callable[[], Any]) -> str:
    """What a program sent is the platform's to judge; here an unreadable part is none."""
    try:
        return str(find() or "")
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return ""


def _uscc(path: str, body: bytes) -> str:
    return _read(lambda: json.loads(body).get("uscc")) if path in ASKING else ""


def _key(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "idempotency-key"), "")


def _proof(headers: Mapping[str, str]) -> str:
    """The `jti` of the proof."""
    proof = next((value for name, value in headers.items() if name.lower() == "dpop"), "")
    return _read(lambda: json.loads(base64.urlsafe_b64decode(proof.split(".")[1] + "==")).get("jti"))


def _type(passed: Passed) -> str:
    return _read(lambda: json.loads(passed.text).get("type")) if passed.status >= 400 else ""  # noqa: PLR2004
