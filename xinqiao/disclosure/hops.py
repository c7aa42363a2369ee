"""One call to a source's interface: sent, waited for as long as its catalogue entry says, and read strictly.

Who is asked is set up by the operator, not by whoever asks us; still nothing is followed anywhere else: no redirect, no
proxy, one answer of bounded size, in time or not at all.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

import urllib3

from xinqiao.disclosure.breaking import Outcome
from xinqiao_verify import answers
from xinqiao_verify.answers import SourceAnswer
from xinqiao_verify.notes import Key
from xinqiao_verify.proofs import Refused

LARGEST: Final = 1_000_000  # bytes: a thousand rows of one business
PIECE: Final = 64 * 1024
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """What came of it. `sent_at` and `arrived_at` are by our clock, those in `answer` by the source's."""

    outcome: Outcome
    sent_at: datetime
    arrived_at: datetime
    answer: SourceAnswer | None = None
    content: str = ""  # the answer to the letter


def call(address: str, key: Key, ask: str, digest: str, *, within_seconds: int, clock: Callable[[], datetime]) -> Hop:
    """Put the ask to a source and wait so long at the most. What goes wrong is an outcome, never a fault of ours."""
    sent_at = clock()
    try:
        content = _posted(address, ask, time.monotonic() + within_seconds).decode()
        answer = answers.read(content, key, digest)
    except (urllib3.exceptions.HTTPError, OSError, TimeoutError):
        return Hop(Outcome.SILENT, sent_at, clock())
    except (Refused, UnicodeDecodeError):
        return Hop(Outcome.UNFIT, sent_at, clock())
    outcome = Outcome.REFUSED if answer.refused else Outcome.ANSWERED
    return Hop(outcome, sent_at, clock(), answer, content)


@lru_cache(maxsize=1)
def _lines() -> urllib3.PoolManager:
    """Lines that stay open between calls; a retry would ask a second time, and one ask is good once."""
    return urllib3.PoolManager(num_pools=100, maxsize=8, retries=False)


def _posted(address: str, ask: str, until: float) -> bytes:
    """The body of the answer. Raises `TimeoutError`, `OSError`, `Refused` for one that is none."""
    response = _lines().request(
        "POST",
        address,
        body=ask.encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        timeout=urllib3.Timeout(total=_left(until)),
        redirect=False,
        preload_content=False,
        decode_content=False,
    )
    try:
        if response.status != OK:
            raise TimeoutError(f"status {response.status}")
        return _read(response, until)
    finally:
        response.release_conn()


def _read(response: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """A body that trickles in is read no longer than any other."""
    body = b""
    while piece := response.read1(PIECE):
        body += piece
        if len(body) > LARGEST:
            response.close()
            raise Refused("an answer without an end")
        _left(until)
    return body


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
