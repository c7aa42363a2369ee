"""An act, or its refusal: either is in the log."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import log
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.events import Kind

T = TypeVar("T")


def on_the_record(act: Callable[[], T], refused: Kind, *, by: PersonId | str, now: datetime, **about: JsonValue) -> T:
    """What the act gives; where it refuses, nothing of it stays but the event `refused`, and the refusal is raised."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                return act()
        except Problem as problem:
            refusal = problem
        log.append(refused, now=now, about={"reason": refusal.type, "by": by, **about})
    raise refusal
