"""What notices do by themselves."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.notices import keeping, sending


@work.job(sending.JOB, alone=True)  # calls to strangers never take more than one of a worker's hands
def call(*, webhook: int) -> None:
    sending.run(webhook, clock=timezone.now)


@work.job("notices.clear", alone=True, nightly=time(1, 40))
def clear() -> None:
    keeping.clear(timezone.now())
