"""Asking for a job, as part of the act that wants it."""

from datetime import datetime

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from xinqiao.work.jobs import known

Argument = str | int | bool | None


def defer(job: str, /, *, once: str | None = None, not_before: datetime | None = None, **arguments: Argument) -> bool:
    """Write the job down in the caller's transaction; it vanishes if that is rolled back. True if it was written.

    `once` is a key: while a job with it is waiting to start, another is not written.
    """
    task = known(job)
    if once is not None:
        task = task.configure(queueing_lock=f"{job}:{once}", schedule_at=not_before)
    elif not_before is not None:
        task = task.configure(schedule_at=not_before)
    try:
        with transaction.atomic():  # a savepoint, so that a job already waiting does not spoil the act
            task.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
