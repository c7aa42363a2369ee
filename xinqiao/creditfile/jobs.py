"""What the credit file does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.creditfile import following, retention


@work.job("creditfile.follow", alone=True)
def follow() -> None:
    """After news in the log: file what intake judged."""
    following.follow(timezone.now())


@work.job("creditfile.expire", alone=True, nightly=time(0, 10))
def expire() -> None:
    """Every night: facts whose term is over are marked, and their subjects graded without them."""
    retention.expire(timezone.now())
