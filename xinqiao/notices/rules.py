"""Which news there is, and when a call that failed is made again. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from xinqiao.kernel.ids import InstitutionId


class News(StrEnum):
    """What an institution is told of; the `type` of a CloudEvent. A name is never given to anything else."""

    GRANT_ASKED = "xinqiao.grant.asked"
    GRANT_GIVEN = "xinqiao.grant.given"
    GRANT_DECLINED = "xinqiao.grant.declined"
    GRANT_PAUSED = "xinqiao.grant.paused"
    GRANT_RESUMED = "xinqiao.grant.resumed"
    GRANT_REVOKED = "xinqiao.grant.revoked"
    GRANT_EXPIRED = "xinqiao.grant.expired"
    GRANT_EXHAUSTED = "xinqiao.grant.exhausted"
    AGREEMENT_MADE = "xinqiao.agreement.made"
    AGREEMENT_ENDED = "xinqiao.agreement.ended"
    ACCESS_SUSPENDED = "xinqiao.access.suspended"
    ACCESS_RESUMED = "xinqiao.access.resumed"
    INFRINGEMENT_OPENED = "xinqiao.infringement.opened"
    INFRINGEMENT_DECIDED = "xinqiao.infringement.decided"
    CORRECTION_WAITING = "xinqiao.correction.waiting"
    LINE_DISPUTED = "xinqiao.line.disputed"
    LINE_SETTLED = "xinqiao.line.settled"
    LINE_REPAIRED = "xinqiao.line.repaired"
    WATCH_NEWS = "xinqiao.watch.news"
    PUSH_READY = "xinqiao.push.ready"
    WEBHOOK_REGISTERED = "xinqiao.webhook.registered"
    WEBHOOK_DISABLED = "xinqiao.webhook.disabled"


Named = int | Sequence[int]


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of news for one institution. `about` holds our numbers of things and nothing else: what they are is
    asked for, under what is allowed by then. `subject` is the thing it is about: `grant/17`."""

    to: InstitutionId
    news: News
    subject: str
    about: Mapping[str, Named]


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# How long after each failed call the next one is made: a restart is waited for, then a night, then a long weekend.
WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_CALLS: Final = len(WAITS) + 1
JITTER: Final = 0.2  # either way: what failed together is not called again together
DISABLED_AFTER: Final = timedelta(days=5)  # of nothing but failures


class Outcome(NamedTuple):
    """What follows from a failed call: when the next one is made (None: no more), and since when all have failed."""

    next_at: datetime | None
    failing_since: datetime
    disabled: bool


def failed(calls: int, failing_since: datetime | None, now: datetime, chance: float) -> Outcome:
    """After the `calls`th call for one piece of news failed; `chance` from 0 to 1 spreads the next one."""
    since = min(failing_since or now, now)
    disabled = now - since >= DISABLED_AFTER
    if disabled or calls > len(WAITS):
        return Outcome(None, since, disabled)
    return Outcome(now + WAITS[calls - 1] * (1 + JITTER * (2 * chance - 1)), since, disabled=False)
