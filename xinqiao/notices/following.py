"""Notices follow the log: what concerns an institution is put into its feed, and on its way to its webhooks."""

from datetime import datetime
from typing import Final

from xinqiao.ledger import following
from xinqiao.ledger.queries import Event
from xinqiao.notices import hearing, keeping, sending

NAME: Final = "notices"


def follow(now: datetime) -> int:
    """Read on in the log; returns how many acts were looked at."""
    return following.follow(NAME, _take, kinds=hearing.KINDS, now=now)


def _take(event: Event) -> None:
    for ordinal, one in enumerate(hearing.heard(event)):
        if (number := keeping.put(one, event, ordinal)) is not None:
            sending.begin(one, number, event.at)
