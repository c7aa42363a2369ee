"""A department that keeps its data and answers over an interface: the stand-in for its system, with its own gate.

It judges every ask by `xinqiao_verify.gate`, with the platform's public keys and what the department has agreed to, and
signs what it answers. Rows are invented, the same for a business every time.
"""

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xinqiao.kernel.city_time import day_of
from xinqiao_verify.answers import FORMAT, signed_over
from xinqiao_verify.canonical import canonical
from xinqiao_verify.gate import Agreed, Ask, NotGiven, judge
from xinqiao_verify.notes import Key, Trust

LARGEST: Final = 256 * 1024  # bytes of an ask
MONTHS: Final = 12
Rows = list[dict[str, str]]


@dataclass
class Department:
    """One source: its name, its key, the platform's keys, what it gives, and the nonces it has seen."""

    source: str
    private: Ed25519PrivateKey
    trust: Trust
    agreed: Agreed
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _seen: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def key(self) -> Key:
        """The public half, by the name it signs with."""
        return Key(f"{self.source}/interface", self.private.public_key().public_bytes_raw())

    def answer(self, content: bytes) -> str:
        """The signed answer to an ask: rows, or why there are none. Raises `ValueError` for what is no ask at all."""
        received = self.clock()
        told: dict[str, Any] = {"ask": _digest(content), "received_at": _instant(received)}
        try:
            ask = judge(content, self.trust, self.agreed, now=received, first_time=self._first_time)
            told["rows"] = {name: _rows(name, ask, day_of(self.clock())) for name in ask.items}
        except NotGiven as refusal:
            told["refused"] = refusal.type
        told["answered_at"] = _instant(self.clock())
        value = base64.b64encode(self.private.sign(signed_over(told))).decode()
        signature = {"key": self.key.name, "value": value}
        return canonical({"format": FORMAT, "answer": told, "signature": signature}).decode()

    def _first_time(self, nonce: str, until: datetime) -> bool:
        now = self.clock()
        with self._lock:
            self._seen = {known: good for known, good in self._seen.items() if good > now}
            return self._seen.setdefault(nonce, until) is until


def _digest(content: bytes) -> str:
    """What the answer names as the ask it answers: the SHA-256 of its signed part."""
    try:
        return sha256(canonical(json.loads(content)["receipt"])).hexdigest()
    except (KeyError, TypeError) as error:
        raise ValueError("no ask") from error


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# ── what it knows ────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(item: str, ask: Ask, today: date) -> Rows:
    wanted = ask.items[item]
    rows = [row for row in RECORDS[item](ask.subject, today) if _in_days(row, wanted.since, wanted.until)]
    return [{name: row[name] for name in wanted.fields if name in row} for row in rows]


def _in_days(row: dict[str, str], since: date | None, until: date | None) -> bool:
    day = date.fromisoformat(row["paid_on"])
    return (since is None or day >= since) and (until is None or day <= until)


def _housing_fund(uscc: str, today: date) -> Rows:
    """A year of deposits; every fifth business has no account."""
    chance = random.Random(f"housing_fund_monthly:{uscc}")
    if chance.random() < 0.2:
        return []
    people, wage = chance.randint(2, 60), chance.randint(3_000, 9_000)
    account = f"0375{chance.randrange(10**8):08d}"
    months = [date(today.year - (today.month - n <= 0), (today.month - n - 1) % 12 + 1, 15) for n in range(1, MONTHS)]
    return [
        {
            "subject_name": "",
            "uscc": uscc,
            "unit_account": account,
            "paid_on": day.isoformat(),
            "amount": f"{people * wage * 0.16:.2f}",
            "members": str(people),
            "ratio": "8",
        }
        for day in months
    ]


RECORDS: Final[dict[str, Callable[[str, date], Rows]]] = {"housing_fund_monthly": _housing_fund}


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────────


def server(department: Department, port: int) -> ThreadingHTTPServer:
    """A server on this machine only, not yet running; port 0 takes any that is free."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "0")
            if not length.isdecimal() or int(length) > LARGEST:
                return self._send(413, b"")
            try:
                answer = department.answer(self.rfile.read(int(length)))
            except ValueError:
                return self._send(400, b"")
            return self._send(200, answer.encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 — the library's own name
            """Says nothing: who is asked about is nobody's business."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
