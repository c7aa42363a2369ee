"""How often something may be tried on the pages, and in what words that is told."""

from datetime import datetime, timedelta
from typing import Final

from xinqiao.kernel.sayings import Saying
from xinqiao.parties import limits
from xinqiao.parties.errors import TooOften
from xinqiao.parties.limits import Limit, forget
from xinqiao.portal.errors import TooManyTries

__all__ = [
    "APPLICATION",
    "COMPLAINT",
    "PUBLIC_CHECK",
    "SECOND_FACTOR",
    "SECOND_FACTOR_PERSON",
    "SIGN_IN",
    "SIGN_IN_ADDRESS",
    "SIGN_IN_NAME",
    "SIGN_ON_ADDRESS",
    "Limit",
    "count",
    "forget",
]

# Five wrong passwords are a forgotten one; more are somebody else's patience (GB/T 22239 8.1.4.1 asks for a lock).
SIGN_IN: Final = Limit("sign-in", 5, timedelta(minutes=15))
# One name tried from many addresses.
SIGN_IN_NAME: Final = Limit("sign-in-name", 30, timedelta(hours=1))
# A whole office may share one address.
SIGN_IN_ADDRESS: Final = Limit("sign-in-address", 100, timedelta(minutes=15))
# Going and coming back are two.
SIGN_ON_ADDRESS: Final = Limit("sign-on-address", 200, timedelta(minutes=15))
# A code has a million values and three of them are good; so few tries open nothing.
SECOND_FACTOR: Final = Limit("second-factor", 5, timedelta(minutes=15))
SECOND_FACTOR_PERSON: Final = Limit("second-factor-person", 30, timedelta(hours=1))
# Somebody with a grievance complains once or twice; five in an hour from one address are enough for a family.
COMPLAINT: Final = Limit("complaint", 5, timedelta(hours=1))
# An organisation applies once; a mistake or two are mended.
APPLICATION: Final = Limit("application", 5, timedelta(hours=1))
# Checking a receipt costs a signature or two; a person does a few, a program none.
PUBLIC_CHECK: Final = Limit("public-check", 30, timedelta(minutes=1))


def count(limit: Limit, who: str, *, now: datetime) -> None:
    """Count one try by `who`; raises `TooManyTries` when it is one too many."""
    try:
        limits.count(limit, who, now=now)
    except TooOften as refusal:
        raise _too_many(refusal.wait) from None


def _too_many(wait: timedelta) -> TooManyTries:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return TooManyTries(Saying("为了安全先暂停 {minutes} 分钟，之后可以再试。", minutes=minutes), wait=wait)
