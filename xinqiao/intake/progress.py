"""How far a reading has come, for pages and the command line. Never part of an act: it is only ever looked at."""

from datetime import datetime
from typing import Final

from xinqiao.intake.models import Delivery, Progress

STEPS: Final = 100  # written down at most this often for one delivery


class Meter:
    """Hears lines done and lines in all, and writes them down where somebody may look."""

    def __init__(self, delivery: Delivery, now: datetime) -> None:
        self._delivery, self._now = delivery, now
        self._next = 0

    def __call__(self, done: int, total: int) -> None:
        if done < self._next:
            return
        self._next = done + max(1, total // STEPS)
        Progress.objects.update_or_create(
            delivery=self._delivery, defaults={"done": done, "total": total, "at": self._now}
        )
