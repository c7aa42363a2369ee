"""When a source that does not answer is left alone: pure, over its newest calls.

Counting needs no state of its own: whether a source rests follows from what became of the last calls, which every
worker sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xinqiao.catalogue.schema import Called


class Outcome(StrEnum):
    """What became of a call. A source that refuses has answered: its gate is its own affair."""

    ASKED = "asked"  # nothing has come back yet
    ANSWERED = "answered"
    REFUSED = "refused"
    SILENT = "silent"  # no answer in time, or no connection
    UNFIT = "unfit"  # an answer that is no answer: not signed, not in form


FAILED = frozenset({Outcome.SILENT, Outcome.UNFIT})


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier call."""

    outcome: Outcome
    at: datetime


class Line(StrEnum):
    CLOSED = "closed"  # ask
    OPEN = "open"  # let it rest
    TRIAL = "trial"  # one may try whether it is back


def line(called: Called, past: Sequence[Past], now: datetime) -> Line:
    """Whether to ask a source now; `past` are its newest calls, the newest first."""
    failures = _failures_in_a_row(past)
    if len(failures) < called.failures:
        return Line.CLOSED
    rests_until = failures[0].at + timedelta(seconds=called.rest_seconds)
    if now < rests_until:
        return Line.OPEN
    # Whoever asked since then is the one who tries; should he have died of it, another may after a while.
    trying = [one for one in past if one.outcome is Outcome.ASKED and one.at >= rests_until]
    gone = timedelta(seconds=called.within_seconds + called.rest_seconds)
    return Line.OPEN if any(now - one.at < gone for one in trying) else Line.TRIAL


def _failures_in_a_row(past: Sequence[Past]) -> list[Past]:
    """The failed calls since the last that came back well, the newest first; what is under way says nothing yet."""
    failures: list[Past] = []
    for one in past:
        if one.outcome in FAILED:
            failures.append(one)
        elif one.outcome is not Outcome.ASKED:
            break
    return failures
